import type { ServerResponse } from "node:http";
import { RateLimitError } from "../../src/errors/errors";
import type { HttpParts } from "../../src/http/parts";
import { type Method, rawRoute } from "../../src/http/route";
import { type Reply, useApi } from "../support/servers/api";

const { serve, connect } = useApi();

const resetBefore: Reply = (req) => req.socket.destroy();
const resetAfterHeaders: Reply = (req, res) => beginAnswer(res, () => req.socket.destroy());
const slow: Reply = () => undefined;
const noRequests = { "X-AircallApi-Limit": "120", "X-AircallApi-Remaining": "0" };

/** How often a GET arrives, a write that may be repeated, and one that acts. */
type Times = Record<"GET" | "PUT" | "DELETE" | "POST", number>;
const idempotent = new Set(["PUT /v1/things", "DELETE /v1/things"]);

describe("how often a failing request reaches Aircall", () => {
  it.each<[string, Reply, Times, string]>([
    ["500", { status: 500 }, { GET: 3, PUT: 3, DELETE: 3, POST: 1 }, "server_error"],
    ["502", { status: 502 }, { GET: 3, PUT: 3, DELETE: 3, POST: 1 }, "server_error"],
    ["503", { status: 503 }, { GET: 3, PUT: 3, DELETE: 3, POST: 1 }, "server_error"],
    ["504", { status: 504 }, { GET: 3, PUT: 3, DELETE: 3, POST: 1 }, "server_error"],
    ["a reset before the answer", resetBefore, { GET: 3, PUT: 3, DELETE: 3, POST: 1 }, "connection_failed"],
    ["a reset within the answer", resetAfterHeaders, { GET: 3, PUT: 3, DELETE: 3, POST: 1 }, "connection_failed"],
    ["a broken answer", { body: "{" }, { GET: 3, PUT: 1, DELETE: 1, POST: 1 }, "connection_failed"],
    ["a redirect", { status: 302 }, { GET: 1, PUT: 1, DELETE: 1, POST: 1 }, "connection_failed"],
    ["400", { status: 400 }, { GET: 1, PUT: 1, DELETE: 1, POST: 1 }, "bad_request"],
    ["404", { status: 404 }, { GET: 1, PUT: 1, DELETE: 1, POST: 1 }, "not_found"],
    ["405", { status: 405 }, { GET: 1, PUT: 1, DELETE: 1, POST: 1 }, "not_allowed"],
    ["408", { status: 408 }, { GET: 3, PUT: 3, DELETE: 3, POST: 1 }, "api_error"],
    ["422", { status: 422 }, { GET: 1, PUT: 1, DELETE: 1, POST: 1 }, "unprocessable"],
    ["429", { status: 429 }, { GET: 6, PUT: 6, DELETE: 6, POST: 6 }, "rate_limited"],
  ])("%s", async (_name, reply, expected, code) => {
    for (const [method, times] of Object.entries(expected) as [Method, number][]) {
      const api = await serve(reply);
      const http = connect(api, { timeoutMs: 600_000, idempotent });
      await expect(http.send(rawRoute(method, "/v1/things"), null)).rejects.toMatchObject({ code });
      expect([method, api.arrived.length]).toEqual([method, times]);
    }
  });

  it("is once for a time-out, which leaves no time for more", async () => {
    for (const method of ["GET", "POST", "PUT", "DELETE"] as const) {
      const api = await serve(slow);
      const http = connect(api, { timeoutMs: 1_000 });
      await expect(http.send(rawRoute(method, "/v1/things"), null)).rejects.toMatchObject({ code: "timeout" });
      expect(api.arrived).toHaveLength(1);
    }
  });

  it("is as often as maxRetries says", async () => {
    for (const maxRetries of [0, 1, 4]) {
      const api = await serve({ status: 503 });
      const http = connect(api, { timeoutMs: 60_000 });
      const request = http.send(rawRoute("GET", "/v1/things"), null, { maxRetries });
      await expect(request).rejects.toMatchObject({ status: 503 });
      expect(api.arrived).toHaveLength(1 + maxRetries);
    }
  });

  it("ends with the first good answer", async () => {
    const api = await serve({ status: 500 }, resetBefore, { body: { ping: "pong" } });
    await expect(connect(api).send(rawRoute("GET", "/v1/ping"), null)).resolves.toEqual({ ping: "pong" });
  });

  it("counts the same for a fetch of the developer's", async () => {
    for (const [method, times] of [
      ["GET", 3],
      ["POST", 1],
    ] as const) {
      const api = await serve(resetBefore);
      const request = connect(api, { fetch: globalThis.fetch }).send(
        rawRoute(method, "/v1/things"),
        null,
        {},
        { a: 1 },
      );
      await expect(request).rejects.toMatchObject({ code: "connection_failed" });
      expect(api.arrived).toHaveLength(times);
    }
  });
});

describe("the waits between attempts", () => {
  it("grow and are drawn at random from nothing up to five seconds", async () => {
    const { waits, parts } = clock();
    const api = await serve({ status: 500 });
    const http = connect(api, { ...parts, random: () => 0.5, timeoutMs: 60_000 });
    const request = http.send(rawRoute("GET", "/v1/things"), null, { maxRetries: 7 });
    await expect(request).rejects.toMatchObject({ status: 500 });
    expect(waits).toEqual([125, 250, 500, 1000, 2000, 2500, 2500]);
  });

  it("never pass the deadline: the failure is reported at once", async () => {
    const { waits, parts } = clock();
    const api = await serve({ status: 500 });
    const http = connect(api, { ...parts, random: () => 1, timeoutMs: 600 });
    await expect(http.send(rawRoute("GET", "/v1/things"), null)).rejects.toMatchObject({ status: 500 });
    expect(waits).toEqual([250]);
    expect(api.arrived).toHaveLength(2);
  });

  it("end when the caller gives up", async () => {
    const api = await serve({ status: 429, headers: { "Retry-After": "1" } });
    const http = connect(api, { sleep: realSleep });
    const request = http.send(rawRoute("GET", "/v1/things"), null, { signal: AbortSignal.timeout(60) });
    await expect(request).rejects.toMatchObject({ name: "TimeoutError", code: DOMException.TIMEOUT_ERR });
    expect(api.arrived).toHaveLength(1);
  });
});

describe("a 503 with Retry-After", () => {
  it("is sent again no sooner than that, by whatever may be repeated", async () => {
    for (const method of ["GET", "PUT", "DELETE"] as const) {
      const { waits, parts } = clock();
      const api = await serve({ status: 503, headers: { "Retry-After": "7" } }, { status: 204 });
      const http = connect(api, { ...parts, idempotent, timeoutMs: 30_000 });
      await expect(http.send(rawRoute(method, "/v1/things"), null)).resolves.toBeUndefined();
      expect(waits).toEqual([7_000]);
    }
  });

  it("that asks for a date is waited for, and a wait shorter than ours does not hurry it", async () => {
    const { waits, parts, now } = clock();
    const later = { "Retry-After": new Date(now() + 9_000).toUTCString(), Date: new Date(now()).toUTCString() };
    const api = await serve({ status: 502, headers: later }, { status: 503, headers: { "Retry-After": "0" } }, {});
    await connect(api, { ...parts, random: () => 1, timeoutMs: 30_000 }).send(rawRoute("GET", "/v1/things"), null);
    expect(waits).toEqual([9_000, 500]);
  });

  it("that asks for more than the deadline leaves is an error at once, which hands it on; so is a POST's", async () => {
    for (const [method, seconds] of [
      ["GET", 60],
      ["POST", 1],
    ] as const) {
      const { waits, parts } = clock();
      const api = await serve({ status: 503, headers: { "Retry-After": String(seconds) } });
      const request = connect(api, { ...parts, timeoutMs: 30_000 }).send(rawRoute(method, "/v1/things"), null);
      const retryAfterMs = seconds * 1_000;
      await expect(request).rejects.toMatchObject({
        status: 503,
        retryAfterMs,
        headers: { "Retry-After": `${seconds}` },
      });
      expect([waits, api.arrived.length]).toEqual([[], 1]);
    }
  });

  it("is asked for by no other answer", async () => {
    const api = await serve({ status: 422, headers: { "Retry-After": "5" } });
    const request = connect(api).send(rawRoute("GET", "/v1/things"), null);
    await expect(request).rejects.toMatchObject({ retryAfterMs: null, headers: {} });
  });
});

describe("a 429", () => {
  it.each<[string, (resetAt: number) => Record<string, string>]>([
    ["the reset in seconds", (resetAt) => ({ ...noRequests, "X-AircallApi-Reset": String(resetAt / 1000) })],
    ["the reset in milliseconds", (resetAt) => ({ ...noRequests, "X-AircallApi-Reset": String(resetAt) })],
    ["Retry-After", () => ({ "Retry-After": "8" })],
  ])("is waited out by %s, a POST too", async (_by, headers) => {
    const { waits, parts, now } = clock();
    const api = await serve({ status: 429, headers: headers(now() + 8_000) }, { status: 204 });
    const http = connect(api, { ...parts, timeoutMs: 30_000 });
    await expect(http.send(rawRoute("POST", "/v1/things"), null, {}, {})).resolves.toBeUndefined();
    expect(waits).toEqual([8_000]);
    expect(api.arrived).toHaveLength(2);
  });

  it("that opens after the deadline is an error at once, saying how long", async () => {
    const { waits, parts, now } = clock();
    const resetAt = now() + 45_000;
    const headers = { ...noRequests, "X-AircallApi-Reset": String(resetAt / 1000) };
    const api = await serve({ status: 429, headers, body: "slow down" });
    const failure: unknown = await connect(api, { ...parts, timeoutMs: 30_000 })
      .send(rawRoute("GET", "/v1/calls"), null)
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(RateLimitError);
    expect(failure).toMatchObject({
      request: "GET /v1/calls",
      retryAfterMs: 45_000,
      rate: { limit: 120, remaining: 0, resetAt: new Date(resetAt) },
    });
    expect(waits).toEqual([]);
  });

  it.each([-3_620_000, 3_620_000, 86_400_000])(
    "is waited out by an Aircall whose clock is %d ms beside ours",
    async (ms) => {
      const { waits, parts, now } = clock();
      const date = Math.ceil((now() + ms) / 1000);
      const headers = {
        ...noRequests,
        Date: new Date(date * 1000).toUTCString(),
        "X-AircallApi-Reset": String(date + 20),
      };
      const api = await serve({ status: 429, headers }, { status: 204 });
      await connect(api, { ...parts, timeoutMs: 30_000 }).send(rawRoute("GET", "/v1/things"), null);
      expect(waits).toEqual([20_000]);
    },
  );

  it("without any hint asks for a minute", async () => {
    const api = await serve({ status: 429 });
    await expect(connect(api).send(rawRoute("GET", "/v1/calls"), null)).rejects.toMatchObject({ retryAfterMs: 60_000 });
    expect(api.arrived).toHaveLength(1);
  });
});

/** A clock that stands still but for the waits. */
function clock() {
  let time = Date.parse("2026-11-23T10:00:00Z");
  const waits: number[] = [];
  const parts: Partial<HttpParts> = {
    now: () => time,
    sleep: (ms) => {
      waits.push(ms);
      time += ms;
      return Promise.resolve();
    },
  };
  return { waits, parts, now: () => time };
}

function realSleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(new Error("woken"));
    });
  });
}

function beginAnswer(res: ServerResponse, then: () => void): void {
  res.writeHead(200, { "content-length": "100" });
  res.write("{", () => setTimeout(then, 10));
}
