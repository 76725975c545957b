import {
  isProbeDue,
  isSound,
  probeEveryMs,
  type Standing,
  standingAfter,
  standingAfterRenewal,
} from "../../../src/grants/renewal/suspension";

const start = 1_700_000_000_000;
const minute = 60_000;
const hour = 60 * minute;
const grace = minute;

const accepted: Standing = { state: "active", refusedAt: null };
const refused = (state: Standing["state"], since = start): Standing => ({ state, refusedAt: new Date(since) });

describe("where a grant stands", () => {
  it("is as it was at first once its token is accepted, whatever it had come to", () => {
    for (const state of ["active", "suspended", "ended"] as const) {
      expect(standingAfter(refused(state), "accepted", { at: start, grace })).toEqual(accepted);
    }
  });

  it.each<[string, Standing, number, Standing]>([
    ["the first time", accepted, start, refused("active")],
    ["for less than its grace", refused("active"), start + grace - 1, refused("active")],
    ["for its grace", refused("active"), start + grace, refused("suspended")],
    ["by a clock that is behind", refused("active", start + hour), start, refused("active")],
    ["once suspended", refused("suspended"), start + 1, refused("suspended")],
    ["once it has ended", refused("ended"), start + hour, refused("ended")],
  ])("remembers since when its token is refused: %s", (_when, before, at, after) => {
    expect(standingAfter(before, "refused", { at, grace })).toEqual(after);
  });

  it("is suspended at the first refusal where there is no grace", () => {
    expect(standingAfter(accepted, "refused", { at: start, grace: 0 })).toEqual(refused("suspended"));
  });

  it("is no end any more once it was renewed, and else what it was", () => {
    expect(standingAfterRenewal(refused("ended"))).toEqual(accepted);
    expect(standingAfterRenewal(refused("suspended"))).toEqual(refused("suspended"));
    expect(standingAfterRenewal(refused("active"))).toEqual(refused("active"));
  });

  it("is sound while it is active and nobody refused it since", () => {
    expect([accepted, refused("active"), { ...accepted, state: "ended" as const }].map(isSound)).toEqual([
      true,
      false,
      false,
    ]);
  });
});

describe("probes of a token", () => {
  it("come every minute, and every fifteen once it was refused for an hour", () => {
    expect(probeEveryMs(accepted, start)).toBe(minute);
    expect(probeEveryMs(refused("suspended"), start + hour - 1)).toBe(minute);
    expect(probeEveryMs(refused("suspended"), start + hour)).toBe(15 * minute);
  });

  it("wait for the end of the first minute, unless the clock was set back", () => {
    expect(isProbeDue(accepted, start)).toBe(true);
    const dueAfter = (ms: number) => isProbeDue(refused("active"), start + ms);
    expect([-1, 0, minute - 1, minute].map(dueAfter)).toEqual([true, false, false, true]);
  });
});
