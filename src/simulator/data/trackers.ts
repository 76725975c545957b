import { hasInsights } from "./calls/call-insights";
import type { Call } from "./entities";

/** Finds calls in which certain words were said. */
export interface Tracker {
  readonly id: string;
  readonly name: string;
  readonly filters: null;
}

const names = ["Refund", "Competitor", "Delivery delay"];

export function seedTrackers(firstId: number): Tracker[] {
  return names.map((name, position) => ({ id: `tracker-${firstId + position}`, name, filters: null }));
}

/** Which calls are found has nothing to do with their words: a third of those that were listened to. */
export function isMatch({ id }: Tracker, call: Call): boolean {
  const position = Number(id.split("-").at(-1));
  return hasInsights(call) && (call.id + position) % 3 === 0;
}
