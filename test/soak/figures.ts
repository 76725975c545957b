import { Console } from "node:console";
import { cpus } from "node:os";
import type { Answer, Stage } from "./stage";

/** What one scenario saw: a row of the table. */
export interface Figures {
  readonly tried: string;
  readonly answers: number;
  /** Grants that should have lived, or logouts that were undone. */
  readonly lost: number;
  readonly renewals: number;
  /** Null where it says nothing. */
  readonly renewalsPerExpiry: number | null;
  readonly mostInFlight: number;
  readonly slowestMs: number;
  /** What else there is to say, by name. */
  readonly also: Readonly<Record<string, string | number>>;
  readonly trouble: readonly string[];
}

type Counted = Pick<Figures, "tried" | "lost"> & { readonly answers: readonly Answer[] } & {
  readonly expiries?: number;
  readonly also?: Figures["also"];
};

export function figuresOf(stage: Stage, { tried, lost, answers, expiries, also = {} }: Counted): Figures {
  const { renewals, mostInFlight } = stage.gate;
  return {
    tried,
    answers: answers.length,
    lost,
    renewals,
    renewalsPerExpiry: expiries === undefined ? null : renewals / expiries,
    mostInFlight,
    slowestMs: slowest(answers),
    also,
    trouble: stage.trouble(),
  };
}

export function slowest(answers: readonly Answer[]): number {
  return Math.round(answers.reduce((most, { ms }) => Math.max(most, ms), 0));
}

/** How often each way of not being served occurred. */
export function tally(answers: readonly Answer[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status, code } of answers) {
    const name = `${status} ${code}`;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

/** One line per scenario, below when and where it was. */
export function printFigures(rows: Readonly<Record<string, Figures>>): void {
  const date = new Date().toISOString().slice(0, 10);
  const table = Object.entries(rows).map(([scenario, row]) => ({
    scenario,
    tried: row.tried,
    answers: row.answers,
    "lost or undone": row.lost,
    renewals: row.renewals,
    "per expiry": row.renewalsPerExpiry?.toFixed(2) ?? "",
    "most in flight": row.mostInFlight,
    "slowest ms": row.slowestMs,
    unhandled: row.trouble.length,
    also: Object.entries(row.also)
      .map(([name, value]) => `${name} ${value}`)
      .join(", "),
  }));
  const out = new Console(process.stdout);
  out.log(`\n${date}, Node ${process.version}, ${cpus().length} cores`);
  out.table(table);
}
