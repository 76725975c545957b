import type { Call } from "express-aircall";

/** Somebody who rang and was not answered: everything they missed and got since, by their number. */
export interface Caller {
  /** E.164; null when it was withheld. */
  readonly number: string | null;
  /** Calls nobody answered, newest first. */
  readonly missed: readonly [Call, ...Call[]];
  /** The first call since the last missed one in which they were rung or got through, whoever took it. */
  readonly reply: Call | null;
}

/** Who rang in vain, the latest first. The calls may come in any order. */
export function findCallers(calls: readonly Call[]): Caller[] {
  const byNumber = new Map<string | null, Call[]>();
  for (const call of calls.toSorted((one, other) => one.started_at - other.started_at)) {
    const number = numberOf(call);
    byNumber.set(number, [...(byNumber.get(number) ?? []), call]);
  }
  return [...byNumber]
    .flatMap(([number, theirs]) => readCaller(number, theirs) ?? [])
    .sort((one, other) => other.missed[0].started_at - one.missed[0].started_at);
}

/** Whether somebody should pick up the phone. A withheld number cannot be called back. */
export function isWaiting({ number, reply }: Caller): boolean {
  return number !== null && reply === null;
}

/** The other party's number in E.164: Aircall shows it with blanks and dashes. Null when it was withheld. */
export function numberOf({ raw_digits }: Call): string | null {
  const digits = raw_digits?.replace(/\D/g, "");
  return digits ? `+${digits}` : null;
}

/** Null when they were always answered. */
function readCaller(number: string | null, oldestFirst: readonly Call[]): Caller | null {
  const [latest, ...earlier] = oldestFirst.filter(isMissed).reverse();
  if (!latest) return null;
  const since = oldestFirst.slice(oldestFirst.indexOf(latest) + 1);
  const reply = number === null ? undefined : since.find(isReply);
  return { number, missed: [latest, ...earlier], reply: reply ?? null };
}

function isMissed({ direction, status, answered_at }: Call): boolean {
  return direction === "inbound" && status === "done" && answered_at === null;
}

function isReply({ direction, answered_at }: Call): boolean {
  return direction === "outbound" || answered_at !== null;
}
