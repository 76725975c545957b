import type { Request, Response } from "express";
import { baseOf, searchOf } from "../address";
import { between } from "../data/calls/timeline";
import { refuse, sendJson } from "./answers";
import { forgetsListNow } from "./empty-answers";

interface List<T> {
  /** The property of the answer that holds the items. */
  readonly key: string;
  /** In the order of `createdAt`, oldest first. */
  readonly items: readonly T[];
  /** UNIX seconds; `from`, `to` and `order` go by it. */
  readonly createdAt: (item: T) => number;
  /** Which items the query means; all when omitted. */
  readonly matches?: (item: T) => boolean;
  /** What the answer is ordered by instead of `createdAt`. */
  readonly orderBy?: (item: T) => number;
  readonly present?: (item: T) => object;
  /** How many results of one query can be reached; none when omitted. */
  readonly cap?: number;
  /** Whether its `meta` says where the next and the previous page are. Default true. */
  readonly links?: boolean;
  /** The most that `per_page` can ask for. Default 50. */
  readonly perPageMax?: number;
}

/** One page, as `page`, `per_page`, `order`, `from` and `to` ask. */
export function sendPage<T extends object>(req: Request, res: Response, list: List<T>): void {
  const { key, present = (item) => item, cap = Infinity, links = true, perPageMax = 50 } = list;
  const page = readNumber(req, "page", 1);
  const asked = readNumber(req, "per_page", 20);
  const from = readNumber(req, "from", -Infinity);
  const to = readNumber(req, "to", Infinity);
  const order = req.query["order"] ?? "asc";

  if (page === null || page < 1) return refuse(res, 400, "page must be a number from 1");
  if (asked === null || asked < 1) return refuse(res, 400, `per_page must be a number from 1 to ${perPageMax}`);
  if (from === null || to === null) return refuse(res, 400, "from and to must be UNIX timestamps in seconds");
  if (order !== "asc" && order !== "desc") return refuse(res, 400, "order must be asc or desc");

  // What Aircall does above the maximum is unknown; clamping is our choice.
  const perPage = Math.min(asked, perPageMax);
  if (page * perPage > cap) return refuseBeyondCap(res, cap);

  const found = find(list, [from, to]);
  const shown = order === "asc" ? pageOf(found, page, perPage) : pageFromEnd(found, page, perPage);
  const last = page * perPage >= found.length;
  const meta = {
    count: shown.length,
    total: found.length,
    current_page: page,
    per_page: perPage,
    ...(links && {
      next_page_link: last ? null : linkTo(req, page + 1, perPage),
      previous_page_link: page === 1 ? null : linkTo(req, page - 1, perPage),
    }),
  };
  sendJson(req, res, forgetsListNow(res) ? {} : { meta, [key]: shown.map(present) });
}

function find<T>({ items, createdAt, matches, orderBy }: List<T>, range: readonly [number, number]): readonly T[] {
  const within = between(items, createdAt, range);
  const found = matches ? within.filter(matches) : within;
  return orderBy ? found.toSorted((one, other) => orderBy(one) - orderBy(other)) : found;
}

function pageOf<T>(found: readonly T[], page: number, perPage: number): readonly T[] {
  return found.slice((page - 1) * perPage, page * perPage);
}

function pageFromEnd<T>(found: readonly T[], page: number, perPage: number): readonly T[] {
  const end = Math.max(0, found.length - (page - 1) * perPage);
  return found.slice(Math.max(0, end - perPage), end).toReversed();
}

/** Null when it is not a whole number. */
function readNumber(req: Request, name: string, fallback: number): number | null {
  const value = req.query[name];
  if (value === undefined) return fallback;
  return typeof value === "string" && /^\d{1,15}$/.test(value) ? Number(value) : null;
}

/** Refuses a page beyond the result cap, in the body observed from Aircall. */
function refuseBeyondCap(res: Response, cap: number): void {
  res.status(400).json({
    error: "Bad Request",
    data: null,
    message: "BAD_REQUEST",
    errors: `<limited to ${cap / 1000}k results, use timestamps>`,
    troubleshoot: "BAD_REQUEST",
    success: false,
  });
}

function linkTo(req: Request, page: number, perPage: number): string {
  const link = new URL(baseOf(req) + req.path + searchOf(req));
  link.searchParams.set("page", String(page));
  link.searchParams.set("per_page", String(perPage));
  return link.href;
}
