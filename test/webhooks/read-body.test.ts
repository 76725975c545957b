import { PassThrough, Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { readBody, type DeliveryRequest } from "../../src/webhooks/read-body";
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

/** A request whose body comes in these pieces. */
function incoming(pieces: Iterable<string>, headers: object = {}, body?: unknown): DeliveryRequest {
  const stream = Readable.from(Array.from(pieces, (piece) => Buffer.from(piece)));
  const given = { headers: { "content-type": "application/json", ...headers }, body };
  return Object.assign(stream, given) as unknown as DeliveryRequest;
}

describe("the body of a delivery, as its request brings it", () => {
  const read = async (req: DeliveryRequest, maxBytes = 10) => String(await readBody(req, maxBytes));

  it("is all of its pieces, and nothing listens any more", async () => {
    for (const pieces of [["{}"], ["{", "}"], []]) {
      const req = incoming(pieces);
      expect(await read(req)).toBe(pieces.join(""));
      expect(["data", "end", "close"].map((name) => req.listenerCount(name))).toEqual([0, 0, 0]);
    }
  });

  it("is as long as it may be, and no longer, by its head or by its pieces", async () => {
    expect(await read(incoming(["12345", "67890"], { "content-length": "10" }))).toBe("1234567890");
    const announced = incoming([""], { "content-length": "11" });
    for (const req of [announced, incoming(["12345", "678901"])]) {
      await expect(read(req)).rejects.toMatchObject({ code: "webhook_too_large" });
    }
  });

  it.each([
    [" application/json ; charset=utf-8", undefined],
    ["Application/JSON", ""],
    ["application/vnd.air-call+json", "Identity"],
  ])("is taken by its type, %s, and its encoding, %s", async (type, encoding) => {
    expect(await read(incoming(["{}"], { "content-type": type, "content-encoding": encoding }))).toBe("{}");
  });

  it.each([
    ["application/jsonp", undefined, "is no JSON, by its content type."],
    ["xapplication/json", undefined, "is no JSON, by its content type."],
    ["application/+json", undefined, "is no JSON, by its content type."],
    [undefined, undefined, "is no JSON, by its content type."],
    ["application/json", "gzip", "is compressed: Aircall's are not."],
    ["application/json", "identity, gzip", "is compressed: Aircall's are not."],
    ["application/json", "xidentity", "is compressed: Aircall's are not."],
  ])("is refused by its type, %s, and its encoding, %s", async (type, encoding, why) => {
    const req = incoming(["{}"], { "content-type": type, "content-encoding": encoding });
    await expect(read(req)).rejects.toMatchObject({ code: "webhook_type", message: `The delivery's body ${why}` });
  });

  it("is none that is cut off, or fails", async () => {
    for (const error of [undefined, new Error("aborted")]) {
      const req = incoming(["{"]);
      const cut = read(req);
      req.destroy(error);
      await expect(cut).rejects.toMatchObject({
        code: "webhook_body",
        message: "The delivery's body ended before it was whole.",
      });
    }
  });

  it("is none that does not come within five seconds", async () => {
    jest.useFakeTimers();
    const req = Object.assign(new PassThrough(), { headers: { "content-type": "application/json" } });
    const slow = expect(read(req as unknown as DeliveryRequest)).rejects.toMatchObject({
      code: "webhook_slow",
      message: "The delivery's body did not come within 5000 ms.",
    });
    await jest.advanceTimersByTimeAsync(5_000);
    await slow;
    jest.useRealTimers();
  });

  it("is what something before has made of it", async () => {
    const bytes = Buffer.from("{}");
    for (const body of ["{}", bytes, { event: "call.ended" }]) {
      const req = incoming(["{}"], {}, body);
      await text(req);
      expect(await readBody(req, 10)).toBe(body);
    }
    for (const body of [undefined, null, 7]) {
      const req = incoming(["{}"], {}, body);
      await text(req);
      await expect(readBody(req, 10)).rejects.toThrow(
        "Something read the body of a webhook before aircallWebhooks() and left none of it on req.body. Mount " +
          "aircallWebhooks() before it, or read JSON with express.json().",
      );
    }
    expect(await read(incoming(["[]"], {}, { not: "read yet" }))).toBe("[]");
  });

  it("is not what is left where something before has read a part of it, or found it empty", async () => {
    const begun = incoming(["{", "}"]);
    await once(begun, "data");
    begun.pause();
    const empty = incoming([]);
    await text(empty);
    for (const req of [begun, empty]) await expect(readBody(req, 10)).rejects.toMatchObject({ code: "config_invalid" });
  });
});

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
