import { busySecond } from "./day";
import type { Random } from "../random";

const daySeconds = 86_400;

/** Days since 1970: the first one, and the one after the last. */
export type Days = readonly [from: number, until: number];

/** So many moments on those days, earliest first, in UNIX seconds; few of them at weekends. */
export function planHistory(count: number, [from, until]: Days, random: Random): number[] {
  const moments = Float64Array.from({ length: count }, () => {
    const day = random.between(from, until - 1);
    const working = isWeekend(day) && random.chance(0.9) ? Math.max(from, day - 2) : day;
    return working * daySeconds + busySecond(random);
  });
  return shareSeconds(moments.sort(), random);
}

/**
 * Moves some times to the one before: every fifth or so, and those around each fiftieth, where a page ends. Takes
 * and returns them in ascending order.
 */
export function shareSeconds(times: ArrayLike<number>, random: Random): number[] {
  const shared: number[] = [];
  for (let position = 0; position < times.length; position += 1) {
    const before = shared[position - 1];
    const shares = aroundPageEnd(position) || random.chance(0.2);
    shared.push(before !== undefined && shares ? before : (times[position] as number));
  }
  return shared;
}

function aroundPageEnd(position: number): boolean {
  return position > 1 && [49, 0, 1].includes(position % 50);
}

function isWeekend(day: number): boolean {
  return (day + 3) % 7 > 4; // day 0 was a Thursday
}
