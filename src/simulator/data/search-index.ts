/** The index of the contacts' search, which lags behind what is written. */
export interface SearchIndex {
  /** To be told of a contact, or a number or address of one, that was written now. */
  readonly follow: (written: { readonly id: number }) => void;
  readonly isKnown: (item: { readonly id: number }) => boolean;
}

/** `now` in UNIX milliseconds. Ids of contacts and of their details are different numbers. */
export function createSearchIndex(settings: { now: () => number; searchLagSeconds: number }): SearchIndex {
  const { now, searchLagSeconds } = settings;
  const knownFrom = new Map<number, number>();

  return {
    follow({ id }) {
      forget();
      knownFrom.delete(id);
      if (searchLagSeconds > 0) knownFrom.set(id, now() + searchLagSeconds * 1000);
    },
    isKnown: ({ id }) => now() >= (knownFrom.get(id) ?? -Infinity),
  };

  /** Forgets what can be found by now, from the front: the order is that of writing, and a clock goes forward. */
  function forget(): void {
    for (const [id, moment] of knownFrom) {
      if (moment > now()) return;
      knownFrom.delete(id);
    }
  }
}
