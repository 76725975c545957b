import { EventEmitter, once } from "node:events";
import { get, IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import request from "supertest";
import { createDedupe } from "../../src/http/dedupe";
import { AircallClient } from "../../src/client/client";
import { type Api, type Reply, useApi } from "../support/servers/api";

const { serve, connect } = useApi();
const calls = { calls: [{ id: 7, duration: 12.5 }], meta: { count: 1, total: 1 } };
/** Neither how we would print it nor what we would leave out. */
const wire = ' { "calls" : [ {"id":7, "duration":12.50, "unknown":"é"} ] } \n';

/** An app whose one route hands on what Aircall answers. */
function passingOn(api: Api, parts = {}) {
  const app = express();
  app.get("/calls", async (_req, res) => {
    await new AircallClient(connect(api, parts)).calls.list().pipe(res);
  });
  app.use((error: { code?: string }, _req: express.Request, res: express.Response, _next: express.NextFunction) => {
    res.status(502).json({ code: error.code });
  });
  return app;
}

describe("an answer that is passed on", () => {
  it("arrives as it came, byte for byte, as JSON and with its length", async () => {
    const api = await serve({ body: wire, headers: { "set-cookie": "theirs=1", "x-aircallapi-limit": "120" } });
    const { text, headers, status } = await request(passingOn(api)).get("/calls");
    expect([status, text]).toEqual([200, wire]);
    expect(headers).toMatchObject({
      "content-type": "application/json; charset=utf-8",
      "content-length": String(Buffer.byteLength(wire)),
    });
    expect(headers).not.toHaveProperty("set-cookie");
    expect(headers).not.toHaveProperty("x-aircallapi-limit");
  });

  it.each<[string, Reply, object]>([
    ["a proxy's page", { body: "<html>{}</html>" }, { code: "connection_failed" }],
    ["half an answer", { body: wire.trim().slice(0, 30) }, { code: "connection_failed" }],
    ["a refusal", { status: 404, body: { error: "Not Found" } }, { code: "not_found" }],
  ])("is an error for the app's own handler where Aircall sends %s", async (_what, reply, body) => {
    const answer = await request(passingOn(await serve(reply))).get("/calls");
    expect([answer.status, answer.body]).toEqual([502, body]);
  });

  it("is asked for again while nothing of it has left", async () => {
    const api = await serve({ status: 503 }, cutOff, { body: wire });
    await expect(request(passingOn(api)).get("/calls")).resolves.toMatchObject({ status: 200, text: wire });
    expect(api.arrived).toHaveLength(3);
  });

  it("is the same one request for all who ask together", async () => {
    const api = await serve({ body: wire });
    const server = passingOn(api, { dedupe: createDedupe() }).listen(0);
    try {
      const answers = await Promise.all(Array.from({ length: 20 }, () => request(server).get("/calls")));
      expect(new Set(answers.map(({ text }) => text))).toEqual(new Set([wire]));
      expect(api.arrived.length).toBeLessThan(20);
    } finally {
      server.close();
    }
  });

  it.each([
    ["before it is asked for", (res: ServerResponse) => void res.destroy()],
    ["while it is awaited", () => undefined],
  ])("is given up when the visitor leaves %s", async (_when, begin) => {
    const reached = new EventEmitter();
    const api = await serve((req) => reached.emit("reached", req));
    const app = express();
    const passed = new Promise<string>((resolve) => {
      app.get("/", async (_req, res) => {
        begin(res);
        await new AircallClient(connect(api)).calls
          .list()
          .pipe(res)
          .then(() => resolve("quietly"), resolve);
      });
    });
    const server = app.listen(0);
    const visitor = get({ port: (server.address() as AddressInfo).port });
    visitor.on("error", () => undefined);
    reached.once("reached", ({ socket }: IncomingMessage) => {
      socket.once("close", () => reached.emit("ended"));
      visitor.destroy();
    });
    const ended = once(reached, "ended");
    await expect(passed).resolves.toBe("quietly");
    if (api.arrived.length > 0) await ended;
    expect(api.arrived).toHaveLength(begin.length === 1 ? 0 : 1);
    server.close();
  });

  it("stays under way for others when one visitor leaves", async () => {
    const answers: ServerResponse[] = [];
    const api = await serve((_req, res) => answers.push(res));
    const sharing = createDedupe();
    const [one, other] = [1, 2].map(() => {
      const res = new ServerResponse({ method: "GET" } as IncomingMessage);
      return { res, piped: new AircallClient(connect(api, { dedupe: sharing })).calls.list().pipe(res) };
    });
    await until(() => answers.length === 1);
    one!.res.emit("close");
    await one!.piped;
    answers[0]!.end(wire);
    await other!.piped;
    expect(other!.res.getHeader("content-length")).toBe(Buffer.byteLength(wire));
    expect(api.arrived).toHaveLength(1);
  });

  it("keeps a status the response was given, and has no body where Aircall sent none", async () => {
    const http = connect(await serve({ body: wire }, { status: 204 }));
    const app = express().get("/", async (_req, res) => new AircallClient(http).calls.list().pipe(res.status(203)));
    app.get("/empty", async (_req, res) => new AircallClient(http).request("GET", "/v1/nothing").pipe(res));
    await expect(request(app).get("/")).resolves.toMatchObject({ status: 203, text: wire });
    const { status, headers } = await request(app).get("/empty");
    expect([status, headers["content-type"]]).toEqual([204, undefined]);
  });
});

describe("an answer", () => {
  it("gives its status, headers and rate limit with its data", async () => {
    const headers = { "X-AircallApi-Limit": "120", "X-AircallApi-Remaining": "7", "X-Request-Id": "abc" };
    const client = new AircallClient(connect(await serve({ status: 201, headers, body: { tag: { id: 3 } } })));
    const { data, response } = await client.tags.create({ name: "VIP", color: "#00b388" }).withResponse();
    expect(data).toEqual({ id: 3 });
    expect(response).toMatchObject({ status: 201, rate: { limit: 120, remaining: 7, resetAt: null } });
    expect(response.headers.get("x-request-id")).toBe("abc");
  });

  it("gives each of those who share it a rate limit of its own", async () => {
    const headers = { "X-AircallApi-Remaining": "7", "X-AircallApi-Reset": "1800000000" };
    const api = await serve({ headers, body: calls });
    const sharing = createDedupe();
    const list = () => new AircallClient(connect(api, { dedupe: sharing })).calls.list().withResponse();
    const [one, other] = await Promise.all([list(), list()]);
    expect(api.arrived).toHaveLength(1);
    one.response.rate.resetAt?.setTime(0);
    Object.assign(one.response.rate, { remaining: 0 });
    expect(other.response.rate).toMatchObject({ remaining: 7, resetAt: new Date(1_800_000_000_000) });
  });

  it("is a promise like any other", async () => {
    const client = new AircallClient(connect(await serve({ body: calls })));
    const answer = client.calls.list();
    expect(answer).toBeInstanceOf(Promise);
    const [first, second] = await Promise.all([answer, answer.finally(() => undefined)]);
    expect(second).toBe(first);
    await expect(client.calls.get("7", {}, { maxRetries: -1 }).catch((error: Error) => error.name)).resolves.toBe(
      "ConfigError",
    );
  });

  it("is asked for even when nobody waits for it", async () => {
    const api = await serve({ status: 204 });
    void new AircallClient(connect(api)).calls.comment(7, { content: "Called back" });
    await until(() => api.arrived.length === 1);
  });
});

function cutOff(...[, res]: Parameters<Extract<Reply, (...args: never[]) => unknown>>): void {
  res.writeHead(200, { "content-length": "100" });
  res.write(wire, () => res.destroy());
}

async function until(happened: () => boolean): Promise<void> {
  while (!happened()) await new Promise((resolve) => setImmediate(resolve));
}
