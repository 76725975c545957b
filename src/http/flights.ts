/** Buckets that keys are spread over: with more under way than that, each is searched a little longer. */
const buckets = 512;

/**
 * What is under way, by its key. No Map: each table that one outgrows keeps the next alive, and all that ever stood in it,
 * until V8 collects everything. Where requests come and go, that took as much CPU time as sending them.
 */
export class Flights<Flight extends { readonly key: string }> {
  readonly #buckets: Flight[][] = Array.from({ length: buckets }, () => []);

  get(key: string): Flight | undefined {
    return this.#bucketOf(key).find((flight) => flight.key === key);
  }

  add(flight: Flight): void {
    this.#bucketOf(flight.key).push(flight);
  }

  /** Does nothing where it has been taken out already. */
  delete(flight: Flight): void {
    takeOut(this.#bucketOf(flight.key), flight);
  }

  all(): Flight[] {
    return this.#buckets.flat();
  }

  #bucketOf(key: string): Flight[] {
    let hash = 0;
    for (let at = 0; at < key.length; at += 1) hash = (hash * 31 + key.charCodeAt(at)) | 0;
    return this.#buckets[hash & (buckets - 1)]!;
  }
}

/** Takes one out of a list whose order means nothing. */
export function takeOut<T>(from: T[], one: T): void {
  const at = from.indexOf(one);
  if (at === -1) return;
  const last = from.pop()!;
  if (at < from.length) from[at] = last;
}
