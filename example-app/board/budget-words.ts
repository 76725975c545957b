import type { BudgetSnapshot, LaneSnapshot } from "express-aircall";

/** What is left of this minute's requests to Aircall: in a sentence, and lane by lane once that is known. */
export interface BudgetWords {
  readonly all: string;
  readonly lanes: readonly { readonly name: string; readonly left: string }[];
}

export function budgetWords({ limit, remaining, lanes }: BudgetSnapshot): BudgetWords {
  if (limit === null || remaining === null) return { all: "None was sent lately: all of them are left.", lanes: [] };
  return {
    all: `${remaining} of ${limit} are left this minute.`,
    lanes: [
      { name: "For pages that people open", left: leftWords(lanes.interactive) },
      { name: "To keep the board up to date", left: leftWords(lanes.bulk) },
    ],
  };
}

function leftWords({ remaining, queued }: LaneSnapshot): string {
  return queued > 0 ? `${remaining ?? 0}, ${queued} waiting` : String(remaining ?? 0);
}
