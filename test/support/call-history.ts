import type { IncomingMessage, ServerResponse } from "node:http";

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
  const { cap = 10_000, lastPage = Infinity, before, extras } = options;

  return async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const url = new URL(req.url!, `http://${req.headers.host}`);
    const { searchParams: query } = url;
    await before?.(query);
    res.setHeader("X-AircallApi-Limit", "100000");
    const [page, perPage] = [Number(query.get("page") ?? 1), Number(query.get("per_page") ?? 20)];
    if (page * perPage > cap) return refuseBeyond(res, cap);

    const found = matching(history.calls, query);
    const shown = found.slice((page - 1) * perPage, page * perPage);
    query.set("page", String(page + 1));
    const next_page_link = page * perPage < found.length && page < lastPage ? url.href : null;
    const meta = { count: shown.length, total: found.length, current_page: page, per_page: perPage, next_page_link };
    res.end(JSON.stringify({ meta, calls: shown.map((call) => ({ ...call, ...extras })) }));
  };
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
