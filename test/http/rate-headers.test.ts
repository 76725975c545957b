import { rateHere, readRate, readRetryAfterMs, readWaitMs } from "../../src/http/rate-headers";

const now = Date.parse("2026-11-23T10:00:00Z");
const inTenSeconds = new Date(now + 10_000);

describe("readRate", () => {
  it.each([
    ["seconds", String(inTenSeconds.getTime() / 1000)],
    ["milliseconds", String(inTenSeconds.getTime())],
  ])("reads a reset in %s by its magnitude", (_unit, reset) => {
    const headers = { "X-AircallApi-Limit": "120", "X-AircallApi-Remaining": "0", "X-AircallApi-Reset": reset };
    expect(readRate(answer(headers))).toEqual({ limit: 120, remaining: 0, resetAt: inTenSeconds });
  });

  it.each(["", "soon", "-5", "1.5", "NaN", "0x10", "9".repeat(40), "<script>"])("takes %p for absent", (junk) => {
    const headers = { "X-AircallApi-Limit": junk, "X-AircallApi-Remaining": junk, "X-AircallApi-Reset": junk };
    expect(readRate(answer(headers))).toEqual({ limit: null, remaining: null, resetAt: null });
  });
});

describe("rateHere", () => {
  const minute = 60_000;
  const day = 86_400_000;
  const http = (instant: number) => new Date(instant).toUTCString();
  const leftMs = (headers: Record<string, string>) => {
    const { resetAt } = rateHere(readRate(answer(headers)), answer(headers), now);
    return resetAt && resetAt.getTime() - now;
  };

  it.each([-day, -3_580_000, -90_000, -5_000, 0, 5_000, 90_000, 3_580_000, day])(
    "finds the reset in twenty seconds by an Aircall whose clock is %d ms beside ours",
    (besideMs) => {
      const reset = String(now + besideMs + 20_000);
      expect(leftMs({ Date: http(now + besideMs), "X-AircallApi-Reset": reset })).toBe(20_000);
    },
  );

  it.each<[string, Record<string, string>, number | null]>([
    ["at most a window away without a Date", { "X-AircallApi-Reset": String(now + 3_640_000) }, minute],
    ["at most a window away by both clocks", { Date: http(now), "X-AircallApi-Reset": String(now + day) }, minute],
    ["where it is when the answer's Date is junk", { Date: "soon", "X-AircallApi-Reset": String(now + 7_000) }, 7_000],
    [
      "where our clock has it when the answer is an old one's Date",
      { Date: http(now - day), "X-AircallApi-Reset": String(now + 7_000) },
      7_000,
    ],
    ["just over", { Date: http(now), "X-AircallApi-Reset": String(now - 3_000) }, -3_000],
    ["nowhere when it is long past", { Date: http(now), "X-AircallApi-Reset": String(now - day) }, null],
    ["nowhere when it is no moment of ours", { "X-AircallApi-Reset": "60" }, null],
    ["nowhere when it was not said", { Date: http(now) }, null],
  ])("finds it %s", (_case, headers, expected) => {
    expect(leftMs(headers)).toBe(expected);
  });
});

describe("readRetryAfterMs", () => {
  it.each<[string, number | null]>([
    ["30", 30_000],
    ["0", 0],
    [inTenSeconds.toUTCString(), 10_000],
    [new Date(now - 86_400_000).toUTCString(), 0],
    ["Sunday, 06-Nov-94 08:49:37 GMT", 0],
    ["1.5", null],
    ["-5", null],
    ["+3", null],
    ["1, 2", null],
    ["soon", null],
    ["", null],
  ])("reads %p as %p milliseconds", (text, waitMs) => {
    expect(readRetryAfterMs(answer({ "Retry-After": text }), now)).toBe(waitMs);
  });
});

describe("readWaitMs", () => {
  const reset = (ms: number) => ({ "X-AircallApi-Reset": String(Math.ceil((now + ms) / 1000)) });

  it.each<[string, Record<string, string>, number]>([
    ["until the reset", reset(10_000), 10_000],
    ["as Retry-After says in seconds", { "Retry-After": "7" }, 7_000],
    ["as Retry-After says with a date", { "Retry-After": "Mon, 23 Nov 2026 10:00:20 GMT" }, 20_000],
    ["for the later of both", { ...reset(10_000), "Retry-After": "30" }, 30_000],
    ["a minute when nothing was said", {}, 60_000],
    ["a minute when what was said is junk", { "Retry-After": "later", "X-AircallApi-Reset": "x" }, 60_000],
    ["a second when our clock is ahead of the reset", reset(-30_000), 1_000],
    ["a minute when the reset is an hour away", reset(3_640_000), 60_000],
    ["a minute when the reset is long past", reset(-86_400_000), 60_000],
    [
      "as our clock has Aircall's date",
      { Date: "Mon, 23 Nov 2026 09:00:00 GMT", "Retry-After": "Mon, 23 Nov 2026 09:00:05 GMT" },
      5_000,
    ],
  ])("waits %s", (_case, headers, expected) => {
    const rate = rateHere(readRate(answer(headers)), answer(headers), now);
    expect(readWaitMs(answer(headers), rate, now)).toBe(expected);
  });
});

function answer(headers: Record<string, string>) {
  return { header: (name: string) => headers[name] ?? null };
}
