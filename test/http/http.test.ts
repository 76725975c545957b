import { readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { ConfigError, ConnectionError, TimeoutError } from "../../src/errors/errors";
import type { Api } from "../../src/resources/api";
import { route } from "../../src/http/route";
import { unlimited, type Limiter } from "../../src/http/limiter";
import { secret, useApi } from "../support/servers/api";
import { promised } from "../support/promised";

const { serve, connect } = useApi();
const getCall = (http: Api) => http.send(route`GET /v1/calls/${7}`, "call");
const transports = [
  ["undici", null],
  ["fetch", globalThis.fetch],
] as const;

describe.each(transports)("a request over %s", (_name, fetch) => {
  it("carries credential, version and JSON headers", async () => {
    const { version } = JSON.parse(readFileSync(join(__dirname, "../../package.json"), "utf8"));
    const api = await serve({ status: 204 });
    await connect(api, { fetch }).send(route`POST /v1/users/${7}/dial`, null, {}, { to: "+33199001234" });
    expect(api.arrived).toMatchObject([{ method: "POST", url: "/v1/users/7/dial", body: '{"to":"+33199001234"}' }]);
    expect(api.arrived[0]!.headers).toMatchObject({
      authorization: `Bearer ${secret}`,
      accept: "application/json",
      "content-type": "application/json",
      "user-agent": `express-aircall/${version}`,
    });
  });

  it("sends the input of a GET or DELETE as its query", async () => {
    const api = await serve({});
    const http = connect(api, { fetch });
    await http.send(route`GET /v1/calls/${7}`, "call", {}, { fetch_contact: true });
    await http.send(route`DELETE /v1/webhooks/${"a b"}`, null, {}, { id: 1 });
    expect(api.arrived.map(({ method, url, body }) => [method, url, body])).toEqual([
      ["GET", "/v1/calls/7?fetch_contact=true", ""],
      ["DELETE", "/v1/webhooks/a%20b?id=1", ""],
    ]);
    expect(api.arrived[0]!.headers["content-type"]).toBeUndefined();
    expect(api.arrived[1]!.headers["content-type"]).toBe("application/json");
  });

  it.each([301, 302, 307, 308])("follows no %d and shows the credential to nobody else", async (status) => {
    const elsewhere = await serve({});
    const api = await serve({ status, headers: { location: `${elsewhere.url}/v1/calls/7` } });
    const failure = await getCall(connect(api, { fetch })).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ConnectionError);
    expect((failure as Error).message).toContain(`redirect (${status})`);
    expect(api.arrived).toHaveLength(1);
    expect(elsewhere.arrived).toHaveLength(0);
  });

  it.each<[string, (req: IncomingMessage, res: ServerResponse) => void]>([
    ["no answer comes", () => undefined],
    ["only its head comes", (_req, res) => res.writeHead(200).write("{")],
    ["its body drips", (_req, res) => drip(res)],
  ])("ends within its deadline when %s", async (_how, handle) => {
    const api = await serve(handle);
    const startedAt = performance.now();
    const http = connect(api, { fetch, timeoutMs: 1_500 });
    await expect(getCall(http)).rejects.toMatchObject({ code: "timeout", request: "GET /v1/calls/:id" });
    expect(performance.now() - startedAt).toBeLessThan(promised(1_800));
    expect(api.arrived).toHaveLength(1);
  });

  it("stops with the caller's reason", async () => {
    const api = await serve(() => caller.abort(reason));
    const [caller, reason] = [new AbortController(), new Error("the visitor left")];
    const request = connect(api, { fetch }).send(route`GET /v1/ping`, null, { signal: caller.signal });
    await expect(request).rejects.toBe(reason);
  });

  it("names an unreachable server without details of ours", async () => {
    const http = connect({ url: "http://127.0.0.1:9", arrived: [] }, { fetch });
    await expect(getCall(http)).rejects.toMatchObject({ code: "connection_failed", request: "GET /v1/calls/:id" });
  });
});

describe("an answer", () => {
  it.each<[string, unknown, unknown]>([
    ["the entity out of its wrapper", { call: { id: 7 } }, { id: 7 }],
    ["null where Aircall says null", { call: null }, null],
    ["the whole object where the wrapper is missing", { id: 7 }, { id: 7 }],
    ["undefined for an empty body", "", undefined],
    ["undefined for blanks", " \r\n", undefined],
    ["an own property only", { __proto__: null, toString: 1 }, { toString: 1 }],
  ])("gives %s", async (_case, body, expected) => {
    const api = await serve({ body });
    await expect(getCall(connect(api))).resolves.toEqual(expected);
  });

  it.each(["<html>", "{", "undefined", `{"call":"${secret}`])(
    "that is no JSON (%s) is an error without its text",
    async (body) => {
      const api = await serve({ body });
      const failure: Error = await getCall(connect(api)).then(unexpected, (error: Error) => error);
      expect(failure).toBeInstanceOf(ConnectionError);
      expect(failure.message).toBe("GET /v1/calls/:id: the answer was not JSON.");
    },
  );

  it.each(["null", "42", '"x"', "[]"])("that is %s in place of an object is an error", async (body) => {
    const api = await serve({ body });
    await expect(getCall(connect(api))).rejects.toThrow("the answer was not a JSON object");
  });

  it("is read up to 64 MiB", async () => {
    const megabyte = " ".repeat(2 ** 20);
    const api = await serve((_req, res) => {
      for (let i = 0; i < 65; i++) res.write(megabyte);
      res.end();
    });
    await expect(getCall(connect(api, { timeoutMs: 120_000 }))).rejects.toThrow("longer than 64 MiB");
  });
});

describe("a turn", () => {
  it("is taken before every attempt, and told when it leaves and of every answer's rate headers", async () => {
    const seen: unknown[] = [];
    const turns: Limiter = {
      ...unlimited,
      acquire({ budget, lane, request }) {
        seen.push([budget, lane, request]);
        return Promise.resolve({ sent: () => seen.push("sent"), done: (rate) => seen.push(rate?.remaining) });
      },
    };
    const rate = (remaining: number) => ({ "X-AircallApi-Remaining": String(remaining) });
    const api = await serve({ status: 500, headers: rate(9) }, { status: 404, headers: rate(8) });
    await expect(getCall(connect(api, { limiter: turns }))).rejects.toMatchObject({ rate: { remaining: 8 } });
    const asked = ["company:1", "interactive", "GET /v1/calls/:id"];
    expect(seen).toEqual([asked, "sent", 9, asked, "sent", 8]);
  });

  it("that does not come within the deadline is a time-out, and nothing is sent", async () => {
    const api = await serve({});
    const turns = { ...unlimited, acquire: () => new Promise<never>(() => undefined) };
    await expect(getCall(connect(api, { limiter: turns, timeoutMs: 20 }))).rejects.toBeInstanceOf(TimeoutError);
    expect(api.arrived).toHaveLength(0);
  });
});

describe("call options", () => {
  it("choose the time for one request", async () => {
    const http = connect(await serve(() => undefined));
    const request = http.send(route`GET /v1/ping`, null, { timeoutMs: 30 });
    await expect(request).rejects.toMatchObject({ timeoutMs: 30 });
  });

  it.each([{ timeoutMs: 0 }, { timeoutMs: Infinity }, { maxRetries: -1 }, { maxRetries: 1.5 }])(
    "refuse %p",
    async (options) => {
      const http = connect(await serve({}));
      await expect(http.send(route`GET /v1/ping`, null, options)).rejects.toBeInstanceOf(ConfigError);
    },
  );
});

function drip(res: ServerResponse): void {
  const timer = setInterval(() => res.write(" "), 10);
  res.on("close", () => clearInterval(timer));
}

function unexpected(): never {
  throw new Error("this request was expected to fail");
}
