import { figuresOf, type GlanceChoice } from "../../../example-app/glance/figures";
import type { OpeningHours } from "../../../example-app/glance/opening-hours";
import { answerRate } from "../../../example-app/glance/tally";
import { medianOf } from "../../../example-app/glance/wait-figures";
import { createZones } from "../../../example-app/glance/zones";
import type { MirroredCall } from "../../../example-app/mirror/mirrored-call";
import { answeredAt, callAt } from "./calls";

const nineToFive = { from: 9 * 60, to: 17 * 60 };
const daily: OpeningHours = Array.from({ length: 7 }, () => nineToFive);
const newYork = { id: 2, name: "US line", timeZone: "America/New_York" };
const everything: GlanceChoice = { day: null, line: null };

function figures(
  calls: MirroredCall[],
  { choice = everything, hours = null as OpeningHours | null, now = "2026-11-30T20:00:00Z" } = {},
) {
  const oldestFirst = calls.toSorted((one, other) => one.startedAt - other.startedAt);
  return figuresOf(oldestFirst, choice, { hours, zones: createZones(), now: Date.parse(now) / 1000 });
}

describe("the day's figures", () => {
  it("count a call in the hour and on the day that its line's clock shows", () => {
    const { hours, days } = figures([
      callAt("2026-11-30T02:30:00Z"),
      callAt("2026-11-30T02:30:00Z", { line: newYork }),
    ]);
    expect(hours.flatMap(({ missed }, hour) => (missed ? [[hour, missed]] : []))).toEqual([
      [2, 1],
      [21, 1],
    ]);
    expect(days.map(({ date, missed }) => [date, missed])).toEqual([
      ...["2026-11-24", "2026-11-25", "2026-11-26", "2026-11-27", "2026-11-28"].map((date) => [date, 0]),
      ["2026-11-29", 1],
      ["2026-11-30", 1],
    ]);
  });

  it.each([
    ["is repeated, both in it", "2026-10-25", ["2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"], [[1, 2]]],
    [
      "is skipped, none in it",
      "2026-03-29",
      ["2026-03-29T00:30:00Z", "2026-03-29T01:30:00Z"],
      [
        [0, 1],
        [2, 1],
      ],
    ],
  ])("on a day when an hour %s", (_what, day, moments, counted) => {
    const { hours } = figures(
      moments.map((at) => callAt(at)),
      { choice: { day, line: null }, now: `${day}T12:00:00Z` },
    );
    expect(hours.flatMap(({ missed }, hour) => (missed ? [[hour, missed]] : []))).toEqual(counted);
  });

  it("leave calls at night out of the rate, by the opening hours or, without them, by what Aircall says", () => {
    const calls = [
      answeredAt("2026-11-30T10:00:00Z"),
      callAt("2026-11-30T11:00:00Z"),
      callAt("2026-11-30T03:00:00Z"),
      callAt("2026-11-30T04:00:00Z", { missedReason: "out_of_opening_hours" }),
    ];
    expect(figures(calls, { hours: daily }).total).toEqual({ answered: 1, missed: 1, closed: 2 });
    expect(figures(calls).total).toEqual({ answered: 1, missed: 2, closed: 1 });
    expect(answerRate(figures(calls, { hours: daily }).total)).toBe(0.5);
  });

  it("count at night where somebody is there at night, on both sides of midnight and on the day of each", () => {
    const nightly: OpeningHours = Array.from({ length: 7 }, () => ({ from: 22 * 60, to: 6 * 60 }));
    const calls = [
      callAt("2026-11-29T23:30:00Z"),
      answeredAt("2026-11-30T00:30:00Z"),
      callAt("2026-11-30T05:59:00Z"),
      callAt("2026-11-30T12:00:00Z"),
    ];
    const { total, days } = figures(calls, { hours: nightly });
    expect(total).toEqual({ answered: 1, missed: 2, closed: 1 });
    expect(days.slice(-2)).toMatchObject([
      { answered: 0, missed: 1 },
      { answered: 1, missed: 1, closed: 1 },
    ]);
  });

  it("have no rate where nobody rang", () => {
    expect(answerRate(figures([]).total)).toBeNull();
    expect(figures([]).days).toHaveLength(7);
  });

  it("leave out calls that still ring, and calls out", () => {
    const calls = [
      callAt("2026-11-30T10:00:00Z", { status: "initial" }),
      callAt("2026-11-30T10:00:00Z", { direction: "outbound" }),
    ];
    expect(figures(calls).total).toEqual({ answered: 0, missed: 0, closed: 0 });
  });

  it("are of the chosen day and line", () => {
    const calls = [
      callAt("2026-11-30T10:00:00Z"),
      callAt("2026-11-29T10:00:00Z"),
      callAt("2026-11-30T15:00:00Z", { line: newYork }),
    ];
    const { total, days, lines } = figures(calls, { choice: { day: "2026-11-30", line: 1 } });
    expect(total.missed).toBe(1);
    expect(lines.map(({ name }) => name)).toEqual(["Sales"]);
    expect(days.map(({ missed }) => missed)).toEqual([0, 0, 0, 0, 0, 1, 1]);
  });
});

describe("the time until reached", () => {
  const out = { direction: "outbound" as const, agent: { id: 2, name: "Henry" } };

  it("runs from the first call they were missed at to the one somebody spoke with them at", () => {
    const { waits, agents, lines } = figures([
      callAt("2026-11-30T10:00:00Z"),
      callAt("2026-11-30T10:10:00Z"),
      callAt("2026-11-30T10:20:00Z", out),
      answeredAt("2026-11-30T10:30:00Z", out),
    ]);
    expect(waits).toMatchObject({ median: 1800, reached: 1, waiting: 0, worst: { seconds: 1800 } });
    expect(agents).toEqual([{ name: "Henry", answered: 0, reached: 1, medianWait: 1800 }]);
    expect(lines[0]?.medianWait).toBe(1800);
  });

  it("ends when they ring again and are answered, on whichever line", () => {
    const { waits } = figures([callAt("2026-11-30T10:00:00Z"), answeredAt("2026-11-30T10:05:00Z", { line: newYork })]);
    expect(waits).toMatchObject({ median: 300, reached: 1 });
  });

  it("begins when somebody is there, on a day when clocks change too", () => {
    const night = [callAt("2026-03-29T03:00:00Z"), answeredAt("2026-03-29T08:20:00Z", out)];
    expect(figures(night, { hours: daily, now: "2026-03-29T20:00:00Z" }).waits.median).toBe(20 * 60);
    const early = [callAt("2026-11-30T03:00:00Z"), answeredAt("2026-11-30T04:00:00Z", out)];
    expect(figures(early, { hours: daily }).waits.median).toBe(0);
    const nightly: OpeningHours = Array.from({ length: 7 }, () => ({ from: 22 * 60, to: 6 * 60 }));
    const noon = [callAt("2026-11-29T12:00:00Z"), answeredAt("2026-11-30T00:10:00Z", out)];
    expect(figures(noon, { hours: nightly }).waits.median).toBe(130 * 60);
  });

  it("counts who waits still, but nobody who withheld their number or was archived", () => {
    const calls = [
      callAt("2026-11-30T10:00:00Z"),
      callAt("2026-11-30T10:00:00Z", { number: null }),
      callAt("2026-11-30T10:00:00Z", { number: "+447700900101", archived: true }),
    ];
    expect(figures(calls).waits).toMatchObject({ median: null, worst: null, reached: 0, waiting: 1 });
  });

  it("is spread over steps", () => {
    const minutes = [4, 5, 6, 300];
    const calls = minutes.flatMap((waited, index) => {
      const number = `+44770090010${index}`;
      const at = new Date(Date.parse("2026-11-30T10:00:00Z") + waited * 60_000).toISOString();
      return [callAt("2026-11-30T10:00:00Z", { number }), answeredAt(at, { ...out, number })];
    });
    expect(figures(calls).waits.spread.map(({ count }) => count)).toEqual([2, 1, 0, 0, 0, 0, 1]);
  });

  it.each([
    [[], null],
    [[7], 7],
    [[1, 2, 10], 2],
    [[1, 2, 4, 10], 3],
  ])("has of %p the median %p", (lengths, median) => expect(medianOf(lengths)).toBe(median));
});
