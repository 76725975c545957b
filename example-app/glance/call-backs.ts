import { isMissed, type MirroredCall } from "../mirror/mirrored-call";

/** Somebody who was missed and, if so, reached. */
export interface Wait {
  /** The first call they were missed at. */
  readonly missed: MirroredCall;
  /** The call somebody spoke with them at, called back or ringing again; null while they wait. */
  readonly reached: MirroredCall | null;
}

/**
 * Who was missed and when they were reached; the oldest call comes first. A call nobody picked up, in or out, reaches
 * nobody; who was archived at Aircall needs no call.
 */
export function findWaits(calls: readonly MirroredCall[]): Wait[] {
  const waiting = new Map<string, MirroredCall>();
  const over: Wait[] = [];
  for (const call of calls) {
    const { number } = call;
    if (number === null) continue;
    const missed = waiting.get(number);
    if (isMissed(call) && call.archived) waiting.delete(number);
    else if (isMissed(call) && !missed) waiting.set(number, call);
    if (call.answeredAt === null || !missed) continue;
    waiting.delete(number);
    over.push({ missed, reached: call });
  }
  return [...over, ...[...waiting.values()].map((missed) => ({ missed, reached: null }))];
}
