import { ConnectionError } from "../errors/errors";
import type { Ending, Limits, Window, WindowsParts } from "./parts";
import { type Batch, readWindow } from "./time-window";

const resultCap = 10_000;
const mostFruitless = 10;
const mostAgain = 4;

/**
 * The pages of all windows of a walk, in order. A new window begins where the last one can be vouched for: behind the
 * cap, and wherever the list has changed so that something may have slipped past.
 */
export async function* readWindows<T>(parts: WindowsParts<T>): AsyncGenerator<Batch<T>, void> {
  const { place, request, perPage } = parts;
  const limits: Limits = { reach: resultCap, size: perPage ?? 50, fixed: perPage === null, refusal: null };
  let window: Window | null = firstWindow(parts);
  let fruitless = 0;

  while (window) {
    const before = place.fetched;
    const ending: Ending = yield* readWindow(parts, window, limits);
    fruitless = place.fetched === before ? fruitless + 1 : 0;
    if (fruitless > mostFruitless)
      throw new ConnectionError(request, "its pages do not join: the list changes faster than it can be read.");
    window = nextWindow(parts, window, ending);
  }
}

function nextWindow<T>(parts: WindowsParts<T>, window: Window, ending: Ending): Window | null {
  const { again = 0 } = window;
  switch (ending.kind) {
    case "empty":
      return { ...window, again: again + 1, expected: again + 1 < mostAgain };
    case "moved":
      return readOn(parts, { ...window, plain: ending.plain ?? window.plain ?? false });
    case "doubtful":
      if (ending.trace === window.trace) return behind(parts, window);
      return ending.whole ? { ...window, trace: ending.trace } : readLastAgain(parts, window, ending.trace);
    case "complete":
      return behind(parts, window);
    case "capped":
      if (ending.trace !== window.trace) return { ...window, trace: ending.trace! };
      return pastCap(parts, window, ending.error);
  }
}

/** The window is read once more, from where everything before was handed out. */
function readOn<T>(parts: WindowsParts<T>, { trace: _, ...window }: Window): Window | null {
  const { place, order } = parts;
  if (window.kind !== "rest" || place.resume === null) return window;
  order.rely();
  const next = windowFrom(parts, place.resume);
  return next && { ...next, plain: window.plain === true && next.start === window.start };
}

/** Its pages are joined, yet fewer than the list says there are. */
function readLastAgain<T>(parts: WindowsParts<T>, window: Window, trace: string): Window | null {
  const { resume } = parts.place;
  const further = window.kind === "rest" && resume !== null && resume !== window.start;
  return further ? readOn(parts, { ...window, plain: false }) : { ...window, trace };
}

/** What follows a window that was read whole. */
function behind<T>(parts: WindowsParts<T>, window: Window): Window | null {
  const { place } = parts;
  place.vouch();
  const { edge } = place;
  if (window.kind === "rest" || edge === null) return null;
  if (window.kind === "before") return secondOf(edge);
  place.leaveEdge();
  const next = windowFrom(parts, place.edge!);
  return next && { ...next, expected: false };
}

function pastCap<T>(parts: WindowsParts<T>, window: Window, error: Error | null): Window | null {
  const { place, order, span, request } = parts;
  place.vouch();
  const { edge, resume } = place;
  if (window.kind !== "rest" || !span || order.lost || edge === null) {
    throw error ?? new ConnectionError(request, "the list ends before all of its results were on a page.");
  }
  order.rely();
  if (resume === null) return before(parts, edge);
  return resume === window.start ? secondOf(edge) : windowFrom(parts, resume);
}

function firstWindow<T>(parts: WindowsParts<T>): Window | null {
  const { span, order, place, firstPage } = parts;
  const { from, to } = span ?? { from: null, to: null };
  if (place.resume !== null) {
    order.rely();
    return windowFrom(parts, place.resume);
  }
  return { kind: "rest", from, to, start: order.sign === 1 ? from : to, firstPage };
}

/** From a moment to the end of the walk; null when nothing can be left there. */
function windowFrom<T>({ span, order }: WindowsParts<T>, moment: number): Window | null {
  const { from, to } = span ?? { from: null, to: null };
  const rest = { kind: "rest" as const, start: moment, firstPage: 1, expected: order.kept };
  if (order.sign === 1) return to !== null && moment > to ? null : { ...rest, from: moment, to };
  return from !== null && moment < from ? null : { ...rest, from, to: moment };
}

function secondOf(moment: number): Window {
  return { kind: "second", from: moment, to: moment, start: moment, firstPage: 1 };
}

/** Nothing is there, unless the list does not begin with its first second. */
function before<T>({ span, order }: WindowsParts<T>, edge: number): Window {
  const { from, to } = span ?? { from: null, to: null };
  const rest = { kind: "before" as const, start: null, firstPage: 1 };
  return order.sign === 1 ? { ...rest, from, to: edge - 1 } : { ...rest, from: edge + 1, to };
}
