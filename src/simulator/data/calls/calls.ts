import { createCallWriter, type Cast, type WriteCall } from "./call-writer";
import { planCall, planDay, planJustMissed } from "./day";
import type { Call } from "../entities";
import { planHistory } from "./history";
import { createRandom } from "../random";

export interface CallSeed extends Cast {
  readonly seed: number;
  /** Which company, counted from zero. */
  readonly index: number;
  readonly now: number;
  readonly callsPerDay: number;
  /** How many there are to be; null leaves it to `callsPerDay`. */
  readonly calls: number | null;
  readonly strangers: readonly string[];
}

interface Stage extends CallSeed {
  readonly nowSeconds: number;
  readonly today: number;
  readonly lastMonday: number;
  readonly callers: readonly string[];
  readonly write: WriteCall;
}

const daySeconds = 86_400;
const idsPerDay = 20_000;
/** Aircall keeps calls for six months. */
const daysKept = 180;

/**
 * The calls of last week and this week (Monday to Sunday, UTC) that have ended by now, oldest first. Each day is drawn
 * on its own, so a restart minutes later shows the same calls and a few more. Some calls were missed just now, whatever
 * the hour: a page that shows today is never empty. When `calls` says how many, older ones come before them, which a
 * restart draws anew, or only the latest are left.
 */
export function seedCalls(seed: CallSeed): Call[] {
  const nowSeconds = Math.floor(seed.now / 1000);
  const today = Math.floor(nowSeconds / daySeconds);
  const lastMonday = today - ((today + 3) % 7) - 7; // day 0 was a Thursday
  const write = createCallWriter(seed);
  const stage: Stage = { ...seed, nowSeconds, today, lastMonday, callers: everyCaller(seed), write };

  const recent = recentCalls(stage);
  if (seed.calls === null) return recent;
  const missing = seed.calls - recent.length;
  return missing > 0 ? [...callsBefore(missing, stage), ...recent] : recent.slice(-missing);
}

function recentCalls(stage: Stage): Call[] {
  const { today, lastMonday, nowSeconds } = stage;
  const days = Array.from({ length: today - lastMonday + 1 }, (_, offset) => lastMonday + offset);

  return [...days.flatMap((day) => callsOfDay(day, stage)), ...callsJustMissed(stage)]
    .filter((call) => call.started_at + call.duration <= nowSeconds)
    .sort((one, other) => one.started_at - other.started_at);
}

function callsOfDay(day: number, { seed, index, callsPerDay, callers, write }: Stage): Call[] {
  const random = createRandom(seed, index, day);
  const weekend = (day + 3) % 7 > 4;
  const plan = planDay({ weekend, callsPerDay, callers, random });
  return plan.map((call, position) =>
    write(call, { id: firstIdOf(day, index) + position, midnight: day * daySeconds }, random),
  );
}

function callsJustMissed({ seed, index, callsPerDay, today, nowSeconds, callers, write }: Stage): Call[] {
  if (callsPerDay === 0) return [];
  const random = createRandom(seed, index, today, 1);
  const plan = planJustMissed(nowSeconds - today * daySeconds, { callers, random });
  const firstId = firstIdOf(today, index) + idsPerDay - plan.length;
  return plan.map((call, position) => write(call, { id: firstId + position, midnight: today * daySeconds }, random));
}

function callsBefore(count: number, { seed, index, today, lastMonday, callers, write }: Stage): Call[] {
  const random = createRandom(seed, index, lastMonday, 2);
  const nextIds = new Map<number, number>();

  return planHistory(count, [today - daysKept, lastMonday], random).map((startedAt) => {
    const day = Math.floor(startedAt / daySeconds);
    const second = startedAt % daySeconds;
    const id = nextIds.get(day) ?? firstIdOf(day, index);
    nextIds.set(day, id + 1);
    return write(planCall({ callers, random }, second), { id, midnight: day * daySeconds }, random);
  });
}

function everyCaller({ strangers, contacts }: CallSeed): string[] {
  return [...strangers, ...contacts.flatMap((contact) => contact.phone_numbers[0]?.value ?? [])];
}

/** Above 2^31, as Aircall's are. */
function firstIdOf(day: number, index: number): number {
  return 3_000_000_000 + index * 1_000_000_000 + day * idsPerDay;
}
