import type { IncomingMessage, ServerResponse } from "node:http";
import { ResultCapError } from "../../src/errors/errors";
import { unknownBudget } from "../../src/http/limiter";
import { encodeQuery } from "../../src/http/query";
import type { List, PageSource } from "../../src/pagination/options";
import { type Page, toPage, withPageNumber } from "../../src/pagination/page";

export interface PastCall {
  id: number;
  started_at: number;
}

export interface HistoryOptions {
  /** How many results of one query can be paged through. */
  cap?: number;
  /** The page that says that there is none behind it. */
  lastPage?: number;
  /** Runs before a page is looked up; the history may change in it. */
  before?: (asked: URLSearchParams) => unknown;
  /** What comes with every call. */
  extras?: object;
}

/** When the first call was. */
export const firstSecond = 1_795_000_000;

/** Ids from 1 on, so many of them in each second. */
export function pastCalls(count: number, perSecond = 1): PastCall[] {
  return Array.from({ length: count }, (_, n) => ({ id: n + 1, started_at: firstSecond + Math.floor(n / perSecond) }));
}

export const ids = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => from + n);

/** Of the same second, by id. */
export const inOrder = (one: PastCall, other: PastCall) => one.started_at - other.started_at || one.id - other.id;

/** Answers `GET /v1/calls` as Aircall does, out of a history, oldest first, that may change at any time. */
export function answerFrom(history: { calls: PastCall[] }, options: HistoryOptions = {}) {
  const { cap = usualCap, before, extras } = options;

  return async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const url = new URL(req.url!, `http://${req.headers.host}`);
    await before?.(url.searchParams);
    res.setHeader("X-AircallApi-Limit", "100000");
    const found = lookUp(history.calls, url, options);
    if (!found) return refuseBeyond(res, cap);
    const { meta, calls } = found;
    res.end(JSON.stringify({ meta, calls: calls.map((call) => ({ ...call, ...extras })) }));
  };
}

/** What a list answers with. */
type Answer = NonNullable<ReturnType<typeof lookUp>>;

/** The same list without a server; `change` may put something else in the place of an answer. */
export function listedFrom(history: { calls: PastCall[] }, { change = (answer) => answer, ...options }: Listed = {}) {
  const asked: URLSearchParams[] = [];

  async function open<T>({ route, key }: List, url: URL, signal?: AbortSignal): Promise<Page<T>> {
    signal?.throwIfAborted();
    if (asked.push(new URLSearchParams(url.searchParams)) > mostAsked)
      throw new Error("The walk does not come to an end.");
    await options.before?.(url.searchParams);
    const found = lookUp(history.calls, url, options);
    if (!found) throw beyondCap(route.template);
    const answer = await change(found, asked.length);
    const number = Number(url.searchParams.get("page") ?? 1);
    const size = Number(url.searchParams.get("per_page")) || null;
    const follow = (link: string) => open<T>({ route, key }, new URL(link), signal);
    const turnTo = (other: number) => follow(withPageNumber(url.href, other));
    return toPage<T>(answer, key, { number, size, follow, turnTo });
  }

  const http: PageSource = {
    budget: () => unknownBudget,
    page: (list, { signal } = {}, query = {}) =>
      open(list, new URL(`https://api.example/v1/calls?${encodeQuery(query)}`), signal),
  };
  /** The requests, each as the parameters that it had, in order. */
  return { http, asked: () => asked.map((query) => Object.fromEntries(query)) };
}

export interface Listed extends HistoryOptions {
  change?: (answer: Answer, number: number) => object | Promise<object>;
}

const usualCap = 10_000;
/** Of a list without a server, which would let nothing else come in between. */
const mostAsked = 200;

/** Null for a page beyond the cap. */
function lookUp(calls: readonly PastCall[], { href, searchParams: query }: URL, options: HistoryOptions) {
  const { cap = usualCap, lastPage = Infinity } = options;
  const [page, perPage] = [Number(query.get("page") ?? 1), Number(query.get("per_page") ?? 20)];
  if (page * perPage > cap) return null;
  const found = matching(calls, query);
  const shown = found.slice((page - 1) * perPage, page * perPage);
  const next_page_link = page * perPage < found.length && page < lastPage ? withPageNumber(href, page + 1) : null;
  const meta = { count: shown.length, total: found.length, current_page: page, per_page: perPage, next_page_link };
  return { meta, calls: shown };
}

function matching(calls: readonly PastCall[], query: URLSearchParams): PastCall[] {
  const from = Number(query.get("from") ?? 0);
  const to = Number(query.get("to") ?? Infinity);
  const found = calls.filter((call) => call.started_at >= from && call.started_at <= to);
  return query.get("order") === "desc" ? found.reverse() : found;
}

function refuseBeyond(res: ServerResponse, cap: number): void {
  const errors = `Limited to the first ${cap} results, use timestamps`;
  res.writeHead(400).end(JSON.stringify({ error: "Bad Request", errors, message: "BAD_REQUEST", success: false }));
}

function beyondCap(request: string): ResultCapError {
  const rate = { limit: null, remaining: null, resetAt: null };
  return new ResultCapError({
    status: 400,
    code: "result_cap",
    request,
    title: "Bad Request",
    troubleshoot: null,
    rate,
  });
}
