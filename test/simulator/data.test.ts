import { createSimulator, type Call } from "express-aircall/simulator";

const wednesday = Date.UTC(2026, 10, 18, 15, 30);
const fictional = [
  /^\+44 20 7946 0\d{3}$/,
  /^\+44 7700 900\d{3}$/,
  /^\+1 212-555-01\d{2}$/,
  /^\+33 1 99 00 \d{2} \d{2}$/,
  /^\+33 6 39 98 \d{2} \d{2}$/,
];

function companiesOf(options: { seed?: number; now?: number; callsPerDay?: number }) {
  const { now = wednesday, ...others } = options;
  return createSimulator({ ...others, now: () => now }).companies;
}

function missed(calls: readonly Call[]): Call[] {
  return calls.filter((call) => call.missed_call_reason !== null);
}

describe("seeded data", () => {
  it("is the same for the same seed and moment, and another for another seed", () => {
    expect(companiesOf({ seed: 7 })).toEqual(companiesOf({ seed: 7 }));
    expect(companiesOf({ seed: 8 })[0].calls).not.toEqual(companiesOf({ seed: 7 })[0].calls);
  });

  it("keeps the calls of before when the simulator starts again an hour later", () => {
    const old = (call: Call) => call.started_at < wednesday / 1000 - 3 * 3_600;
    const [before, after] = [wednesday, wednesday + 3_600_000].map((now) => companiesOf({ now })[0].calls.filter(old));

    expect(before?.length).toBeGreaterThan(200);
    expect(after).toEqual(before);
  });

  it("contains no phone number that anybody could have", () => {
    const text = [1, 2, 3].map((seed) => JSON.stringify(companiesOf({ seed }))).join();
    const numbers = text.match(/\+\d[\d -]+/g) ?? [];

    expect(numbers.length).toBeGreaterThan(1_000);
    expect(numbers.filter((digits) => !fictional.some((range) => range.test(digits)))).toEqual([]);
  });

  it("gives every call's other party a fictional number, or none", () => {
    const parties = companiesOf({}).flatMap(({ calls }) => calls.map((call) => call.raw_digits));

    const real = parties.filter((digits) => digits !== "anonymous" && !fictional.some((range) => range.test(digits)));
    expect(real).toEqual([]);
    expect(parties).toContain("anonymous");
  });

  it("holds a few hundred calls of this week and last, oldest first, none unfinished", () => {
    const monday = Date.UTC(2026, 10, 9) / 1000;

    for (const { calls } of companiesOf({})) {
      const starts = calls.map((call) => call.started_at);
      expect(calls.length).toBeGreaterThan(250);
      expect(starts).toEqual(starts.toSorted((one, other) => one - other));
      expect(Math.min(...starts)).toBeGreaterThanOrEqual(monday);
      expect(Math.max(...calls.map((call) => Number(call.ended_at)))).toBeLessThanOrEqual(wednesday / 1000);
      expect(new Set(calls.map((call) => call.id)).size).toBe(calls.length);
      expect(Math.min(...calls.map((call) => call.id))).toBeGreaterThan(2 ** 31);
    }
  });

  it("has a quarter of its calls missed, for every kind of reason, some called back, some tried again", () => {
    for (const { calls } of companiesOf({})) {
      const lost = missed(calls);
      const calledBack = lost.filter((call) =>
        calls.some(
          (other) =>
            other.direction === "outbound" &&
            other.raw_digits === call.raw_digits &&
            other.started_at > call.started_at,
        ),
      );
      const callers = lost.map((call) => call.raw_digits);

      expect(lost.length / calls.length).toBeGreaterThan(0.18);
      expect(lost.length / calls.length).toBeLessThan(0.32);
      expect(new Set(lost.map((call) => call.missed_call_reason)).size).toBeGreaterThanOrEqual(5);
      expect(calledBack.length).toBeGreaterThan(10);
      expect(calledBack.length).toBeLessThan(lost.length);
      expect(new Set(callers).size).toBeLessThan(callers.length);
    }
  });

  it.each([
    ["at night", Date.UTC(2026, 10, 18, 3)],
    ["on a Sunday", Date.UTC(2026, 10, 22, 12)],
    ["as the week begins", Date.UTC(2026, 10, 23, 0, 5)],
  ])("has calls missed within the last two hours, even %s", (_when, now) => {
    const recent = missed(companiesOf({ now })[0].calls).filter((call) => call.started_at > now / 1000 - 2 * 3_600 - 1);

    expect(recent.length).toBeGreaterThanOrEqual(4);
  });

  it("tells a consistent story in each call", () => {
    for (const call of companiesOf({}).flatMap(({ calls }) => calls)) {
      expect(call.duration).toBe(Number(call.ended_at) - call.started_at);
      if (call.missed_call_reason !== null)
        expect([call.direction, call.answered_at, call.user]).toEqual(["inbound", null, null]);
      if (call.voicemail !== null) expect(call.missed_call_reason).not.toBeNull();
      if (call.recording !== null) expect(call.answered_at).not.toBeNull();
    }
  });

  it("grows to a busy company on request, or to an empty one", () => {
    expect(companiesOf({ callsPerDay: 1_500 })[0].calls.length).toBeGreaterThan(10_000);
    expect(companiesOf({ callsPerDay: 0 })[0].calls).toEqual([]);
  });

  it("has users who can be reached and users who cannot", () => {
    for (const { users } of companiesOf({})) {
      expect(users).toHaveLength(8);
      expect(new Set(users.map(({ available }) => available))).toEqual(new Set([true, false]));
    }
  });
});
