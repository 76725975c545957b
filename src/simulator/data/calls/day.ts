import type { MissedCallReason } from "../entities";
import type { Random } from "../random";

/** A call before it has a number, a user or an id. */
export interface PlannedCall {
  /** Seconds after midnight. */
  readonly second: number;
  readonly direction: "inbound" | "outbound";
  readonly caller: string;
  readonly ringSeconds: number;
  /** Null when nobody answered. */
  readonly talkSeconds: number | null;
  readonly missedReason: MissedCallReason | null;
  readonly voicemail: boolean;
}

export interface DayPlan {
  readonly weekend: boolean;
  readonly callsPerDay: number;
  readonly callers: readonly string[];
  readonly random: Random;
}

type Chances = Pick<DayPlan, "callers" | "random">;

const hour = 3_600;
const opens = 8 * hour;
const closes = 18 * hour;
/** A late call may still be called back before the day is over. */
const lastSecond = 24 * hour - 1;

const reasonsInHours: readonly MissedCallReason[] = [
  "no_available_agent",
  "no_available_agent",
  "agents_did_not_answer",
  "agents_did_not_answer",
  "agents_did_not_answer",
  "short_abandoned",
  "abandoned_in_ivr",
  "abandoned_in_classic",
];

/** One day, earliest call first: busy in the morning and after lunch, a few callers who find nobody at night. */
export function planDay(plan: DayPlan): PlannedCall[] {
  const { weekend, callsPerDay, random } = plan;
  const inHours = Array.from({ length: weekend ? 0 : callsPerDay }, () => planCall(plan));
  const outOfHours = Array.from({ length: Math.ceil(callsPerDay / (weekend ? 8 : 16)) }, () => callOutOfHours(plan));

  return [...inHours, ...outOfHours]
    .flatMap((call) => [call, ...consequences(call, random)])
    .filter((call) => call.second <= lastSecond)
    .sort((one, other) => one.second - other.second);
}

/** Any call, by default at a busy time of the day. */
export function planCall({ callers, random }: Chances, second = busySecond(random)): PlannedCall {
  const caller = random.pick(callers);
  const fate = random.fraction();
  if (fate < 0.25) return outbound(caller, second, random);
  if (fate < 0.38)
    return missed(
      { caller: random.chance(0.04) ? "anonymous" : caller, second, reason: random.pick(reasonsInHours) },
      random,
    );
  return answered(caller, second, random);
}

/** Mostly in the morning, else in the afternoon. */
export function busySecond(random: Random): number {
  return random.chance(0.55)
    ? random.between(opens + hour, opens + 4 * hour)
    : random.between(opens + 5 * hour, closes);
}

function callOutOfHours({ callers, random }: DayPlan): PlannedCall {
  const second = random.chance(0.6) ? random.between(closes, lastSecond) : random.between(0, opens);
  return missed({ caller: random.pick(callers), second, reason: "out_of_opening_hours" }, random);
}

/** What a missed call leads to: the caller tries again, somebody calls back, both or nothing. */
function consequences(call: PlannedCall, random: Random): PlannedCall[] {
  if (call.missedReason === null || call.caller === "anonymous") return [];
  const retries = random.chance(0.3) ? random.between(1, 3) : 0;
  const pauseSeconds = random.between(120, 1_500);
  const again = Array.from({ length: retries }, (_, attempt) =>
    missed(
      { caller: call.caller, second: call.second + (attempt + 1) * pauseSeconds, reason: call.missedReason },
      random,
    ),
  );
  const calledBack = random.chance(0.45);
  const last = again.at(-1) ?? call;
  return calledBack ? [...again, outbound(call.caller, last.second + random.between(300, 9_000), random)] : again;
}

/** A call that nobody answers, for this reason, at midnight. */
export function planMissed(reason: MissedCallReason, { callers, random }: Chances): PlannedCall {
  return missed({ caller: random.pick(callers), second: 0, reason }, random);
}

/** A call that somebody answers, at midnight. */
export function planAnswered({ callers, random }: Chances): PlannedCall {
  return answered(random.pick(callers), 0, random);
}

/** Calls nobody answered in the last two hours before `second`, the latest one just now. */
export function planJustMissed(second: number, { callers, random }: Chances): PlannedCall[] {
  return [120, 75, 31, 9, 1.5].map((minutesAgo) =>
    missed({ caller: random.pick(callers), second: second - minutesAgo * 60, reason: "agents_did_not_answer" }, random),
  );
}

function answered(caller: string, second: number, random: Random): PlannedCall {
  const ringSeconds = random.between(3, 25);
  const talkSeconds = random.between(25, 720);
  return { second, direction: "inbound", caller, ringSeconds, talkSeconds, missedReason: null, voicemail: false };
}

function outbound(caller: string, second: number, random: Random): PlannedCall {
  const reached = random.chance(0.8);
  const ringSeconds = reached ? random.between(5, 30) : random.between(20, 45);
  const talkSeconds = reached ? random.between(20, 540) : null;
  return { second, direction: "outbound", caller, ringSeconds, talkSeconds, missedReason: null, voicemail: false };
}

interface Missed {
  readonly caller: string;
  readonly second: number;
  readonly reason: MissedCallReason | null;
}

function missed({ caller, second, reason }: Missed, random: Random): PlannedCall {
  const hungUpEarly = reason === "short_abandoned" || reason === "abandoned_in_ivr";
  const ringSeconds = hungUpEarly ? random.between(2, 9) : random.between(15, 60);
  const voicemail = !hungUpEarly && random.chance(0.35);
  return { second, direction: "inbound", caller, ringSeconds, talkSeconds: null, missedReason: reason, voicemail };
}
