import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { rounds } from "../support/promised";
import { useApi } from "../support/servers/api";
import { answerFrom, type PastCall } from "../support/call-history";

const { serve } = useApi();
const sources = join(__dirname, "../support/typescript-sources.cjs");
/** Aircall gives at most 10,000 in one walk by pages: the rest is found by time. */
const calls = rounds(12_000, 25_000);
const extras = { direct_link: "https://api.example/calls/1", note: "x".repeat(2_000), tags: [], comments: [] };

interface Outcome {
  count: number;
  twice: number;
  /** Where the first one is that was not seen; -1 when there is none. */
  missing: number;
  grownBytes: number;
}

/** A history that grows by a call with every request, up to six to a second. */
async function serveGrowingHistory() {
  const nowSeconds = () => Math.floor(Date.now() / 1000);
  const begin = nowSeconds() - 100_000;
  const past: { calls: PastCall[] } = { calls: [] };
  for (let n = 0; n < calls; n++) past.calls.push({ id: n + 1, started_at: begin + n - (n % 6) });
  const before = () => past.calls.push({ id: past.calls.length + 1, started_at: nowSeconds() });
  return serve((req, res) => (req.url === "/v1/ping" ? res.end("{}") : answerFrom(past, { before, extras })(req, res)));
}

/** Walks in a process of its own; `exited` when it ended because nothing was left to do. */
async function walkApart(apiUrl: string, leaveAfter?: number): Promise<{ outcome: Outcome; exitCode: number | null }> {
  const settings = JSON.stringify({ apiUrl, calls, leaveAfter });
  const child = fork(join(__dirname, "iterate-child.cjs"), [settings], {
    execArgv: ["--expose-gc", "--require", sources],
  });
  const exited = once(child, "exit");
  const [outcome] = (await once(child, "message")) as [Outcome];
  const [exitCode] = (await exited) as [number | null];
  return { outcome, exitCode };
}

describe("a walk over a long history while new ones arrive", () => {
  it("brings each once, in at most 16 MiB", async () => {
    const api = await serveGrowingHistory();
    const { outcome, exitCode } = await walkApart(api.url);
    expect({
      ...outcome,
      grownBytes: outcome.grownBytes <= 16 * 2 ** 20 ? "at most 16 MiB" : outcome.grownBytes,
    }).toEqual({
      count: expect.any(Number),
      twice: 0,
      missing: -1,
      grownBytes: "at most 16 MiB",
    });
    expect(outcome.count).toBeGreaterThanOrEqual(calls);
    expect(exitCode).toBe(0);
    if (process.env["SHOW"]) process.stdout.write(`${JSON.stringify(outcome)} ${api.arrived.length} requests\n`);
  });

  it("ends its process when it is left, with nothing running and nothing unhandled", async () => {
    const api = await serveGrowingHistory();
    const { outcome, exitCode } = await walkApart(api.url, 1_200);
    expect({ count: outcome.count, exitCode }).toEqual({ count: 1_200, exitCode: 0 });
    // 24 pages were taken and 8 more at most were under way; calls of the first second make it read some again.
    expect(api.arrived.length).toBeLessThan(100);
  });
});
