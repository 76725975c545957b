import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { gzipSync } from "node:zlib";
import { promised } from "../support/promised";
import { delivery, token } from "./parse/deliveries";
import { post, startReceiving } from "./receiving";

const body = JSON.stringify(delivery());
const start = (maxBytes?: number) => startReceiving({ onAny: () => undefined, maxBytes });

/** Writes by hand what no client would. */
async function raw(url: string, head: readonly string[], chunks: readonly string[] = []): Promise<string> {
  const { hostname, port, pathname } = new URL(url);
  const socket: Socket = connect(Number(port), hostname);
  await once(socket, "connect");
  socket.write(
    [`POST ${pathname} HTTP/1.1`, "Host: localhost", "Content-Type: application/json", ...head, "", ""].join("\r\n"),
  );
  for (const chunk of chunks) socket.write(chunk);
  socket.on("error", () => undefined);
  const [answer] = (await once(socket, "data")) as [Buffer];
  socket.destroy();
  return answer.toString();
}

describe("a delivery's body", () => {
  it("is read to its end however it is cut", async () => {
    const { url } = await start();
    const chunks = Array.from(body, (letter) => `1\r\n${letter}\r\n`);
    expect(await raw(url, ["Transfer-Encoding: chunked"], [...chunks, "0\r\n\r\n"])).toMatch(/^HTTP\/1\.1 200 /);
  });

  it.each(["GET", "PUT", "DELETE"])("is refused by %s with 405", async (method) => {
    const { url } = await start();
    const { status, headers } = await fetch(url, { method });
    expect([status, headers.get("allow")]).toEqual([405, "POST"]);
  });

  it.each([
    ["text", { "Content-Type": "text/plain" }],
    ["a form", { "Content-Type": "application/x-www-form-urlencoded" }],
    ["none", { "Content-Type": "" }],
    ["gzip", { "Content-Encoding": "gzip" }],
  ])("of the type %s is refused with 415", async (_, headers) => {
    const { url } = await start();
    expect((await post(url, body, headers)).status).toBe(415);
  });

  it.each(["application/json; charset=utf-8", "APPLICATION/JSON", "application/vnd.aircall+json"])(
    "of the type %s is taken",
    async (type) => {
      const { url } = await start();
      expect((await post(url, body, { "Content-Type": type })).status).toBe(200);
    },
  );

  it("that would unpack to more than can be held is never unpacked", async () => {
    const { url } = await start();
    const bomb = gzipSync(Buffer.alloc(50_000_000, "["));
    expect((await post(url, bomb, { "Content-Encoding": "gzip" })).status).toBe(415);
  });

  it("longer than maxBytes is refused with 413, as soon as its head says so", async () => {
    const { url } = await start(1_000);
    expect(await raw(url, ["Content-Length: 1001"])).toMatch(/^HTTP\/1\.1 413 .*\r\nConnection: close/s);
  });

  it("longer than maxBytes is refused with 413 where its head does not say so", async () => {
    const { url } = await start(1_000);
    const chunk = `3e8\r\n${"x".repeat(1_000)}\r\n`;
    expect(await raw(url, ["Transfer-Encoding: chunked"], [chunk, chunk])).toMatch(/^HTTP\/1\.1 413 /);
  });

  it("that does not come to its end is refused with 408 after five seconds", async () => {
    const { url } = await start();
    const startedAt = performance.now();
    expect(await raw(url, [`Content-Length: ${body.length}`], [body.slice(0, 20)])).toMatch(/^HTTP\/1\.1 408 /);
    expect(performance.now() - startedAt).toBeGreaterThan(4_900);
  });

  it("that is cut off leaves the app as it was", async () => {
    const { url, send } = await start();
    const { hostname, port, pathname } = new URL(url);
    const socket = connect(Number(port), hostname);
    await once(socket, "connect");
    const head = `POST ${pathname} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n`;
    await new Promise((resolve) => socket.write(head + body.slice(0, 20), resolve));
    socket.destroy();
    expect(await send(delivery())).toBe(200);
  });

  it.each([
    ["brackets", "[".repeat(990_000)],
    ["keys", `{${'"a":1,'.repeat(140_000)}"a":1}`],
    [
      "a deep event",
      JSON.stringify(delivery()).replace('"data":', `"more":${"[".repeat(70)}${"]".repeat(70)},"data":`),
    ],
    ["what is no JSON", "event=call.ended"],
    ["nothing", ""],
  ])("of %s is refused with 400, and holds nobody up", async (_, bomb) => {
    const { url } = await start();
    await post(url, bomb);
    const delay = monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
    expect((await post(url, bomb)).status).toBe(400);
    delay.disable();
    expect(delay.max / 1e6).toBeLessThan(promised(50));
  });

  it.each([
    ["a token that is none", { token: `${token}x` }],
    ["no event", { event: undefined }],
  ])("with %s is answered without a word about it", async (_, changes) => {
    const { url } = await start();
    const answer = await post(url, JSON.stringify(delivery(changes)));
    expect(await answer.text()).toBe("");
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(JSON.stringify([...answer.headers])).not.toContain(token);
  });
});
