import { ConnectionError } from "../errors/errors";
import { isRecord } from "../http/response-body";

/** Where a page stands in its list, as Aircall tells it. */
export interface PaginationMeta {
  /** Items on this page. */
  readonly count: number;
  /** Items matching the query. */
  readonly total: number;
  readonly current_page: number;
  readonly per_page: number;
  readonly next_page_link: string | null;
  readonly previous_page_link: string | null;
}

/** One page of a list. */
export interface Page<T> {
  readonly items: T[];
  readonly meta: PaginationMeta;
  readonly hasNext: boolean;
  /** The page after this one; null on the last. */
  next(): Promise<Page<T> | null>;
}

/** Which page an answer is, and how to get to the others. */
interface Leads<T> {
  /** As it was asked for; the first is 1. */
  readonly number: number;
  /** How many items were asked for; null where the list takes no such wish. */
  readonly size?: number | null;
  readonly follow: (link: string) => Promise<Page<T>>;
  readonly turnTo: (number: number) => Promise<Page<T>>;
}

/**
 * A list answer as a page. Where it holds no word of links, its total tells whether there is a page behind it; and where
 * it gives none, that it is as long as it could be.
 */
export function toPage<T>(answer: unknown, key: string, { number, size = null, follow, turnTo }: Leads<T>): Page<T> {
  const body = isRecord(answer) ? answer : {};
  const items = Array.isArray(body[key]) ? (body[key] as T[]) : [];
  const facts = isRecord(body["meta"]) ? body["meta"] : {};
  const meta = readMeta(facts, items.length, { number, size });
  if (readNumber(facts["per_page"], null) !== null) sized.add(meta);
  const link = meta.next_page_link;
  const linkless = !Object.hasOwn(facts, "next_page_link") && items.length > 0;
  const total = readNumber(facts["total"], null);
  const full = readNumber(facts["per_page"], size);
  const perPage = full ?? items.length;
  const counted = linkless && (total === null ? items.length === full : total > number * perPage);
  const next = () => (link !== null ? follow(link) : counted ? turnTo(number + 1) : Promise.resolve(null));
  return { items, meta, hasNext: link !== null || counted, next };
}

/** Of answers that say how long their pages are. */
const sized = new WeakSet<PaginationMeta>();

/** It is shorter than it says that pages are: the last one. */
export function endsShort<T>({ items, meta }: Page<T>): boolean {
  return sized.has(meta) && items.length < meta.per_page;
}

/** How many results there are; null in a list that gives no total, whose pages have their own size in its place. */
export function totalOf<T>({ items, meta, hasNext }: Page<T>): number | null {
  return hasNext && meta.total <= items.length ? null : meta.total;
}

/** The number of the page that a URL leads to; null where it names none. */
export function readPageNumber(url: string): number | null {
  const text = URL.canParse(url) ? new URL(url).searchParams.get("page") : null;
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : null;
}

/** How many items a page of it is asked for, as its URL says; null where it says nothing. */
export function readPageSize(url: string): number | null {
  const text = URL.canParse(url) ? new URL(url).searchParams.get("per_page") : null;
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : null;
}

/** The number in the link to the page behind; null where pages are not counted. */
export function linkedNumber<T>({ meta: { next_page_link: link } }: Page<T>): number | null {
  return link === null ? null : readPageNumber(link);
}

export function withPageNumber(url: string, number: number): string {
  const other = new URL(url);
  other.searchParams.set("page", String(number));
  return other.href;
}

interface Home {
  readonly apiUrl: string;
  /** The page that holds the link. */
  readonly from: string;
  /** Method and route template. */
  readonly request: string;
}

/** The URL of a page link, which gets our credential only where the API itself lives. */
export function resolveLink(link: string, { apiUrl, from, request }: Home): string {
  const home = new URL(apiUrl);
  const base = home.pathname.replace(/\/?$/, "/");
  const url = URL.canParse(link) ? new URL(link) : null;
  if (url?.origin !== home.origin || url.username || url.password || !url.pathname.startsWith(base)) {
    throw new ConnectionError(
      request,
      "its next page is at another origin or path than the API; nothing was sent there.",
    );
  }
  url.hash = "";
  if (url.href === from) throw goesInCircles(request);
  return url.href;
}

export function goesInCircles(request: string): ConnectionError {
  return new ConnectionError(request, "its next page is one that was read before.");
}

/** Where nothing tells how long its pages are, they are as long as was asked for. */
function readMeta(
  meta: Record<string, unknown>,
  count: number,
  { number: page, size }: Required<Pick<Leads<unknown>, "number" | "size">>,
): PaginationMeta {
  return {
    count: readNumber(meta["count"], count),
    total: readNumber(meta["total"], count),
    current_page: readNumber(meta["current_page"], page),
    per_page: readNumber(meta["per_page"], size ?? count),
    next_page_link: readLink(meta["next_page_link"]),
    previous_page_link: readLink(meta["previous_page_link"]),
  };
}

/** Some gateways write numbers as text. */
function readNumber<F>(value: unknown, fallback: F): number | F {
  if (typeof value === "string" && /^\d{1,15}$/.test(value)) return Number(value);
  return typeof value === "number" ? value : fallback;
}

function readLink(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
