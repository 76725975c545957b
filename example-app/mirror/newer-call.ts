import type { MirroredCall } from "./mirrored-call";

const order = { initial: 0, answered: 1, done: 2 };

/**
 * Which of two accounts of one call counts: events come in any order, and an early state says nothing that a later one
 * does not. A contact's name is kept where the later account leaves it out, as lists without contacts do. Where nothing
 * new is told, what is known stays as it is.
 */
export function newerCall(known: MirroredCall | undefined, told: MirroredCall): MirroredCall {
  if (!known) return told;
  const [older, newer] = isNewer(told, known) ? [known, told] : [told, known];
  const merged = {
    ...newer,
    name: newer.name ?? older.name,
    // A voicemail is told of by an event that may come before the end of its call.
    voicemail: newer.voicemail || older.voicemail,
    missedReason: newer.missedReason ?? older.missedReason,
    agent: newer.agent ?? (newer.answeredAt === null ? null : older.agent),
  };
  return saysTheSame(merged, known) ? known : merged;
}

function saysTheSame(one: MirroredCall, other: MirroredCall): boolean {
  return JSON.stringify({ ...one, seenAt: 0 }) === JSON.stringify({ ...other, seenAt: 0 });
}

function isNewer(one: MirroredCall, other: MirroredCall): boolean {
  const further = order[one.status] - order[other.status];
  return further === 0 ? one.seenAt >= other.seenAt : further > 0;
}
