import { AsyncLocalStorage } from "node:async_hooks";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { AircallDiagnostics } from "express-aircall";
import { createBudgets } from "../../src/budget/budget";
import { AircallClient } from "../../src/client/client";
import type { HttpParts } from "../../src/http/parts";
import { unknownBudget } from "../../src/http/limiter";
import { createReport } from "../../src/http/telemetry";
import { route } from "../../src/http/route";
import { type Reply, token, useApi } from "../support/servers/api";
import { closedPort } from "../support/servers/unreachable";

const { serve, connect } = useApi();

type Told = Partial<AircallDiagnostics["express-aircall:request"] & AircallDiagnostics["express-aircall:attempt"]>;

let calls: Told[];
let attempts: Told[];
const hearCall = (event: unknown) => void calls.push(event as Told);
const hearAttempt = (event: unknown) => void attempts.push(event as Told);

beforeEach(() => {
  calls = [];
  attempts = [];
  subscribe("express-aircall:request", hearCall);
  subscribe("express-aircall:attempt", hearAttempt);
});

afterEach(() => {
  unsubscribe("express-aircall:request", hearCall);
  unsubscribe("express-aircall:attempt", hearAttempt);
});

const reset: Reply = (req) => req.socket.destroy();
const never: Reply = () => undefined;
const request = "GET /v1/calls/:id";
const sent = { request, url: "https://api.aircall.example/v1/calls/1" };
const interactive = { request, lane: "interactive" };
const rate = (remaining: string) => ({ "X-AircallApi-Limit": "60", "X-AircallApi-Remaining": remaining });
/** Every moment has been so many milliseconds after the one before. */
const stepping = (stepMs: number, time = 0) => ({ now: () => (time += stepMs) });

function get(http: ReturnType<typeof connect>, options = {}, name?: string) {
  return http.send(route`GET /v1/calls/${8675309424242}`, "call", options, name ? { name } : undefined);
}

describe("what is told of a call and its attempts", () => {
  it("holds every field of a success", async () => {
    const api = await serve({ headers: rate("59"), body: { call: {} } });
    await get(connect(api), { lane: "bulk" });
    const bulk = { request, lane: "bulk" };
    const [times, sent] = [
      { waitedMs: expect.any(Number), durationMs: expect.any(Number) },
      { status: 200, code: null, outcome: null },
    ];
    expect(attempts).toEqual([
      {
        ...bulk,
        ...sent,
        ...times,
        attempt: 1,
        remaining: 59,
        retryInMs: null,
        origin: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      },
    ]);
    expect(calls).toEqual([{ ...bulk, ...sent, ...times, source: "aircall", attempts: 1 }]);
  });

  it("says after a passing failure when it is tried again", async () => {
    const api = await serve({ status: 503 }, reset, { body: { call: {} } });
    await get(connect(api, { random: () => 0.5 }));
    expect(attempts).toMatchObject([
      { attempt: 1, status: 503, code: "server_error", retryInMs: 125 },
      { attempt: 2, status: null, code: "connection_failed", retryInMs: 250 },
      { attempt: 3, status: 200, code: null, retryInMs: null },
    ]);
    expect(calls).toMatchObject([{ ...interactive, source: "aircall", status: 200, code: null, attempts: 3 }]);
  });

  it("says after a 429 how long it waits, and how little is left", async () => {
    const api = await serve({ status: 429, headers: { ...rate("0"), "Retry-After": "3" } }, { body: { call: {} } });
    await get(connect(api, { timeoutMs: 30_000 }));
    expect(attempts).toMatchObject([
      { status: 429, code: "rate_limited", remaining: 0, retryInMs: 3_000 },
      { status: 200, code: null, remaining: null, retryInMs: null },
    ]);
  });

  it("ends with a 429 that cannot be waited out", async () => {
    const api = await serve({ status: 429 });
    await get(connect(api)).catch(() => undefined);
    expect(attempts).toMatchObject([{ status: 429, code: "rate_limited", retryInMs: null }]);
    expect(calls).toMatchObject([{ status: 429, code: "rate_limited", attempts: 1 }]);
  });

  it("ends with the last of several failures", async () => {
    const api = await serve({ status: 500 }, { status: 502 });
    await get(connect(api), { maxRetries: 1 }).catch(() => undefined);
    expect(attempts.at(-1)).toMatchObject({ attempt: 2, status: 502, code: "server_error", retryInMs: null });
    expect(calls).toMatchObject([{ status: 502, code: "server_error", attempts: 2 }]);
  });

  it("names an answer nobody could read, with its status", async () => {
    const api = await serve({ body: "<html>" });
    await get(connect(api), { maxRetries: 0 }).catch(() => undefined);
    expect(attempts).toMatchObject([{ status: 200, code: "connection_failed" }]);
    expect(calls).toMatchObject([{ status: 200, code: "connection_failed", attempts: 1 }]);
  });

  it("counts the attempt with a renewed credential", async () => {
    const api = await serve({ status: 401 }, { body: { call: {} } });
    await get(connect(api, { tokens: { ...token, refused: () => Promise.resolve("again") } }));
    expect(attempts).toMatchObject([
      { attempt: 1, status: 401, code: "unauthorized", retryInMs: null },
      { attempt: 2, status: 200, code: null },
    ]);
    expect(calls).toMatchObject([{ status: 200, code: null, attempts: 2 }]);
  });

  it("names a connection that was refused", async () => {
    await get(connect({ url: `http://127.0.0.1:${closedPort}`, arrived: [] }), { maxRetries: 1 }).catch(
      () => undefined,
    );
    expect(attempts).toMatchObject([
      { status: null, code: "connection_failed", remaining: null },
      { status: null, code: "connection_failed", retryInMs: null },
    ]);
    expect(calls).toMatchObject([{ status: null, code: "connection_failed", attempts: 2 }]);
  });

  it("names a time-out, of the attempt under way too", async () => {
    const api = await serve(never);
    await get(connect(api), { timeoutMs: 200 }).catch(() => undefined);
    await until(() => attempts.length > 0);
    expect(attempts).toMatchObject([{ attempt: 1, status: null, code: "timeout", retryInMs: null }]);
    expect(calls).toMatchObject([{ status: null, code: "timeout", attempts: 1 }]);
    expect(calls[0]!.durationMs).toBeGreaterThanOrEqual(190);
  });

  it.each(["GET", "POST"])("names a caller who gave up a %s, of the attempt under way too", async (method) => {
    const caller = new AbortController();
    const api = await serve(() => caller.abort(new RangeError("enough")));
    const client = new AircallClient(connect(api));
    const options = { signal: caller.signal };
    await client.request(method as "GET" | "POST", "/v1/things", options).catch(() => undefined);
    await until(() => attempts.length > 0);
    const aborted = { request: `${method} /v1/things`, status: null, code: "aborted" };
    expect(attempts).toMatchObject([{ ...aborted, attempt: 1, retryInMs: null }]);
    expect(calls).toMatchObject([{ ...aborted, attempts: 1 }]);
  });

  it("names a caller who gave up before anything was sent", async () => {
    const api = await serve({});
    await get(connect(api), { signal: AbortSignal.abort() }).catch(() => undefined);
    expect(calls).toMatchObject([{ status: null, code: "aborted", attempts: 0 }]);
    expect(attempts).toEqual([]);
  });

  it("says who shared another's request: one attempt for all", async () => {
    const api = await serve({ body: { call: {} } });
    const http = connect(api);
    await Promise.all([get(http), get(http), get(http)]);
    expect(attempts).toHaveLength(1);
    expect(calls.map(({ source, status, attempts }) => [source, status, attempts]).sort()).toEqual([
      ["aircall", 200, 1],
      ["shared", 200, 0],
      ["shared", 200, 0],
    ]);
  });

  it("says the error to all who shared it", async () => {
    const api = await serve({ status: 404 });
    const http = connect(api);
    await Promise.allSettled([get(http), get(http)]);
    expect(calls).toHaveLength(2);
    for (const call of calls) expect(call).toMatchObject({ status: 404, code: "not_found" });
  });

  it("says what came from among the kept answers", async () => {
    const api = await serve({ body: { call: {} } });
    const http = connect(api);
    await get(http, { cacheMs: 60_000 });
    await get(http, { cacheMs: 60_000 });
    expect(calls[1]).toMatchObject({ ...interactive, source: "kept", status: 200, code: null, attempts: 0 });
    expect(attempts).toHaveLength(1);
  });

  it("tells the time of the attempts from the time between them", () => {
    const report = createReport(sent, {}, stepping(10).now); // begun at 10
    const deadline = { signal: new AbortController().signal, remainingMs: () => 1_000 };
    const outcome = { kind: "answered", status: 200, rate: null } as Parameters<typeof report.attempted>[0];
    report.sent(); // 20
    report.attempted(outcome, 5, deadline); // 30
    report.sent(); // 40
    report.attempted(outcome, null, deadline); // 50
    report.settled("aircall", 200); // 60
    expect(attempts.map(({ waitedMs, durationMs }) => [waitedMs, durationMs])).toEqual([
      [10, 10],
      [10, 10],
    ]);
    expect(calls).toMatchObject([{ waitedMs: 30, durationMs: 50 }]);
  });

  it("is told of one who waits for a turn and never gets it", async () => {
    const api = await serve({});
    const acquire: NonNullable<HttpParts["limiter"]>["acquire"] = () => new Promise(() => undefined);
    const turns = { acquire, look: () => unknownBudget };
    await get(connect(api, { limiter: turns }), { timeoutMs: 30 }).catch(() => undefined);
    expect(calls).toMatchObject([{ code: "timeout", attempts: 0 }]);
    expect(calls[0]!.waitedMs).toBe(calls[0]!.durationMs);
  });

  it("takes no number that is too large for a count of requests", async () => {
    const api = await serve({ headers: rate("33199001234"), body: { call: {} } });
    await get(connect(api));
    expect(attempts).toMatchObject([{ remaining: null }]);
  });
});

describe("a subscriber", () => {
  it("stands in the context of the caller, also of one who shared another's request", async () => {
    const context = new AsyncLocalStorage<string>();
    const stood: [string, string | undefined][] = [];
    const hear = (_event: unknown, name: string | symbol) =>
      void stood.push([String(name).slice("express-aircall:".length), context.getStore()]);
    subscribe("express-aircall:request", hear);
    subscribe("express-aircall:attempt", hear);
    const api = await serve({ status: 503 }, { body: { call: {} } });
    const http = connect(api);
    await Promise.all(["first", "second"].map((visitor) => context.run(visitor, () => get(http))));
    unsubscribe("express-aircall:request", hear);
    unsubscribe("express-aircall:attempt", hear);
    const [one, other] = stood.filter(([name]) => name === "attempt");
    expect(one![1]).toBe(other![1]);
    expect(
      stood
        .filter(([name]) => name === "request")
        .map(([, visitor]) => visitor)
        .sort(),
    ).toEqual(["first", "second"]);
  });
});

describe("a subscriber to waits", () => {
  it("stands in the context of the call that waited", async () => {
    const context = new AsyncLocalStorage<string>();
    const stood: (string | undefined)[] = [];
    const hear = () => void stood.push(context.getStore());
    subscribe("express-aircall:wait", hear);
    const api = await serve({ body: { call: {} } });
    const turns = createBudgets({ limit: 1, windowMs: 200 });
    const http = connect(api, { limiter: turns });
    await Promise.all(["a", "b", "c"].map((name) => context.run(name, () => get(http, { timeoutMs: 10_000 }, name))));
    unsubscribe("express-aircall:wait", hear);
    expect(stood).toEqual(["b", "c"]);
  });
});

describe("where nobody listens", () => {
  it("nothing is put together: all calls have the same report, which reads no clock", () => {
    unsubscribe("express-aircall:request", hearCall);
    unsubscribe("express-aircall:attempt", hearAttempt);
    const clock = jest.fn(() => 0);
    const report = createReport(sent, {}, clock);
    expect(createReport({ ...sent, request: "GET /v1/ping" }, { lane: "bulk" }, clock)).toBe(report);
    report.sent();
    report.settled("aircall", 200);
    expect(clock).not.toHaveBeenCalled();
  });

  it.each(["express-aircall:request", "express-aircall:attempt"] as const)("but to %s, that is told", async (name) => {
    unsubscribe("express-aircall:request", hearCall);
    unsubscribe("express-aircall:attempt", hearAttempt);
    subscribe(name, hearCall);
    await get(connect(await serve({ body: { call: {} } })));
    unsubscribe(name, hearCall);
    expect(calls).toMatchObject([{ request, status: 200 }]);
  });
});

async function until(reached: () => boolean): Promise<void> {
  while (!reached()) await new Promise((resolve) => setImmediate(resolve));
}
