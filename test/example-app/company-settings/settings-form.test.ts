import { readCompanySettings, writeCompanySettings } from "../../../example-app/company-settings/company-settings";
import { judgeForm, readForm, showSettings } from "../../../example-app/company-settings/settings-form";

const lines = [1, 2, 3];
const times = Object.fromEntries(
  [0, 1, 2, 3, 4].flatMap((day) => [
    [`from-${day}`, "09:00"],
    [`to-${day}`, "17:30"],
  ]),
);
const sent = { overdueMinutes: "30", line: ["1", "2", "3"], hours: "aircall", ...times };
const judge = (more: object = {}) => judgeForm(readForm({ ...sent, ...more }), lines);

describe("the form of settings", () => {
  it("means all lines, those to come too, where all are ticked, and Aircall's hours", () => {
    expect(judge().settings).toEqual({ overdueMinutes: 30, lines: null, hours: null });
    expect(judge({ line: "2" }).settings?.lines).toEqual([2]);
  });

  it("means hours of the company's own, and days when nobody is there", () => {
    const open = { from: 540, to: 1050 };
    expect(judge({ hours: "own" }).settings?.hours).toEqual([open, open, open, open, open, null, null]);
  });

  it("means the next day by an end that is not after the beginning", () => {
    const night = { hours: "own", "from-0": "22:00", "to-0": "06:00", "from-1": "00:00", "to-1": "00:00" };
    const { settings } = judge(night);
    expect(settings?.hours?.slice(0, 2)).toEqual([
      { from: 1320, to: 360 },
      { from: 0, to: 0 },
    ]);
    expect(judgeForm(showSettings(settings!, lines), lines).settings).toEqual(settings);
  });

  it.each([
    [{ overdueMinutes: "0" }, "overdueMinutes"],
    [{ overdueMinutes: "1.5" }, "overdueMinutes"],
    [{ overdueMinutes: "99999" }, "overdueMinutes"],
    [{ line: undefined }, "lines"],
    [{ line: "77" }, "lines"],
    [{ hours: "own", "from-0": "" }, "hours"],
    [{ hours: "own", "to-6": "18:00" }, "hours"],
    [{ hours: "own", "from-0": "noon" }, "hours"],
  ])("says what is wrong with %j", (more, field) => {
    const { settings, faults } = judge(more);
    expect([settings, Object.keys(faults)]).toEqual([null, [field]]);
  });

  it("shows again what it meant", () => {
    const { settings } = judge({ hours: "own", line: ["1", "3"] });
    expect(judgeForm(showSettings(settings!, lines), lines).settings).toEqual(settings);
  });

  it("is kept as fields, and taken back by them", () => {
    const { settings } = judge({ hours: "own", line: "2" });
    const fields = Object.entries(writeCompanySettings(settings!)).filter(([, text]) => text !== null);
    expect(readCompanySettings(new Map(fields as [string, string][]))).toEqual(settings);
    expect(writeCompanySettings({ ...settings!, hours: null })["hours"]).toBeNull();
    expect(readCompanySettings(new Map([["stray", "1"]]))).toEqual({ overdueMinutes: 60, lines: null, hours: null });
  });
});
