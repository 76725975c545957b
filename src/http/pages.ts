import { ConnectionError } from "../errors";
import { isRecord } from "./body";

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

/** A list answer as a page; one without its list is an empty page, as Aircall sometimes sends. */
export function toPage<T>(answer: unknown, key: string, follow: (link: string) => Promise<Page<T>>): Page<T> {
  const body = isRecord(answer) ? answer : {};
  const items = Array.isArray(body[key]) ? (body[key] as T[]) : [];
  const meta = readMeta(isRecord(body["meta"]) ? body["meta"] : {}, items.length);
  const link = meta.next_page_link;
  return { items, meta, hasNext: link !== null, next: () => (link === null ? Promise.resolve(null) : follow(link)) };
}

/** How many results there are; null in a list that gives no total, whose pages have their own size in its place. */
export function totalOf<T>({ items, meta, hasNext }: Page<T>): number | null {
  return hasNext && meta.total <= items.length ? null : meta.total;
}

/** The URL of a page link, which gets our credential only where the API itself lives. */
export function resolveLink(link: string, apiUrl: string, request: string): string {
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
  return url.href;
}

function readMeta(meta: Record<string, unknown>, count: number): PaginationMeta {
  return {
    count: readNumber(meta["count"], count),
    total: readNumber(meta["total"], count),
    current_page: readNumber(meta["current_page"], 1),
    per_page: readNumber(meta["per_page"], count),
    next_page_link: readLink(meta["next_page_link"]),
    previous_page_link: readLink(meta["previous_page_link"]),
  };
}

function readNumber(value: unknown, fallback: number): number {
  return typeof value === "number" ? value : fallback;
}

function readLink(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
