/** Chance that repeats itself: the same seeds give the same draws, on every machine. */
export interface Random {
  /** From 0 up to, not including, 1. */
  fraction(): number;
  /** A whole number; both ends included. */
  between(low: number, high: number): number;
  chance(probability: number): boolean;
  pick<T>(items: readonly T[]): T;
}

export function createRandom(...seeds: readonly number[]): Random {
  const fraction = mulberry32(seeds.reduce(mix, 0x9e3779b9));
  const between = (low: number, high: number) => low + Math.floor(fraction() * (high - low + 1));

  return {
    fraction,
    between,
    chance: (probability) => fraction() < probability,
    pick: (items) => items[between(0, items.length - 1)] as (typeof items)[number],
  };
}

function mix(state: number, seed: number): number {
  const next = Math.imul(state ^ seed, 0x85ebca6b);
  return next ^ (next >>> 13);
}

/** Tommy Ettinger's generator: 32 bits of state, good enough for made-up calls. */
function mulberry32(state: number): () => number {
  return function next() {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}
