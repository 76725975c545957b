import type { BudgetSnapshot, Lane } from "../http/limiter";
import { ConfigError } from "../errors/errors";
import { callOptionNames, checkCallOptions, type CallOptions } from "../http/options";
import { describeQuery, type Progressed, readCursor } from "./cursor";
import { createOrder } from "./order";
import type { Page } from "./page";
import { identify, type Item, Place, readTime } from "./progress";
import { encodeQuery, readSeconds, usualPageSize } from "../http/query";
import type { Route } from "../http/route";
import type { Span } from "./strides";
import type { AskedPage, WindowsParts } from "./parts";

/** How far a walk has come. */
export interface Progress {
  /** Items fetched so far, in earlier parts of a walk that goes on at a cursor too. */
  readonly fetched: number;
  /** Items of the whole walk when it began, also beyond 10,000; null when the list does not say. */
  readonly total: number | null;
}

/** Of a page that waits for budget. */
export const defaultMaxWaitMs = 15 * 60_000;

/**
 * What a walk over a list may choose for itself. `timeoutMs` and `maxRetries` are those of each page; `cacheMs` is of no
 * account, for a walk looks at the list as it is.
 */
export interface IterateOptions extends CallOptions {
  /** The `cursor` of an earlier walk over the same query: goes on behind what that one handed out. */
  cursor?: string | null | undefined;
  /** Told after each page, before its items are handed out. A failure of it ends the walk. */
  onProgress?: ((progress: Progress) => void | Promise<void>) | undefined;
  /** Pages fetched ahead at most, 0 to 50. Default 8. */
  ahead?: number | undefined;
  /**
   * Milliseconds that a page may wait for budget; then the walk ends with the RateLimitError, and `cursor` goes on there.
   * Default 15 minutes; `Infinity` waits for ever. In the lane `interactive` a walk does not wait at all.
   */
  maxWaitMs?: number | undefined;
}

/** Which list is walked. */
export interface List {
  readonly route: Route;
  /** The property of the answer that holds the items. */
  readonly key: string;
  /** The property that is an item's id. Default `id`. */
  readonly id?: string;
  /** The property that `from`, `to` and `order` go by, in a list that may be longer than Aircall lets anybody page. */
  readonly time?: "started_at" | "created_at" | "updated_at";
  /** It takes no `per_page`. */
  readonly unsized?: true;
}

export interface ListQuery {
  page?: number | undefined;
  per_page?: number | undefined;
  order?: "asc" | "desc" | undefined;
  from?: Date | number | undefined;
  to?: Date | number | undefined;
}

/** Where pages come from. */
export interface PageSource {
  /** Ends whatever the client does, waiting too. */
  readonly signal?: AbortSignal | undefined;
  /** Where its walks go that choose no lane themselves. Default `bulk`. */
  readonly lane?: Lane | undefined;
  /** The budget that the latest request spent from. */
  budget(): BudgetSnapshot;
  page<T>(list: List, options?: CallOptions, query?: object): Promise<Page<T>>;
}

export interface Means {
  readonly now?: () => number;
  /** Rejects when the signal aborts. */
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<unknown>;
}

/** Everything a walk was asked with. */
export interface Walk {
  readonly http: PageSource;
  readonly list: List;
  readonly query: ListQuery;
  readonly options: IterateOptions;
  readonly means: Means;
  /** How many items are wanted. */
  readonly most: number;
}

/** What one loop does: where it begins, which way it goes, and where it ends. */
export interface Plan extends Pick<
  WindowsParts<unknown>,
  "place" | "order" | "span" | "firstPage" | "perPage" | "ahead"
> {
  /** What a cursor of this walk belongs to. */
  readonly query: string;
  readonly pageQuery: (asked: AskedPage) => object;
  readonly toItem: <T>(value: T) => Item<T>;
}

const walkOptionNames = [...callOptionNames, "cursor", "onProgress", "ahead", "maxWaitMs"];
const defaultAhead = 8;
const mostAhead = 50;

/** @throws {ConfigError} {ArgumentError} something in the options or the query is no such thing. */
export function checkWalk({ query, options }: Walk): void {
  checkCallOptions(options, walkOptionNames);
  encodeQuery(query);
}

/** @throws {ConfigError} for a cursor of another walk, or an option that makes no sense. */
export function makePlan({ list, query, options, means, most }: Walk): Plan {
  const { now = Date.now } = means;
  const { page, per_page: asked, ...filter } = query;
  const { ahead = defaultAhead, cursor = null, maxWaitMs = 0 } = options;
  const firstPage = readWhole("page", page ?? 1);
  const { maxPerPage = usualPageSize } = list.route.list ?? {};
  const perPage = Math.min(maxPerPage, readWhole("per_page", asked ?? usualPageSize));
  if (!(Number.isInteger(ahead) && ahead >= 0 && ahead <= mostAhead)) {
    throw new ConfigError(`ahead must be a whole number from 0 to ${mostAhead}.`);
  }
  if (!(maxWaitMs >= 0)) throw new ConfigError("maxWaitMs must be a number of milliseconds from 0, or Infinity.");
  const bounds = spanOf(filter);
  const described = describeQuery(list.route, { ...query, ...bounds });
  const order = createOrder(list.route.template, list.time && filter.order === "desc" ? -1 : 1);
  const start = cursor === null ? null : within(bounds, order.sign, readCursor(described, cursor));
  const whole = start ? { from: bounds.from, to: start.to } : pin(bounds, Math.floor(now() / 1000));
  const span = list.time ? whole : null;

  return {
    order,
    span,
    firstPage,
    perPage: list.unsized ? null : perPage,
    ahead: Math.min(ahead, Math.max(0, Math.ceil(most / perPage) - 1)),
    place: new Place(start, order),
    query: described,
    pageQuery: ({ span: { from, to }, page: number, size }) => ({
      ...(!list.unsized && { per_page: size }),
      ...filter,
      ...(span && { order: order.sign === 1 ? "asc" : "desc", from, to }),
      ...((number > 1 || (page ?? null) !== null) && { page: number }),
    }),
    toItem: (value) => toItem(value, list),
  };
}

function toItem<T>(value: T, { id = "id", time }: List): Item<T> {
  return { value, id: identify(value, id), time: time === undefined ? null : readTime(value, time) };
}

function readWhole(name: string, value: unknown): number {
  const number = Number(value);
  if (Number.isInteger(number) && number >= 1) return number;
  throw new ConfigError(`${name} must be a whole number from 1.`);
}

function spanOf({ from, to }: ListQuery): Span {
  const read = (name: string, moment: unknown) =>
    moment === undefined || moment === null ? null : readSeconds(name, moment);
  return { from: read("from", from), to: read("to", to) };
}

/** A cursor may be made up, but it leads nowhere that the query does not. */
function within(asked: Span, sign: 1 | -1, start: Progressed): Progressed {
  const begin = sign === 1 ? asked.from : asked.to;
  const isBefore = start.edge !== null && begin !== null && (begin - start.edge) * sign > 0;
  const isLonger = asked.to !== null && (start.to === null || start.to > asked.to);
  return { ...start, edge: isBefore ? begin : start.edge, to: isLonger ? asked.to : start.to };
}

/**
 * A walk ends where it began in time, so that what is new does not shift its pages. What changes leaves a walk by
 * `updated_at`: with an end ahead it would only move to the end.
 */
function pin({ from, to }: Span, now: number): Span {
  const present = Math.max(now, from ?? 0);
  return { from, to: to === null ? present : Math.min(to, present) };
}
