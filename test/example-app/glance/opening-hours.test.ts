import { afterOpen, isOpen, nextOpening, readTime, writeTime } from "../../../example-app/glance/opening-hours";
import { createZones } from "../../../example-app/glance/zones";

const zones = createZones();
const nineToFive = { from: 9 * 60, to: 17 * 60 };
const weekdays = [nineToFive, nineToFive, nineToFive, nineToFive, nineToFive, null, null];
const night = { from: 22 * 60, to: 6 * 60 };
/** From Monday evening to Saturday morning. */
const nights = [night, night, night, night, night, null, null];
const everyNight = Array.from({ length: 7 }, () => night);
const allDay = Array.from({ length: 7 }, () => ({ from: 0, to: 0 }));
/** Each ends when the next has been there for an hour. */
const long = Array.from({ length: 7 }, (_, day) =>
  day % 2 ? { from: 5 * 60, to: 5 * 60 } : { from: 6 * 60, to: 6 * 60 },
);
const moment = (at: string, zone: string | null) => ({ seconds: Date.parse(at) / 1000, zone });

describe("a line's clock", () => {
  it.each([
    ["Europe/London", "2026-07-01T23:30:00Z", "2026-07-02", 30],
    ["America/New_York", "2026-07-01T02:30:00Z", "2026-06-30", 22 * 60 + 30],
    ["Asia/Kolkata", "2026-07-01T00:00:00Z", "2026-07-01", 5 * 60 + 30],
    ["America/St_Johns", "2026-01-01T00:00:00Z", "2025-12-31", 20 * 60 + 30],
    ["Pacific/Chatham", "2026-01-01T00:00:00Z", "2026-01-01", 13 * 60 + 45],
  ])("in %s shows %s as its own day and time", (zone, at, date, minutes) => {
    expect(zones.at(Date.parse(at) / 1000, zone)).toMatchObject({ date, minutes });
  });

  it("skips an hour in spring and has one twice in autumn", () => {
    const clock = (at: string) => writeTime(zones.at(Date.parse(at) / 1000, "Europe/London").minutes);
    expect(["2026-03-29T00:59:00Z", "2026-03-29T01:00:00Z"].map(clock)).toEqual(["00:59", "02:00"]);
    expect(["2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"].map(clock)).toEqual(["01:30", "01:30"]);
  });

  it("is this server's where the zone is none", () => {
    expect(zones.at(0, "Atlantis/Nowhere")).toEqual(zones.at(0, null));
  });
});

describe("opening hours", () => {
  it.each([
    ["2026-11-30T08:59:00Z", "Europe/London", false],
    ["2026-11-30T09:00:00Z", "Europe/London", true],
    ["2026-11-30T17:00:00Z", "Europe/London", false],
    ["2026-11-30T17:00:00Z", "America/New_York", true],
    ["2026-11-29T12:00:00Z", "Europe/London", false],
  ])("at %s in %s: open %s", (at, zone, open) => {
    expect(isOpen(weekdays, moment(at, zone), zones)).toBe(open);
  });

  it.each([
    ["while open", "2026-11-30T10:15:00Z", "2026-11-30T10:15:00Z"],
    ["before work", "2026-11-30T03:20:30Z", "2026-11-30T09:00:00Z"],
    ["on a Friday evening", "2026-11-27T20:00:00Z", "2026-11-30T09:00:00Z"],
    ["before clocks go forward", "2026-03-27T20:00:00Z", "2026-03-30T08:00:00Z"],
    ["before clocks go back", "2026-10-23T20:00:00Z", "2026-10-26T09:00:00Z"],
  ])("%s, somebody is there next at the time the clock there shows", (_when, at, next) => {
    expect(nextOpening(weekdays, moment(at, "Europe/London"), zones)).toBe(Date.parse(next) / 1000);
  });

  it.each([
    ["as the night begins on Monday", "2026-11-30T22:00:00Z", true],
    ["just before", "2026-11-30T21:59:00Z", false],
    ["on either side of midnight", "2026-11-30T23:59:00Z", true],
    ["on the other side", "2026-12-01T00:00:00Z", true],
    ["just before it ends", "2026-12-01T05:59:00Z", true],
    ["as it ends", "2026-12-01T06:00:00Z", false],
    ["on the morning after the last night", "2026-12-05T05:00:00Z", true],
    ["on the morning before the first", "2026-11-30T05:00:00Z", false],
    ["on the evening after", "2026-12-05T23:00:00Z", false],
  ])("over midnight, %s: open at %s is %s", (_when, at, open) => {
    expect(isOpen(nights, moment(at, "Europe/London"), zones)).toBe(open);
  });

  it.each([
    ["when an hour is skipped", "2026-03-29T00:59:00Z", "2026-03-29T04:59:00Z", "2026-03-29T05:00:00Z"],
    ["when an hour comes twice", "2026-10-25T00:30:00Z", "2026-10-25T05:59:00Z", "2026-10-25T06:00:00Z"],
  ])("over a midnight %s end when the clock there says so", (_when, early, late, end) => {
    const open = (at: string) => isOpen(everyNight, moment(at, "Europe/London"), zones);
    expect([early, late, end].map(open)).toEqual([true, true, false]);
    const next = nextOpening(everyNight, moment(end, "Europe/London"), zones);
    expect(next && zones.at(next, "Europe/London")).toMatchObject({ date: end.slice(0, 10), minutes: 22 * 60 });
  });

  it("from midnight to midnight are all of a day, and nothing of the next", () => {
    const monday = [{ from: 0, to: 0 }, null, null, null, null, null, null];
    const open = (at: string) => isOpen(monday, moment(at, "Europe/London"), zones);
    const moments = ["2026-11-29T23:59:00Z", "2026-11-30T00:00:00Z", "2026-11-30T23:59:00Z", "2026-12-01T00:00:00Z"];
    expect(moments.map(open)).toEqual([false, true, true, false]);
  });

  it("over midnight come next on the evening of a night, on Monday after the last", () => {
    const next = (at: string) => nextOpening(nights, moment(at, "Europe/London"), zones);
    expect(next("2026-12-01T12:00:00Z")).toBe(Date.parse("2026-12-01T22:00:00Z") / 1000);
    expect(next("2026-12-01T03:00:00Z")).toBe(Date.parse("2026-12-01T03:00:00Z") / 1000);
    expect(next("2026-12-05T06:00:00Z")).toBe(Date.parse("2026-12-07T22:00:00Z") / 1000);
  });

  it.each([
    ["within a day", weekdays, "2026-11-30T10:00:00Z", 1, "2026-11-30T11:00:00Z"],
    ["from a night on", weekdays, "2026-11-30T02:00:00Z", 1, "2026-11-30T10:00:00Z"],
    ["over an evening", weekdays, "2026-11-30T16:30:00Z", 1, "2026-12-01T09:30:00Z"],
    ["up to the end of a day", weekdays, "2026-11-30T16:00:00Z", 1, "2026-12-01T09:00:00Z"],
    ["over a weekend", weekdays, "2026-11-27T16:00:00Z", 10, "2026-12-01T10:00:00Z"],
    ["over a change of clocks", weekdays, "2026-10-23T15:30:00Z", 1, "2026-10-26T09:30:00Z"],
    ["within a night", nights, "2026-11-30T23:30:00Z", 1, "2026-12-01T00:30:00Z"],
    ["after midnight", nights, "2026-12-01T05:30:00Z", 1, "2026-12-01T22:30:00Z"],
    ["where it is always open", allDay, "2026-11-30T23:00:00Z", 30, "2026-12-02T05:00:00Z"],
    ["where days reach into each other", long, "2026-11-30T06:00:00Z", 24, "2026-12-01T06:00:00Z"],
  ])("%s somebody has been there for so long since, counted once", (_when, hours, since, open, at) => {
    const found = afterOpen(hours, moment(since, "Europe/London"), open * 3600, zones);
    expect(found && new Date(found * 1000).toISOString()).toBe(at.replace("Z", ".000Z"));
  });

  it("are not looked through for more than a week", () => {
    const mondays = [{ from: 0, to: 1 }, null, null, null, null, null, null];
    expect(afterOpen(mondays, moment("2026-11-30T12:00:00Z", "Europe/London"), 3600, zones)).toBeNull();
    const skipped = Array.from({ length: 7 }, () => ({ from: 0, to: 90 }));
    expect(afterOpen(skipped, moment("2026-03-29T00:00:00Z", "Europe/London"), 7200, zones)).not.toBeNull();
  });

  it("never come where there are none", () => {
    const never = [null, null, null, null, null, null, null];
    expect(afterOpen(never, moment("2026-11-30T10:00:00Z", "Europe/London"), 60, zones)).toBeNull();
    expect(nextOpening(never, moment("2026-11-30T10:00:00Z", "Europe/London"), zones)).toBeNull();
  });

  it.each([
    ["09:30", 570],
    ["24:00", 1440],
    ["24:01", null],
    ["9:30", null],
    ["09:60", null],
    ["", null],
  ])("reads %p as %p minutes", (text, minutes) => expect(readTime(text)).toBe(minutes));
});
