import { findCallers } from "../../../example-app/board/callers";
import { overdueAt } from "../../../example-app/board/overdue";
import { defaultSettings } from "../../../example-app/company-settings/company-settings";
import { createZones } from "../../../example-app/glance/zones";
import type { MirroredCall } from "../../../example-app/mirror/mirrored-call";
import { answered, calls, outbound } from "./calls";

/** A Monday. */
const threeAtNight = Date.UTC(2026, 10, 30, 3) / 1000;
const eightToSix = Array.from({ length: 7 }, () => ({ from: 8 * 60, to: 18 * 60 }));
const hour = 3_600;

/** With a limit of an hour, in seconds after they rang at three at night in London. */
function overdueAfter(hours: typeof eightToSix | null, ...parts: Partial<MirroredCall>[]): number | null {
  const [caller] = findCallers(calls(...parts.map((part) => ({ startedAt: threeAtNight, ...part }))));
  const at = overdueAt(caller!, { ...defaultSettings, hours }, createZones());
  return at && at - threeAtNight;
}

describe("a caller is overdue", () => {
  it("when the limit is over, by night too, where nobody has set opening hours", () => {
    expect(overdueAfter(null, {})).toBe(hour);
    expect(overdueAfter(null, {}, { startedAt: threeAtNight + 60 })).toBe(hour);
  });

  it("when somebody has been there for that long, by the clock of their line", () => {
    expect(overdueAfter(eightToSix, {})).toBe(6 * hour);
    const line = { id: 2, name: "US line", timeZone: "America/New_York" };
    expect(overdueAfter(eightToSix, { line })).toBe(11 * hour);
  });

  it("still when they were tried in vain, and no more when they were reached", () => {
    expect(overdueAfter(eightToSix, {}, outbound)).toBe(6 * hour);
    expect(overdueAfter(eightToSix, {}, { ...outbound, ...answered })).toBeNull();
  });
});
