import { EventEmitter, getEventListeners, once } from "node:events";
import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { BodyTooLarge } from "../../../src/http/response-body";
import { Cancellation } from "../../../src/time/cancel";
import type { Transport } from "../../../src/http/transport/transport";
import { createUndiciTransport } from "../../../src/http/transport/undici";
import { type Api, type Reply, useApi } from "../../support/servers/api";

const { serve } = useApi();
const mebibyte = 2 ** 20;

describe("createUndiciTransport", () => {
  let transport: Transport;
  beforeEach(() => (transport = createUndiciTransport()));
  afterEach(() => transport.close());

  const get = (api: Api, signal: AbortSignal | Cancellation = new Cancellation()) =>
    transport.send({ method: "GET", url: `${api.url}/v1/calls?page=2`, headers: {}, body: null, signal });

  it("answers status, headers by any spelling, and the body in one piece", async () => {
    const api = await serve((_req, res) => {
      res.writeHead(201, { "X-Two": ["a", "b"] });
      res.write("one, ");
      setImmediate(() => res.end("two"));
    });
    const answer = await get(api);
    expect(answer).toMatchObject({ status: 201, headers: { "x-two": ["a", "b"] } });
    expect([answer.header("X-TWO"), answer.header("x-none")]).toEqual(["a", null]);
    expect((await answer.bytes(100)).toString()).toBe("one, two");
    expect(api.arrived).toMatchObject([{ method: "GET", url: "/v1/calls?page=2" }]);
  });

  it("passes over what comes before the answer itself", async () => {
    const api = await serve((_req, res) => {
      res.writeEarlyHints({ link: "</style.css>; rel=preload" });
      res.end("whole");
    });
    const answer = await get(api);
    expect(answer.status).toBe(200);
    expect((await answer.bytes(100)).toString()).toBe("whole");
  });

  it.each([
    ["stop", () => stopped(new Error("gone"))],
    ["signal", () => AbortSignal.abort(new Error("gone"))],
  ])("sends nothing for a %s that ended before", async (_kind, ended) => {
    const api = await serve({});
    await expect(get(api, ended())).rejects.toThrow("gone");
    expect(api.arrived).toEqual([]);
  });

  it("lets go after a few seconds of a connection over which something acted, and of no other", async () => {
    const sockets: Socket[] = [];
    const api = await serve((req, res) => {
      sockets.push(req.socket);
      // As a balancer does it, whose limit nobody is told.
      res.writeHead(204, { connection: "keep-alive", "keep-alive": "timeout=60" }).end();
    });
    const act = {
      method: "POST",
      url: `${api.url}/v1/tags`,
      headers: {},
      body: "{}",
      signal: new Cancellation(),
      fresh: true,
    };
    await (await get(api)).bytes(10);
    await (await transport.send(act)).bytes(10);
    await new Promise((resolve) => setImmediate(resolve));
    await (await transport.send(act)).bytes(10);
    const [read, acted, actedAgain] = sockets as [Socket, Socket, Socket];
    expect([acted === read, actedAgain === acted]).toEqual([false, true]);
    await once(acted, "close");
    expect(read.destroyed).toBe(false);
  });

  it("ends a request under way, and its connection", async () => {
    const { reply, begun } = hang();
    const api = await serve(reply);
    const stop = new Cancellation();
    const answer = get(api, stop);
    const closed = once(await begun, "close");
    stop.stop(new Error("gone"));
    await expect(answer).rejects.toThrow("gone");
    await closed;
  });

  it.each(["bytes", "stream"] as const)("ends the reading of a body under way as %s", async (how) => {
    const { reply, begun } = hang("first");
    const api = await serve(reply);
    const stop = new Cancellation();
    const answer = await get(api, stop);
    const reading = how === "bytes" ? answer.bytes(100) : answer.stream().toArray();
    const closed = once(await begun, "close");
    stop.stop(new Error("gone"));
    await expect(reading).rejects.toThrow("gone");
    await closed;
  });

  it("stops listening to a signal when the answer has come", async () => {
    const api = await serve({ body: "whole" });
    const { signal } = new AbortController();
    await (await get(api, signal)).bytes(100);
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });

  it("fails where the connection breaks, before and within the body", async () => {
    const api = await serve(
      (req) => req.socket.destroy(),
      (req, res) => res.write("first", () => req.socket.destroy()),
    );
    await expect(get(api)).rejects.toThrow();
    await expect((await get(api)).bytes(100)).rejects.toThrow();
  });

  it("lets go of a body that is too long, however early it is asked for", async () => {
    const api = await serve({ body: "x".repeat(101) });
    await expect((await get(api)).bytes(100)).rejects.toThrow(BodyTooLarge);
    const late = await get(api);
    await pause(20);
    await expect(late.bytes(100)).rejects.toThrow(BodyTooLarge);
  });

  it("streams no faster than it is read", async () => {
    let unsent = 0;
    const api = await serve((_req, res) => {
      const piece = Buffer.alloc(mebibyte);
      for (let sent = 0; sent < 64; sent++) res.write(piece);
      unsent = res.writableLength;
      setTimeout(() => (unsent = res.writableLength), 50);
      res.end();
    });
    const stream = (await get(api)).stream();
    await pause(150);
    expect(unsent).toBeGreaterThan(32 * mebibyte);
    expect(stream.readableLength).toBeLessThan(mebibyte);
    let length = 0;
    for await (const piece of stream) length += (piece as Buffer).length;
    expect(length).toBe(64 * mebibyte);
  });

  it.each(["discard", "destroy"] as const)("ends the answer when nobody reads on: %s", async (how) => {
    const { reply, begun } = hang("first");
    const api = await serve(reply);
    const answer = await get(api);
    const closed = once(await begun, "close");
    if (how === "discard") await answer.discard();
    else answer.stream().destroy();
    await closed;
  });
});

/** A reply that never ends, and the answer it began. */
function hang(first?: string) {
  const events = new EventEmitter();
  const begun = once(events, "begun").then(([res]) => res as ServerResponse);
  const reply: Reply = (_req, res) => {
    if (first !== undefined) res.write(first);
    events.emit("begun", res);
  };
  return { reply, begun };
}

function stopped(reason: Error): Cancellation {
  const stop = new Cancellation();
  stop.stop(reason);
  return stop;
}
