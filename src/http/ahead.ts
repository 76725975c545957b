import { ConnectionError } from "../errors";
import { goesInCircles, type Page, readPageNumber } from "./pages";

export interface Arrived<T> {
  readonly page: Page<T>;
  readonly number: number;
}

interface Reading<T> {
  /** Method and route template. */
  readonly request: string;
  readonly first: number;
  readonly ask: (page: number) => Promise<Page<T>>;
  readonly follow: (page: Page<T>) => Promise<Page<T> | null>;
  /** How many pages may wait for the consumer. */
  readonly ahead: number;
  /** How many requests the budget has left now. */
  readonly room: () => number;
  /** The last page there is to read, as far as this one tells. */
  readonly lastAfter: (arrived: Arrived<T>) => number;
}

/**
 * Takes the pages of one query in order, the next ones on their way meanwhile: one at first, then twice as many with
 * every page taken. By number where the list counts its pages, else along its links, one at a time.
 */
export function createReader<T>(reading: Reading<T>): () => Promise<Arrived<T>> {
  const { request, first, ask, follow, ahead, room, lastAfter } = reading;
  const waiting: Promise<Arrived<T>>[] = [];
  const followed = new Set<string>();
  let next = first;
  let last = first;
  let width = 1;
  let unanswered = 0;
  let latest: Arrived<T> | null = null;
  let counted = false;

  function load(number: number): Promise<Page<T> | null> {
    if (!latest || counted) return ask(number);
    const link = latest.page.meta.next_page_link;
    if (link !== null && followed.has(link)) return Promise.reject(goesInCircles(request));
    if (link !== null) followed.add(link);
    return follow(latest.page);
  }

  async function arrive(number: number): Promise<Arrived<T>> {
    unanswered++;
    try {
      const page = await load(number);
      if (!page) throw new ConnectionError(request, "a page that was promised is not there.");
      return { page, number };
    } finally {
      unanswered--;
    }
  }

  function start(): void {
    const arriving = arrive(next++);
    // Its failure belongs to whoever takes it, and nobody may.
    arriving.catch(() => undefined);
    waiting.push(arriving);
  }

  function fill(): void {
    const depth = Math.min(width, ahead);
    while (next <= last && waiting.length < depth && unanswered < room()) start();
  }

  return async function take() {
    if (counted && latest && pointsBack(latest)) throw goesInCircles(request);
    if (waiting.length === 0) start();
    const arrived = await waiting.shift()!;
    if (!latest) counted = linkedNumber(arrived.page) === first + 1;
    latest = arrived;
    last = counted ? Math.max(last, lastAfter(arrived)) : arrived.number + Number(arrived.page.hasNext);
    fill();
    width = Math.min(width * 2, ahead);
    return arrived;
  };
}

/** The number in the link to the next page; null where pages are not counted. */
function linkedNumber<T>({ meta: { next_page_link: link } }: Page<T>): number | null {
  return link === null ? null : readPageNumber(link);
}

function pointsBack<T>({ page, number }: Arrived<T>): boolean {
  const linked = linkedNumber(page);
  return linked !== null && linked <= number;
}
