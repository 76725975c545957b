import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { AircallDiagnostics } from "express-aircall";
import { createBudgets } from "../../src/budget/budget";
import {
  type AircallError,
  NotConnectedError,
  ReconnectRequiredError,
  RenewalFailedError,
  StoreError,
} from "../../src/errors/errors";
import type { HttpParts } from "../../src/http/parts";
import { type Method, rawRoute, route } from "../../src/http/route";
import { type Reply, token, useApi } from "../support/servers/api";
import { startUnreachable } from "../support/servers/unreachable";

const { serve, connect } = useApi();

const closers: (() => unknown)[] = [];
afterEach(() => Promise.all(closers.splice(0).map((close) => close())));

const reset: Reply = (req) => req.socket.destroy();
const never: Reply = () => undefined;
const cut: Reply = (req, res) => {
  res.writeHead(200, { "content-length": "100" });
  res.write("{", () => setTimeout(() => req.socket.destroy(), 5));
};
const idempotent = new Set(["PUT /v1/things/:id", "DELETE /v1/things/:id"]);
const ways: [string, Partial<HttpParts> & { fetch?: typeof fetch }][] = [
  ["our own connections", {}],
  ["a fetch of the developer's", { fetch: globalThis.fetch }],
];

async function failureOf(method: Method, replies: Reply[], parts: object = {}): Promise<AircallError> {
  const http = connect(await serve(...replies), { idempotent, ...parts });
  const failure: unknown = await http.send(rawRoute(method, "/v1/things/7"), null).catch((error: unknown) => error);
  return failure as AircallError;
}

describe("the outcome of a request that failed", () => {
  it.each(ways)("is not_sent where there was no connection, and it is tried again, over %s", async (_way, parts) => {
    const unreachable = await startUnreachable();
    closers.push(() => unreachable.close());
    for (const [what, url] of Object.entries(unreachable.addresses)) {
      // A fetch does not say that a handshake came to nothing in the middle.
      const untold = what === "a server without TLS" && "fetch" in parts;
      let waits = 0;
      const sleep = () => Promise.resolve(void waits++);
      for (const method of ["GET", "POST", "PUT", "DELETE"] as const) {
        waits = 0;
        const http = connect({ url, arrived: [] }, { ...parts, sleep, timeoutMs: 20_000 });
        const failure = (await http
          .send(rawRoute(method, "/v1/things"), null)
          .catch((e: unknown) => e)) as AircallError;
        const repeated = untold && method !== "GET" ? 0 : 2;
        expect([what, method, failure.outcome, waits]).toEqual([
          what,
          method,
          untold ? "unknown" : "not_sent",
          repeated,
        ]);
        expect(failure.message).toContain(new URL(url).origin);
      }
    }
    expect(unreachable.received).toEqual([]);
  });

  it.each(ways)("is refused where Aircall said no, over %s", async (_way, parts) => {
    for (const status of [400, 401, 403, 404, 405, 408, 409, 418, 422, 425, 429]) {
      for (const method of ["GET", "POST", "DELETE"] as const) {
        expect([status, (await failureOf(method, [{ status }], parts)).outcome]).toEqual([status, "refused"]);
      }
    }
  });

  const unclear: [string, Reply][] = [
    ["a reset", reset],
    ["silence", never],
    ["an answer that is cut", cut],
    ["a good answer that is no JSON", { body: "<html>" }],
    ["a good answer that is half JSON", { status: 201, body: '{"id":' }],
    ["a redirect", { status: 303, headers: { location: "/v1/things" } }],
    ["500", { status: 500 }],
    ["502 with a page", { status: 502, body: "<html>refused</html>" }],
    ["504", { status: 504 }],
  ];
  it.each(unclear)(
    "is unknown after %s, and a write is told that it may have been carried out",
    async (_what, reply) => {
      for (const [, parts] of ways) {
        for (const method of ["POST", "PUT", "DELETE", "GET"] as const) {
          const { outcome, message } = await failureOf(method, [reply], { ...parts, timeoutMs: 500 });
          expect([method, outcome]).toEqual([method, "unknown"]);
          expect(message).not.toMatch(/refused by|failed/);
          expect(message.includes("may have been carried out")).toBe(method !== "GET");
        }
      }
    },
  );

  it("is unknown for a write whose first attempt may have been carried out, whatever came of the second", async () => {
    const seconds: Reply[] = [{ status: 422 }, { status: 403 }, { status: 429, headers: { "Retry-After": "900" } }];
    for (const second of seconds) {
      for (const first of [{ status: 503 }, reset, cut]) {
        const failure = await failureOf("PUT", [first, second]);
        expect(failure.outcome).toBe("unknown");
        expect(failure.message).toContain("may have been carried out");
        expect(failure.message).not.toMatch(/refused/);
      }
    }
  });

  it("is that of the last answer for a GET, which acts on nothing", async () => {
    expect(await failureOf("GET", [{ status: 503 }, { status: 404 }])).toMatchObject({ outcome: "refused" });
  });

  it("is refused where one attempt was and the next found no connection", async () => {
    const server = createServer((_req, res) => {
      res.writeHead(429, { "Retry-After": "1", Connection: "close" }).end();
      server.close();
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const http = connect({ url: `http://127.0.0.1:${port}`, arrived: [] }, { timeoutMs: 20_000 });
    const failure = await http.send(rawRoute("POST", "/v1/things"), null).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: "connection_failed", outcome: "refused" });
  });

  it("is not_sent where nobody was connected or a store failed before anything left", async () => {
    const causes = [
      new NotConnectedError(),
      new ReconnectRequiredError(),
      new RenewalFailedError("it is down.", 1_000),
      new StoreError("read a grant", "it did not answer"),
    ];
    for (const cause of causes) {
      const tokens = { ...token, credential: () => Promise.reject(cause) };
      const failure = await failureOf("POST", [{}], { tokens });
      expect(failure).toMatchObject({ code: cause.code, message: cause.message, outcome: "not_sent" });
      expect(failure).toBeInstanceOf(cause.constructor);
      expect(failure.stack!.startsWith(cause.stack!)).toBe(true);
      expect(Object.prototype.toString.call(failure)).toBe("[object Error]");
      expect(cause.outcome).toBeNull();
    }
  });

  it("is refused where the credential was, and unknown where an attempt before that was not clear", async () => {
    const worthless = new ReconnectRequiredError("/auth/aircall");
    const tokens = { ...token, refused: () => Promise.reject(worthless) };
    expect(await failureOf("POST", [{ status: 401 }], { tokens })).toMatchObject({ outcome: "refused" });
    const failure = await failureOf("DELETE", [{ status: 500 }, { status: 401 }], { tokens });
    expect(failure).toMatchObject({ code: "reconnect_required", outcome: "unknown", signInPath: "/auth/aircall" });
    expect(failure.message).toBe(`${worthless.message} An earlier attempt may have been carried out.`);
    expect(failure.stack).toContain(failure.message);
  });

  it("is not_sent for what was never fit to be sent", async () => {
    const http = connect(await serve({}), { readOnly: true });
    await expect(http.send(route`POST /v1/things`, null)).rejects.toMatchObject({ outcome: "not_sent" });
    const options = [{ timeoutMs: 0 }, { maxRetries: -1 }, { cacheMs: NaN }, { lane: "fast" as "bulk" }];
    for (const wrong of options) {
      const request = http.send(route`GET /v1/things`, null, wrong);
      await expect(request).rejects.toMatchObject({ code: "config_invalid", outcome: "not_sent" });
    }
  });

  it("is not_sent for one that found no turn in the budget, at once or in time", async () => {
    const api = await serve({}, { status: 204 });
    const turns = createBudgets({ limit: 1, windowMs: 60_000 });
    const http = connect(api, { limiter: turns });
    await http.send(route`POST /v1/things`, null);
    const failure = await http.send(route`POST /v1/things`, null).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: "rate_limited", outcome: "not_sent" });
    const acquire: NonNullable<HttpParts["limiter"]>["acquire"] = () => new Promise(() => undefined);
    const late = await failureOf("POST", [{}], { limiter: { ...turns, acquire }, timeoutMs: 30 });
    expect(late).toMatchObject({
      code: "timeout",
      outcome: "not_sent",
      message: expect.stringContaining("was not sent"),
    });
    expect(api.arrived).toHaveLength(1);
    turns.close();
  });

  it("is in its JSON, and no error but a request's has one there", async () => {
    expect((await failureOf("POST", [reset])).toJSON()).toMatchObject({ outcome: "unknown" });
    expect(new StoreError("save the session", "it is full").toJSON()).not.toHaveProperty("outcome");
  });
});

describe("the outcome in what is told", () => {
  it("is there for each attempt and request, null for a good one, and for a write that was given up", async () => {
    const told: (string | null)[] = [];
    const hear = (event: unknown) => void told.push((event as AircallDiagnostics["express-aircall:request"]).outcome);
    for (const name of ["request", "attempt"]) subscribe(`express-aircall:${name}`, hear);
    await failureOf("PUT", [{ status: 500 }, { status: 404 }]);
    await failureOf("POST", [{ body: {} }]);
    const caller = new AbortController();
    const api = await serve(() => caller.abort());
    const given = connect(api).send(rawRoute("POST", "/v1/things"), null, { signal: caller.signal }, {});
    await given.catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 20));
    for (const name of ["request", "attempt"]) unsubscribe(`express-aircall:${name}`, hear);
    expect(told.slice(0, 5)).toEqual(["unknown", "unknown", "unknown", null, null]);
    expect(told.slice(5)).toEqual(["unknown", "unknown"]);
  });
});
