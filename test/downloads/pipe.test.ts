import { once } from "node:events";
import { get, request as openRequest, type IncomingMessage, type ServerResponse } from "node:http";
import { createConnection, type AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { setTimeout as pause } from "node:timers/promises";
import express, { type ErrorRequestHandler, type Request, type Response } from "express";
import supertest from "supertest";
import type { Download } from "../../src/downloads/download";
import { route } from "../../src/http/route";
import { useApi, type Reply } from "../support/servers/api";
import { addressAt, callWith, etag, keeping, modified, soundOf } from "../support/servers/file-server";

const { serve, connect } = useApi();
const sound = soundOf(10_000);

const closers: (() => unknown)[] = [];
afterEach(() => Promise.all(closers.splice(0).map((close) => close())));

type Handler = (download: Download, res: Response, req: Request) => unknown;

/** An app whose `/recording` is a file of that server, and what its error handler heard. */
async function appWith(file: Reply, handler: Handler = (download, res) => download.pipe(res), recording?: null) {
  const files = await serve(file);
  const http = connect(await serve(callWith(recording === undefined ? addressAt(files) : recording)));
  const heard: unknown[] = [];
  const hear: ErrorRequestHandler = (error: { status?: number }, _req, res, next) => {
    heard.push(error);
    if (res.headersSent) return next(error);
    res.status(error.status ?? 500).json(error);
  };
  const app = express().set("env", "test");
  app.all("/recording", async (req, res) => {
    const field = { route: route`GET /v1/calls/${7}`, key: "call", field: "recording" };
    await handler(http.download(field), res, req);
  });
  app.use(hear);
  const server = app.listen(0, "127.0.0.1");
  await once(server, "listening");
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { app, files, heard, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/recording` };
}

async function ask(url: string, headers: Record<string, string> = {}, method = "GET") {
  const [res] = (await once(openRequest(url, { headers, method, agent: false }).end(), "response")) as [
    IncomingMessage,
  ];
  return { status: res.statusCode, headers: res.headers, body: await buffer(res) };
}

describe("a download piped into a response", () => {
  it.each<[string, (res: ServerResponse) => unknown]>([
    ["ends", (res) => res.destroy()],
    ["is reset", (res) => res.socket?.resetAndDestroy()],
  ])("is a 502 where its server's connection %s before the first byte", async (_how, end) => {
    const dying: Reply = (_req, res) => {
      res.writeHead(200, { "content-type": "audio/mpeg", "content-length": 1_000 }).flushHeaders();
      setTimeout(end, 20, res);
    };
    const { url, heard } = await appWith(dying);
    const { status, headers } = await ask(url);
    expect([status, headers["content-type"]]).toEqual([502, "application/json; charset=utf-8"]);
    expect(heard).toMatchObject([{ code: "connection_failed" }]);
  });

  it("answers a file without a byte, and a HEAD, as they are", async () => {
    const { url } = await appWith(keeping(Buffer.alloc(0)));
    expect(await ask(url)).toMatchObject({ status: 200, body: Buffer.alloc(0) });
    expect((await ask(url, {}, "HEAD")).status).toBe(200);
  });

  it.each(['"7f3a"', 'W/"7f3a"', '"other", "7f3a"', "*"])(
    "says to who has it by If-None-Match %s that it is the same",
    async (known) => {
      const { url } = await appWith(keeping(sound));
      for (const [method, more] of [
        ["GET", {}],
        ["HEAD", {}],
        ["GET", { range: "bytes=0-9" }],
      ] as const) {
        const { status, headers, body } = await ask(url, { "if-none-match": known, ...more }, method);
        expect([status, headers["etag"], headers["cache-control"], body.length]).toEqual([
          304,
          etag,
          "private, no-transform",
          0,
        ]);
        expect(headers).not.toHaveProperty("content-range");
      }
    },
  );

  it.each([modified, "Wed, 25 Nov 2026 00:00:00 GMT"])(
    "says to who has it since %s that it is the same, where it has no ETag",
    async (since) => {
      const { url } = await appWith(keeping(sound, { etag: "" }));
      const { status, headers, body } = await ask(url, { "if-modified-since": since });
      expect([status, headers["last-modified"], body.length]).toEqual([304, modified, 0]);
    },
  );

  it.each<Record<string, string>>([
    { "if-modified-since": "Mon, 23 Nov 2026 08:00:00 GMT" },
    { "if-modified-since": "yesterday" },
    { "if-modified-since": "" },
    { "if-modified-since": modified, "if-none-match": '"older"' },
  ])("answers with the file to who may have an older one: %j", async (headers) => {
    const { url } = await appWith(keeping(sound));
    expect((await ask(url, headers)).status).toBe(200);
  });

  it("answers a POST with all of it: neither ranges nor what is known count there", async () => {
    const { url } = await appWith(keeping(sound));
    const { status, body } = await ask(url, { "if-none-match": "*", range: "bytes=0-9" }, "POST");
    expect([status, body.equals(sound)]).toEqual([200, true]);
  });

  it("answers with the file to who has another", async () => {
    const { url } = await appWith(keeping(sound));
    expect((await ask(url, { "if-none-match": '"older"' })).status).toBe(200);
  });

  it("answers with the file, and of its server's headers with these only", async () => {
    const { url } = await appWith(keeping(sound));
    const { status, headers, body } = await ask(url);
    expect([status, body.equals(sound)]).toEqual([200, true]);
    const { date: _, connection: __, "x-powered-by": ___, ...rest } = headers;
    expect(rest).toEqual({
      "accept-ranges": "bytes",
      "cache-control": "private, no-transform",
      "content-length": "10000",
      "content-type": "audio/mpeg",
      etag,
      "last-modified": modified,
      "x-content-type-options": "nosniff",
    });
  });

  it.each([
    ["bytes=0-0", 0, 0],
    ["bytes=0-", 0, 9_999],
    ["bytes=4000-4999", 4_000, 4_999],
    ["bytes=9999-", 9_999, 9_999],
    ["bytes=9990-20000", 9_990, 9_999],
    ["bytes=-1", 9_999, 9_999],
    ["bytes=-99999", 0, 9_999],
  ])("answers %s with just that", async (range, start, end) => {
    const { url } = await appWith(keeping(sound));
    const { status, headers, body } = await ask(url, { range });
    expect([status, body.equals(sound.subarray(start, end + 1))]).toEqual([206, true]);
    expect(headers["content-range"]).toBe(`bytes ${start}-${end}/10000`);
    expect(headers["content-length"]).toBe(String(end - start + 1));
  });

  it.each(["bytes=10000-", "bytes=-0"])("answers %s with a 416 that tells the length", async (range) => {
    const { app } = await appWith(keeping(sound));
    const answer = await supertest(app).get("/recording").set("Range", range).expect(416);
    expect(answer.headers).toMatchObject({ "content-range": "bytes */10000", "content-length": "0" });
    expect(answer.headers["content-type"]).toBeUndefined();
  });

  it.each(["bytes=0-1,4-5", "bytes=a-b", "lines=1-2", "bytes=1-0x2", ""])("takes %j for the whole", async (range) => {
    const { url, files } = await appWith(keeping(sound));
    const { status, body } = await ask(url, { range });
    expect([status, body.length]).toEqual([200, sound.length]);
    expect(files.arrived[0]!.headers.range).toBeUndefined();
  });

  it.each([
    [etag, 206],
    [modified, 206],
    ['"older"', 200],
    ["Mon, 23 Nov 2026 08:00:00 GMT", 200],
    ["\u00e9", 200],
  ])("answers a part if the file is still %s: %i", async (condition, status) => {
    const { url } = await appWith(keeping(sound));
    const answer = await ask(url, { range: "bytes=0-9", "if-range": condition });
    expect([answer.status, answer.body.length]).toEqual([status, status === 206 ? 10 : sound.length]);
  });

  it("answers a HEAD without a body, as for the whole", async () => {
    const { url, files } = await appWith(keeping(sound));
    const { status, headers, body } = await ask(url, { range: "bytes=0-9" }, "HEAD");
    expect([status, headers["content-length"], body.length]).toEqual([200, "10000", 0]);
    expect(files.arrived[0]!.method).toBe("GET");
  });

  it.each(["text/html", "application/xml", "image/svg+xml", "audio/mpeg/x", "video/mp4", ""])(
    "calls what came as %j a stream of bytes",
    async (type) => {
      const { url } = await appWith(keeping(sound, { "content-type": type }));
      const { headers } = await ask(url);
      const { "content-type": shown, "x-content-type-options": sniffing } = headers;
      expect([shown, sniffing]).toEqual(["application/octet-stream", "nosniff"]);
    },
  );

  it.each(["no-store", "No-Transform, max-age=60"])("keeps the Cache-Control of the app: %s", async (said) => {
    const { url } = await appWith(keeping(sound), (download, res) => download.pipe(res.set("Cache-Control", said)));
    const whole = said === "no-store" ? "no-store, no-transform" : said;
    expect((await ask(url)).headers["cache-control"]).toBe(whole);
  });

  it("asks compression() and proxies to leave its bytes alone, for else its ranges would be of something else", async () => {
    const { url } = await appWith(keeping(sound));
    for (const headers of [{}, { range: "bytes=0-9" }, { "if-none-match": etag }]) {
      expect((await ask(url, headers)).headers["cache-control"]).toMatch(/\bno-transform\b/);
    }
  });

  it("leaves room for listeners of the app, compression() and tracing agents before Node warns of a leak", async () => {
    const most: Record<string, number> = {};
    const { url } = await appWith(keeping(sound), (download, res) => {
      const before = res.eventNames().map((name) => [name, res.listenerCount(name)] as const);
      res.on("newListener", () => setImmediate(count));
      const count = () => {
        for (const name of res.eventNames().map(String)) {
          const earlier = before.find(([other]) => other === name)?.[1] ?? 0;
          most[name] = Math.max(most[name] ?? 0, res.listenerCount(name) - earlier);
        }
      };
      return download.pipe(res);
    });
    expect((await ask(url)).body.equals(sound)).toBe(true);
    expect(most["close"]).toBeGreaterThan(0);
    expect(Math.max(...Object.values(most))).toBeLessThanOrEqual(4);
  });

  it("is saved under the name it is given", async () => {
    const { url } = await appWith(keeping(sound), (download, res) => download.pipe(res, { filename: 'Zoë "1".mp3' }));
    const expected = `attachment; filename="Zo_ _1_.mp3"; filename*=UTF-8''Zo%C3%AB%20%221%22.mp3`;
    expect((await ask(url)).headers["content-disposition"]).toBe(expected);
  });
});

describe("a download that fails", () => {
  it("before the answer began leaves it to the app's error handler", async () => {
    const { app, heard } = await appWith({}, (download, res) => download.pipe(res), null);
    await supertest(app)
      .get("/recording")
      .expect(404, /no recording \(yet\)/);
    expect(heard).toHaveLength(1);
  });

  it("in the midst of it breaks the answer off, and rejects", async () => {
    const breakOff = (_req: unknown, res: ServerResponse) =>
      res.writeHead(200, { "content-type": "audio/mpeg" }).write("half", () => setImmediate(() => res.destroy()));
    const { url, heard } = await appWith(breakOff);
    await expect(ask(url)).rejects.toMatchObject({ code: "ECONNRESET" });
    // The visitor may know before the app does.
    while (heard.length === 0) await pause(1);
    expect(heard).toEqual([expect.objectContaining({ code: "connection_failed" })]);
  });

  it("for an answer that has begun already lets go of the file", async () => {
    const left = openPromise<void>();
    const endless = (_req: unknown, res: ServerResponse) => res.on("close", left.resolve).writeHead(200).write("x");
    const { url, heard } = await appWith(endless, (download, res) => {
      res.flushHeaders();
      return download.pipe(res);
    });
    await expect(ask(url)).rejects.toMatchObject({ code: "ECONNRESET" });
    await left.promise;
    expect(heard).toEqual([expect.objectContaining({ code: "ERR_HTTP_HEADERS_SENT" })]);
  });
});

describe("a visitor who leaves", () => {
  it("in the midst of a file ends its request, and nobody is blamed", async () => {
    const left = openPromise<void>();
    const settled = openPromise<unknown>();
    const endless = (_req: unknown, res: ServerResponse) => res.on("close", left.resolve).writeHead(200).write("x");
    const { url, heard } = await appWith(endless, async (download, res) => settled.resolve(await download.pipe(res)));
    const visit = get(url, { agent: false });
    const [res] = (await once(visit, "response")) as [IncomingMessage];
    res.on("error", () => undefined).destroy();
    await left.promise;
    expect(await settled.promise).toBeUndefined();
    expect(heard).toEqual([]);
  });

  it("before the file has begun ends its request", async () => {
    const arrived = openPromise<void>();
    const left = openPromise<void>();
    const { url, heard } = await appWith((_req, res) => {
      res.on("close", left.resolve);
      arrived.resolve();
    });
    const visit = get(url, { agent: false }).on("error", () => undefined);
    await arrived.promise;
    visit.destroy();
    await left.promise;
    expect(heard).toEqual([]);
  });

  it("before it was asked for costs nothing", async () => {
    const settled = openPromise<unknown>();
    const { url, files } = await appWith(keeping(sound), async (download, res) => {
      res.destroy();
      settled.resolve(await download.pipe(res));
    });
    await expect(ask(url)).rejects.toMatchObject({ code: "ECONNRESET" });
    expect([await settled.promise, files.arrived.length]).toEqual([undefined, 0]);
  });
});

describe("a visitor who takes it slowly", () => {
  it("slows the file's server down: of 50 MB next to nothing is fetched ahead", async () => {
    const size = 50 * 2 ** 20;
    const file = countingFile(size);
    const { url } = await appWith(file.serve);
    const { port, pathname } = new URL(url);
    const visitor = createConnection(Number(port), "127.0.0.1").pause();
    visitor.write(`GET ${pathname} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
    const ahead = await file.standsStill();
    // What the kernel holds for two connections; the library adds less than 1 MiB.
    expect(ahead).toBeLessThan(20 * 2 ** 20);
    const answer = await buffer(visitor);
    expect(answer.subarray(answer.indexOf("\r\n\r\n") + 4).length).toBe(size);
  });
});

/** A file that is written only as fast as it is taken. */
function countingFile(size: number) {
  const block = Buffer.alloc(2 ** 16, "a");
  let written = 0;

  function serve(_req: unknown, res: ServerResponse): void {
    res.writeHead(200, { "content-type": "audio/mpeg", "content-length": size });
    const more = () => {
      while (written < size) {
        written += block.length;
        if (!res.write(block)) return void res.once("drain", more);
      }
      res.end();
    };
    more();
  }

  /** Bytes written, once no more are for a quarter of a second. */
  async function standsStill(): Promise<number> {
    for (let before = -1; before !== written || written === 0;) {
      before = written;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
    return written;
  }

  return { serve, standsStill };
}

function openPromise<T>() {
  let resolve!: (value: T) => void;
  const promise = new Promise<T>((settle) => (resolve = settle));
  return { promise, resolve };
}
