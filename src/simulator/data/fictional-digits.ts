import type { Random } from "./random";

/** Ranges that regulators keep free for fiction: nobody can be rung by accident. */
export type FictionalRange = "london" | "ukMobile" | "newYork" | "paris" | "frenchMobile";

/**
 * Digits as Aircall displays them.
 * @see https://www.ofcom.org.uk/phones-and-broadband/phone-numbers/numbers-for-drama (United Kingdom)
 * @see ATIS-0300115 (North America: 555-0100 to 555-0199)
 * @see ARCEP decision 2018-0881, 2.5.12 (France: 01 99 00 and 06 39 98)
 */
export function fictionalDigits(range: FictionalRange, random: Random): string {
  const digits = (count: number) => String(random.between(0, 10 ** count - 1)).padStart(count, "0");
  const inRange: Record<FictionalRange, () => string> = {
    london: () => `+44 20 7946 0${digits(3)}`,
    ukMobile: () => `+44 7700 900${digits(3)}`,
    newYork: () => `+1 212-555-01${digits(2)}`,
    paris: () => `+33 1 99 00 ${digits(2)} ${digits(2)}`,
    frenchMobile: () => `+33 6 39 98 ${digits(2)} ${digits(2)}`,
  };
  return inRange[range]();
}
