const sweepEveryMs = 60_000;

/** A map of at most `max` entries that end by themselves. */
export interface ExpiringMap<V> {
  get(key: string): V | undefined;
  /** The least recently used entry makes room. */
  set(key: string, value: V, ttlMs: number): void;
  delete(key: string): void;
  /** Entries that have not ended; looking at them is no use of them. */
  entries(): Iterable<[string, V]>;
}

/** Keeps no timer, so no process stays alive for it: what has ended is swept out by later writes. */
export function createExpiringMap<V>(max: number, now: () => number): ExpiringMap<V> {
  const kept = new Map<string, { readonly value: V; readonly endsAt: number }>();
  let sweptAt = now();

  function sweep(): void {
    const at = now();
    if (Math.abs(at - sweptAt) < sweepEveryMs) return;
    sweptAt = at;
    for (const [key, { endsAt }] of kept) if (endsAt <= at) kept.delete(key);
  }

  function forgetOldest(): void {
    const [oldest] = kept.keys();
    if (oldest !== undefined) kept.delete(oldest);
  }

  return {
    get(key) {
      const entry = kept.get(key);
      if (!entry || entry.endsAt <= now()) return undefined;
      kept.delete(key);
      kept.set(key, entry);
      return entry.value;
    },
    set(key, value, ttlMs) {
      sweep();
      kept.delete(key);
      kept.set(key, { value, endsAt: now() + ttlMs });
      if (kept.size > max) forgetOldest();
    },
    delete(key) {
      kept.delete(key);
    },
    *entries() {
      for (const [key, { value, endsAt }] of kept) if (endsAt > now()) yield [key, value];
    },
  };
}
