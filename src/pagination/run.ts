import { setTimeout as pause } from "node:timers/promises";
import { RateLimitError } from "../errors/errors";
import { beforeSending } from "../http/before-sending";
import { calledFrom, callSite } from "../http/call-site";
import { writeCursor } from "./cursor";
import { type Page, totalOf } from "./page";
import type { Item, Place } from "./progress";
import { defaultMaxWaitMs, makePlan, type Plan, type Progress, type Walk } from "./options";
import type { Batch } from "./time-window";
import { whicheverFirst } from "../time/whichever-first";
import { readWindows } from "./time-windows";
import { throwIfAborted } from "../time/signal";

/** One loop over a walk. */
export interface Loop<T> {
  items(): AsyncIterableIterator<T>;
  pages(): AsyncIterableIterator<Page<T>>;
  cursor(): string | null;
  /** From now on the cursor stays where it is. */
  holdCursor(): void;
  isDone(): boolean;
}

interface Fresh<T> {
  readonly page: Page<T>;
  readonly unseen: readonly Item<T>[];
}

const shortestWaitMs = 100;
const longestWaitMs = 3_600_000;

export function createLoop<T>(walk: Walk): Loop<T> {
  const { http, list, options } = walk;
  const signal = whicheverFirst(http.signal, options.signal);
  const controller = new AbortController();
  const site = callSite();
  let plan: Plan | null = null;
  let held: string | null | undefined;
  let stopped = false;
  let done = false;

  async function* batches(): AsyncGenerator<Fresh<T>, void> {
    const abort = () => controller.abort(signal?.reason);
    throwIfAborted(signal);
    signal?.addEventListener("abort", abort, { once: true });
    try {
      plan = beforeSending(list.route.template, () => makePlan(walk));
      for await (const { page, items } of readPages<T>(walk, plan, controller.signal)) {
        const { place } = plan;
        place.expect(totalOf(page));
        const unseen = place.unseen(items);
        await options.onProgress?.(progressOf(place, unseen.length));
        if (unseen.length > 0) yield { page, unseen };
      }
      done = true;
    } catch (error) {
      if (stopped) return;
      throwIfAborted(signal);
      throw calledFrom(error, site);
    } finally {
      signal?.removeEventListener("abort", abort);
      controller.abort();
    }
  }

  async function* items(): AsyncGenerator<T, void> {
    for await (const { unseen } of batches()) {
      for (const item of unseen) {
        throwIfAborted(signal);
        plan?.place.handOut(item);
        yield item.value;
      }
    }
  }

  async function* pages(): AsyncGenerator<Page<T>, void> {
    for await (const { page, unseen } of batches()) {
      for (const item of unseen) plan?.place.handOut(item);
      yield { ...page, items: unseen.map(({ value }) => value) };
    }
  }

  function stoppable<R>(generator: AsyncGenerator<R, void>): AsyncIterableIterator<R> {
    return {
      next: () => generator.next(),
      // A page under way must not keep whoever leaves waiting.
      return() {
        stopped = true;
        controller.abort();
        return generator.return();
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }

  function cursor(): string | null {
    if (held !== undefined) return held;
    return plan && plan.place.moved ? writeCursor(plan.query, plan.place.progressed(plan.span?.to ?? null)) : null;
  }

  return {
    items: () => stoppable(items()),
    pages: () => stoppable(pages()),
    cursor,
    holdCursor: () => void (held = cursor()),
    isDone: () => done,
  };
}

function readPages<T>(walk: Walk, plan: Plan, signal: AbortSignal): AsyncGenerator<Batch<T>, void> {
  const { http, list, options, means } = walk;
  const { sleep = defaultSleep, now = Date.now } = means;
  const { cursor: _, onProgress: __, ahead: ___, maxWaitMs = defaultMaxWaitMs, ...callOptions } = options;
  const lane = callOptions.lane ?? http.lane ?? "bulk";
  // A cached page would show the list as it was, again and again.
  const chosen = { ...callOptions, lane, cacheMs: 0 };
  // An interactive walk rejects at once, like any call, where the budget would make it wait.
  const patient = <R>(until: AbortSignal, ask: () => Promise<R>): Promise<R> =>
    lane === "interactive" ? ask() : patiently({ sleep, now, maxWaitMs }, until, ask);

  return readWindows<T>({
    ...plan,
    request: list.route.template,
    room: () => http.budget().remaining ?? Infinity,
    signal,
    ask: (asked, until) =>
      patient(until, () => http.page<T>(list, { ...chosen, signal: until }, plan.pageQuery(asked))),
    follow: (page, until) => patient(until, () => page.next()),
  });
}

interface Patience {
  readonly sleep: Sleep;
  readonly now: () => number;
  readonly maxWaitMs: number;
}

/** Waits where the budget is used up, and asks again: that ends no walk before `maxWaitMs`. */
async function patiently<R>(patience: Patience, signal: AbortSignal, ask: () => Promise<R>): Promise<R> {
  const { sleep, now, maxWaitMs } = patience;
  const begunAt = now();
  let sleptMs = 0;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof RateLimitError)) throw error;
      const waitMs = Math.max(shortestWaitMs, error.retryAfterMs);
      const waitedMs = Math.max(sleptMs, now() - begunAt);
      if (waitedMs + waitMs > maxWaitMs) throw error;
      await sleep(Math.min(longestWaitMs, waitMs), signal);
      sleptMs += waitMs;
    }
  }
}

const defaultSleep: Sleep = (ms, signal) => pause(ms, undefined, { signal });

type Sleep = NonNullable<Walk["means"]["sleep"]>;

function progressOf({ fetched, total }: Place, more: number): Progress {
  const all = fetched + more;
  return { fetched: all, total: total === null ? null : Math.max(total, all) };
}
