import type { Wait } from "./call-backs";

/** How long somebody waited, in seconds; null while they do. */
export interface WaitLength extends Wait {
  readonly seconds: number | null;
}

export interface WaitFigures {
  /** In seconds; null where nobody was reached. */
  readonly median: number | null;
  /** Who waited longest of those who were reached. */
  readonly worst: WaitLength | null;
  readonly reached: number;
  readonly waiting: number;
  /** How many waited how long. */
  readonly spread: readonly { readonly upTo: string; readonly label: string; readonly count: number }[];
}

const minute = 60;
const steps = [
  { upTo: "5 min", label: "5 min", seconds: 5 * minute },
  { upTo: "15 min", label: "15", seconds: 15 * minute },
  { upTo: "30 min", label: "30", seconds: 30 * minute },
  { upTo: "1 h", label: "1 h", seconds: 60 * minute },
  { upTo: "2 h", label: "2 h", seconds: 120 * minute },
  { upTo: "4 h", label: "4 h", seconds: 240 * minute },
  { upTo: "longer", label: "more", seconds: Infinity },
];

export function waitFigures(waits: readonly WaitLength[]): WaitFigures {
  const reached = waits.filter(({ seconds }) => seconds !== null);
  const sorted = reached.toSorted((one, other) => lengthOf(one) - lengthOf(other));
  const spread = steps.map(({ upTo, label, seconds }, index) => {
    const from = steps[index - 1]?.seconds ?? -1;
    return { upTo, label, count: sorted.filter((wait) => lengthOf(wait) > from && lengthOf(wait) <= seconds).length };
  });
  return {
    median: medianOf(sorted.map(lengthOf)),
    worst: sorted.at(-1) ?? null,
    reached: reached.length,
    waiting: waits.length - reached.length,
    spread,
  };
}

/** Of numbers in order; of an even many, the middle of the two in the middle. */
export function medianOf(sorted: readonly number[]): number | null {
  const [low, high] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[Math.floor(sorted.length / 2)]];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}

function lengthOf({ seconds }: WaitLength): number {
  return seconds ?? 0;
}
