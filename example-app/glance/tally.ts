/** How a call that came in went; `closed` is missed while nobody was there to answer. */
export type CallKind = "answered" | "missed" | "closed";

export type Tally = Readonly<Record<CallKind, number>>;

export const emptyTally: Tally = { answered: 0, missed: 0, closed: 0 };

export function addCall(tally: Tally, kind: CallKind): Tally {
  return { ...tally, [kind]: tally[kind] + 1 };
}

/** From 0 to 1, of the calls that somebody could have answered; null where there were none. */
export function answerRate({ answered, missed }: Tally): number | null {
  const could = answered + missed;
  return could === 0 ? null : answered / could;
}
