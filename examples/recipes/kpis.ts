import type { AircallClient } from "express-aircall";

export interface Kpis {
  readonly calls: number;
  /** Of the inbound ones, from 0 to 1; null where nobody called. */
  readonly answerRate: number | null;
  /** Until somebody answered, in seconds. */
  readonly medianWait: number | null;
  /** From the answer to the end: whether Aircall's `duration` counts ringing is not certain. */
  readonly talkSeconds: number;
  readonly byHour: readonly number[];
}

/** The numbers of a day or a month, in one walk. It waits for its turn behind what people ask for. */
export async function kpis(client: AircallClient, { from, to }: { from: Date; to: Date }): Promise<Kpis> {
  const byHour = new Array<number>(24).fill(0);
  const waits: number[] = [];
  let [calls, inbound, answered, talkSeconds] = [0, 0, 0, 0];
  for await (const call of client.calls.iterate({ from, to })) {
    calls += 1;
    byHour[new Date(call.started_at * 1000).getUTCHours()]! += 1;
    if (call.answered_at !== null) talkSeconds += (call.ended_at ?? call.answered_at) - call.answered_at;
    if (call.direction !== "inbound") continue;
    inbound += 1;
    if (call.answered_at === null) continue;
    answered += 1;
    waits.push(call.answered_at - call.started_at);
  }
  waits.sort((one, other) => one - other);
  const medianWait = waits[Math.floor(waits.length / 2)] ?? null;
  return { calls, answerRate: inbound === 0 ? null : answered / inbound, medianWait, talkSeconds, byHour };
}
