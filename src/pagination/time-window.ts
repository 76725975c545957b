import { ApiError, ConnectionError } from "../errors/errors";
import { createReader } from "./prefetch";
import { Course } from "./course";
import { slackSeconds } from "./order";
import type { Page } from "./page";
import type { Item } from "./progress";
import type { Ending, Limits, Window, WindowsParts } from "./parts";
import type { Span } from "./strides";

/** A page, and what of it was not on an earlier one of its window. */
export interface Batch<T> {
  readonly page: Page<T>;
  readonly items: readonly Item<T>[];
}

const mostBarren = 10;

/** The pages of one window as far as each is joined to the one before it, and how it ended. */
export async function* readWindow<T>(
  parts: WindowsParts<T>,
  window: Window,
  limits: Limits,
): AsyncGenerator<Batch<T>, Ending> {
  const { request, place } = parts;
  const stop = new AbortController();
  const signal = AbortSignal.any([parts.signal, stop.signal]);
  const course = new Course(parts, window, limits);
  const reader = createReader<T>({
    ...parts,
    next: (last) => course.next(last),
    load: (stride) => course.load(stride, signal),
  });
  let barren = 0;

  try {
    for (;;) {
      const taken = reader.take();
      if (!taken) return course.cutShort();
      const page = await taken.arriving.catch((error: unknown) => {
        if (course.length === 0 || !isRefusal(error)) throw error;
        course.shorten(taken.stride, error);
      });
      if (!page) {
        reader.drop();
        continue;
      }
      const items = page.items.map(parts.toItem);
      if (course.length === 0 && lacksItsFirst(items, window)) return { kind: "empty" };
      if (leavesSpan(items, taken.stride.base.span, parts)) {
        throw new ConnectionError(request, "the list does not keep to from and to.");
      }
      const fresh = course.join(taken.stride, page, items);
      if (!fresh) return { kind: "moved" };
      if (course.plain) place.hold();
      if (page.hasNext) reader.fill();
      yield { page, items: fresh };
      place.forgetPassed();
      if (!page.hasNext) return course.ending();
      barren = fresh.length === 0 ? barren + 1 : 0;
      if (barren === mostBarren) throw new ConnectionError(request, "ten of its pages in a row held nothing new.");
    }
  } finally {
    stop.abort();
  }
}

/** Aircall now and then answers without any list, and lists may be indexed late. */
function lacksItsFirst(items: readonly Item<unknown>[], { expected, start }: Window): boolean {
  return expected === true && items[0]?.time !== start;
}

/** Only bounds of the walk's own count: those of the developer may go by another moment of an item than we know. */
function leavesSpan<T>(items: readonly Item<T>[], { from, to }: Span, { order, span }: WindowsParts<T>): boolean {
  const [bound, asked] = order.sign === 1 ? [from, span?.from] : [to, span?.to];
  if (bound === null || bound === asked) return false;
  return items.some(({ time }) => time !== null && (bound - time) * order.sign > slackSeconds);
}

/** Of a page that is too far, in whatever words. */
function isRefusal(error: unknown): error is ApiError {
  return error instanceof ApiError && error.status === 400;
}
