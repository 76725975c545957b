import { ConfigError } from "../errors/errors";
import { beforeSending } from "../http/before-sending";
import { createLoop, type Loop } from "./run";
import type { Page } from "./page";
import { checkWalk, type IterateOptions, type List, type ListQuery, type Means, type PageSource } from "./options";

/**
 * Every item of a list that is there the whole time, once, however the list changes meanwhile, or an error: each page
 * shows again how the one before it ended. Not promised for lists that lead on by tokens (WhatsApp templates, tracker
 * calls), nor for what appears meanwhile. A list that ignores `order` comes in an order of its own.
 *
 * Asks for nothing until a loop begins. Each loop starts anew; leaving it, by `break`, an error or the `signal`, ends
 * its requests. Where the budget is used up it waits, `maxWaitMs` at most; in the lane `interactive` it rejects with a
 * RateLimitError instead. An error comes up behind the last item before it, and `cursor` goes on there.
 */
export interface Iteration<T> extends AsyncIterable<T> {
  /** The same, a whole page at a time: `items` holds those that were not handed out before. */
  pages(): AsyncIterable<Page<T>>;
  /** The first `max` items at most; `done` tells whether these were all. `Infinity` is a choice, too. */
  collect(limit: { readonly max: number }): Promise<T[]>;
  /**
   * Where the body of the latest loop is; null before its first item. A later walk over the same query, in any process,
   * goes on behind it: `iterate(query, { cursor })`. Holds times, ids and counts, and of a phone number or an e-mail
   * address in the query one byte of a digest. Short for calls and contacts, for other lists as long as the ids so far.
   */
  readonly cursor: string | null;
  /** The latest loop has come to the end of the list. */
  readonly done: boolean;
}

interface WalkChoices {
  readonly options?: IterateOptions | undefined;
  readonly query?: ListQuery | null | undefined;
  readonly means?: Means;
}

/** Walks over a list: in windows of time where its items have one, else from the first page to the last. */
export function walk<T>(
  http: PageSource,
  list: List,
  { options = {}, query, means = {} }: WalkChoices = {},
): Iteration<T> {
  let latest: Loop<T> | null = null;
  const begin = (most = Infinity) => {
    const walked = { http, list, query: query ?? {}, options, means, most };
    beforeSending(list.route.template, () => checkWalk(walked));
    return (latest = createLoop<T>(walked));
  };

  return {
    [Symbol.asyncIterator]: () => begin().items(),
    pages: () => ({ [Symbol.asyncIterator]: () => begin().pages() }),
    async collect({ max } = noLimit) {
      if (!(max >= 0)) throw new ConfigError("collect: max must be a whole number from 0; Infinity takes everything.");
      return collect(begin(max), max);
    },
    get cursor() {
      return latest?.cursor() ?? options.cursor ?? null;
    },
    get done() {
      return latest?.isDone() ?? false;
    },
  };
}

/** What JavaScript gives where nothing was given. */
const noLimit = { max: NaN };

async function collect<T>(loop: Loop<T>, max: number): Promise<T[]> {
  const collected: T[] = [];
  if (max === 0) loop.holdCursor();
  try {
    for await (const item of loop.items()) {
      if (collected.length >= max) break;
      collected.push(item);
      // Whether there is one more shows only in asking for it.
      if (collected.length >= max) loop.holdCursor();
    }
  } catch (error) {
    if (collected.length < max) throw error;
  }
  return collected;
}
