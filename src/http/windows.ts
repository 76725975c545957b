import { ApiError, ConnectionError } from "../errors";
import { type Arrived, createReader } from "./ahead";
import { type Page, totalOf } from "./pages";
import { type Place, slackSeconds } from "./place";

/** One query of a walk. A list that is not walked by time has one only, without bounds. */
export interface Span {
  readonly from: number | null;
  readonly to: number | null;
}

export interface WindowsParts<T> {
  /** Method and route template. */
  readonly request: string;
  readonly place: Place;
  /** The whole time to be walked; null for a list that is not walked by time. */
  readonly span: Span | null;
  readonly sign: 1 | -1;
  readonly firstPage: number;
  readonly perPage: number;
  readonly ahead: number;
  readonly room: () => number;
  readonly signal: AbortSignal;
  readonly ask: (span: Span, page: number, signal: AbortSignal) => Promise<Page<T>>;
  readonly follow: (page: Page<T>, signal: AbortSignal) => Promise<Page<T> | null>;
}

interface Window extends Span {
  readonly firstPage: number;
  /** Where its first item is at the earliest; what reaches the cap without leaving there cannot be split. */
  readonly start: number | null;
  /** It is one second long, or as long as it can be: nothing is left to split. */
  readonly narrow: boolean;
  /** It was empty, and is asked for a second time. */
  readonly again?: boolean;
}

type Ending =
  | { readonly kind: "complete" }
  | { readonly kind: "moved" }
  | { readonly kind: "empty" }
  | { readonly kind: "capped"; readonly error: Error | null };

const resultCap = 10_000;
const maxFruitless = 10;

/**
 * The pages of all windows of a walk, in order. A new window begins at the last item handed out: behind the cap, and
 * whenever the list has changed between two pages, so that something may have slipped past.
 */
export async function* readWindows<T>(parts: WindowsParts<T>): AsyncGenerator<Page<T>, void> {
  const { place, request } = parts;
  const limits = { reach: Infinity };
  let window: Window | null = firstWindow(parts);
  let fruitless = 0;

  while (window) {
    const before = place.fetched;
    const ending: Ending = yield* readWindow(parts, window, limits);
    fruitless = place.fetched === before && ending.kind === "moved" ? fruitless + 1 : 0;
    if (fruitless === maxFruitless) throw new ConnectionError(request, "the list changes faster than it can be read.");
    window = nextWindow(parts, window, ending);
    place.forgetPassed();
  }
}

async function* readWindow<T>(
  parts: WindowsParts<T>,
  window: Window,
  limits: { reach: number },
): AsyncGenerator<Page<T>, Ending> {
  const { place, request } = parts;
  const { firstPage } = window;
  const began = place.edge;
  const stop = new AbortController();
  const signal = AbortSignal.any([parts.signal, stop.signal]);
  const splittable = parts.span !== null && !window.narrow;
  const reach = splittable ? Math.min(limits.reach, Math.floor(resultCap / parts.perPage)) : Infinity;
  const take = createReader<T>({
    ...parts,
    first: firstPage,
    ask: (page) => parts.ask(window, page, signal),
    follow: (page) => parts.follow(page, signal),
    lastAfter: (arrived) => Math.min(reach, lastPage(arrived, parts.perPage)),
  });
  let before: Arrived<T> | null = null;
  let empty = 0;
  let read = 0;

  try {
    for (;;) {
      const arrived: Arrived<T> = await take();
      if (before && hasMoved(before, arrived)) return { kind: "moved" };
      if (!before && isEmptyWhereNoneIs(arrived, window, place)) return { kind: "empty" };
      before = arrived;
      read += arrived.page.items.length;
      yield arrived.page;
      if (isBehind(place.edge, began, parts.sign))
        throw new ConnectionError(request, "the list does not keep to from and to.");
      if (isCutShort(arrived, { reach, perPage: parts.perPage, read })) return { kind: "capped", error: null };
      if (!arrived.page.hasNext) return { kind: "complete" };
      empty = arrived.page.items.length === 0 ? empty + 1 : 0;
      if (empty === maxFruitless) throw new ConnectionError(request, "its pages are empty and do not end.");
    }
  } catch (error) {
    if (!isCap(error, before !== null)) throw error;
    if (before) limits.reach = before.number;
    return { kind: "capped", error };
  } finally {
    stop.abort();
  }
}

function nextWindow<T>(parts: WindowsParts<T>, window: Window, ending: Ending): Window | null {
  const { place, span, request } = parts;
  const { edge } = place;
  if (ending.kind === "moved") return window.narrow || !span ? window : windowFrom(parts);
  if (ending.kind === "empty") return window.again ? null : { ...window, again: true };
  if (ending.kind === "complete") {
    if (!window.narrow || edge === null) return null;
    place.leaveEdge();
    return windowFrom(parts);
  }
  if (window.narrow || !span) {
    throw ending.error ?? new ConnectionError(request, "the list ends before all of its results were on a page.");
  }
  if (edge !== window.start) return windowFrom(parts);
  return edge === null ? { ...window, narrow: true } : { ...window, firstPage: 1, from: edge, to: edge, narrow: true };
}

function firstWindow<T>(parts: WindowsParts<T>): Window | null {
  const { span, sign, place, firstPage } = parts;
  if (place.edge !== null) return windowFrom(parts);
  const { from, to } = span ?? { from: null, to: null };
  return { from, to, start: sign === 1 ? from : to, firstPage, narrow: false };
}

/** From the last item handed out to the end of the walk; null when nothing can be left there. */
function windowFrom<T>({ span, sign, place: { edge } }: WindowsParts<T>): Window | null {
  const { from, to } = span ?? { from: null, to: null };
  const rest = { start: edge, firstPage: 1, narrow: false };
  if (edge === null) return { from, to, ...rest };
  if (sign === 1) return to !== null && edge > to ? null : { from: edge, to, ...rest };
  return from !== null && edge < from ? null : { from, to: edge, ...rest };
}

/**
 * Whether an item may have slipped between two pages: there are fewer results in the answer to the second, be it that
 * some vanished before it came, or that it overtook the first, and some appeared. As many
 * that appear beyond the second page between the same two answers would hide it.
 */
function hasMoved<T>(before: Arrived<T>, after: Arrived<T>): boolean {
  const total = totalOf(before.page);
  return total !== null && after.page.meta.total < total;
}

/** The last page that `total` promises, or the one after this where there is no total. */
function lastPage<T>({ page, number }: Arrived<T>, perPage: number): number {
  const told = Math.ceil((totalOf(page) ?? 0) / (page.meta.per_page || perPage));
  return Math.max(told, number + Number(page.hasNext));
}

/** Aircall now and then answers without any list. Where a walk goes on, its last item at least is to be expected. */
function isEmptyWhereNoneIs<T>({ page }: Arrived<T>, { narrow, start }: Window, { edge }: Place): boolean {
  return page.items.length === 0 && !narrow && edge !== null && edge === start;
}

function isBehind(edge: number | null, began: number | null, sign: 1 | -1): boolean {
  return edge !== null && began !== null && (began - edge) * sign > slackSeconds;
}

interface Extent {
  /** The last page that can be had. */
  readonly reach: number;
  readonly perPage: number;
  /** Items so far: a list that does not heed `per_page` may have more of them on a page. */
  readonly read: number;
}

function isCutShort<T>({ page, number }: Arrived<T>, { reach, perPage, read }: Extent): boolean {
  if (page.hasNext) return number >= reach;
  return page.items.length >= perPage && page.meta.total > Math.max(number * perPage, read);
}

function isCap(error: unknown, laterPage: boolean): error is ApiError {
  if (!(error instanceof ApiError) || error.status !== 400) return false;
  return error.code === "result_cap" || laterPage;
}
