import { readRate, readWaitMs } from "../../src/http/rate";

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

describe("readWaitMs", () => {
  const reset = (ms: number) => ({ "X-AircallApi-Reset": String(Math.ceil((now + ms) / 1000)) });

  it.each<[string, Record<string, string>, number]>([
    ["until the reset", reset(10_000), 10_000],
    ["as Retry-After says in seconds", { "Retry-After": "7" }, 7_000],
    ["as Retry-After says with a date", { "Retry-After": "Mon, 23 Nov 2026 10:00:20 GMT" }, 20_000],
    ["for the later of both", { ...reset(10_000), "Retry-After": "30" }, 30_000],
    ["a minute when nothing was said", {}, 60_000],
    ["a minute when what was said is junk", { "Retry-After": "later", "X-AircallApi-Reset": "x" }, 60_000],
    ["a second when our clock is ahead of the reset", reset(-90_000), 1_000],
  ])("waits %s", (_case, headers, expected) => {
    expect(readWaitMs(answer(headers), readRate(answer(headers)), now)).toBe(expected);
  });
});

function answer(headers: Record<string, string>) {
  return { header: (name: string) => headers[name] ?? null };
}
