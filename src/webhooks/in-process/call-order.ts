import { createMutex } from "../../time/mutex";
import { createExpiringMap } from "../../time/expiring-map";
import type { EventJson } from "../event";
import { callOf, isLater, latestOf, progressOf, type Progress } from "../call-progress";

const maxCalls = 20_000;
const rememberedMs = 86_400_000;

/** Keeps the events of one call apart, in this process, in the order in which they came. */
export interface CallOrder {
  /** Runs `work` when no other event of the same call is at work; `late`: a later state of that call has begun before. */
  inTurn<T>(event: EventJson, work: (late: boolean) => Promise<T>): Promise<T>;
}

export function createCallOrder(now: () => number): CallOrder {
  const exclusively = createMutex();
  const latest = createExpiringMap<Progress>(maxCalls, now);

  /** Whether it comes late; notes how far the call has come. */
  function comesLate(call: string, event: EventJson): boolean {
    const progress = progressOf(event);
    const known = latest.get(call);
    if (!progress) return false;
    latest.set(call, known ? latestOf(known, progress) : progress, rememberedMs);
    return known !== undefined && isLater(known, progress);
  }

  return {
    inTurn(event, work) {
      const call = callOf(event);
      return call === null ? work(false) : exclusively(call, () => work(comesLate(call, event)));
    },
  };
}
