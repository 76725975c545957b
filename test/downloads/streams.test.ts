import { AsyncLocalStorage } from "node:async_hooks";
import { once } from "node:events";
import { finished } from "node:stream/promises";
import type { DownloadedFile, DownloadOptions } from "../../src/downloads/download";
import { isPart } from "../../src/downloads/part";
import { rawRoute, route } from "../../src/http/route";
import { createTransport } from "../../src/http/transport/choose";
import { createUndiciTransport } from "../../src/http/transport/undici";
import { type Reply, useApi } from "../support/servers/api";
import { addressAt, callWith, keeping, soundOf } from "../support/servers/file-server";

const { serve, connect } = useApi();
const field = { route: route`GET /v1/calls/${7}`, key: "call", field: "recording" };
const sound = soundOf(300_000);

async function filesAt(file: Reply, transport = createTransport(null)) {
  const http = connect(await serve(callWith(addressAt(await serve(file)))), { transport });
  return (options?: DownloadOptions) => http.download(field, options);
}

describe("the events of a download", () => {
  it.each([
    ["our own connections", null],
    ["a fetch of the developer's", globalThis.fetch],
  ])("come in the context of whoever asked, whoever opened the connection, over %s", async (_way, fetch) => {
    const visitor = new AsyncLocalStorage<string>();
    const download = await filesAt(keeping(sound), createTransport(fetch));
    const names = ["data", "end", "close"];
    const hear = async (name: string) => {
      const seen: [string, string | undefined][] = [];
      const { body } = await download();
      for (const event of names) body.on(event, () => seen.push([event, visitor.getStore()]));
      await once(body, "close");
      expect(new Set(seen.map(([event]) => event))).toEqual(new Set(names));
      expect(new Set(seen.map(([, store]) => store))).toEqual(new Set([name]));
    };
    for (const name of ["ana", "bo", "cy"]) await visitor.run(name, () => hear(name));
    await Promise.all(["dee", "eli", "fay"].map((name) => visitor.run(name, () => hear(name))));
  });

  it("do so where the file breaks off", async () => {
    const visitor = new AsyncLocalStorage<string>();
    let breaks = false;
    const breaking: Reply = (_req, res) => {
      res.writeHead(200, { "content-length": sound.length });
      if (!breaks) return void res.end(sound);
      res.write(sound.subarray(0, 1_000), () => setTimeout(() => res.destroy(), 20));
    };
    const download = await filesAt(breaking);
    await visitor.run("ana", async () => finished((await download()).body.resume()));
    breaks = true;
    const stood = await visitor.run("bo", async () => {
      const { body } = await download();
      return new Promise((resolve) => body.resume().once("error", () => resolve(visitor.getStore())));
    });
    expect(stood).toBe("bo");
  });
});

describe("close()", () => {
  it("ends with a recording that nobody reads", async () => {
    const transport = createUndiciTransport({ closeWithinMs: 50 });
    const file: DownloadedFile = await (await filesAt(keeping(soundOf(8 * 2 ** 20)), transport))();
    await transport.close();
    await expect(finished(file.body.resume())).rejects.toMatchObject({ code: "connection_failed" });
  });

  it("lets an answer under way come to its end", async () => {
    const transport = createUndiciTransport();
    const download = await filesAt(keeping(sound), transport);
    const { body } = await download();
    const closed = transport.close();
    const chunks: Buffer[] = [];
    for await (const chunk of body) chunks.push(chunk as Buffer);
    await closed;
    expect(Buffer.concat(chunks).equals(sound)).toBe(true);
  });
});

describe("a refusal whose body never ends", () => {
  it.each([400, 403, 429, 503])("is known by its status %d long before the deadline", async (status) => {
    const api = await serve((_req, res) => void res.writeHead(status, { "Retry-After": "900" }).write('{"error":'));
    const request = connect(api, { timeoutMs: 30_000 }).send(rawRoute("GET", "/v1/things"), null);
    await expect(request).rejects.toMatchObject({ status });
  });
});

describe("a part", () => {
  it.each([
    ["bytes 0-1023/5000", "bytes=0-1023"],
    ["bytes 0-4999/5000", "bytes=0-9999"],
    ["bytes 10-4999/5000", "bytes=10-"],
    ["bytes 10-20/*", "bytes=10-"],
    ["bytes 4990-4999/5000", "bytes=-10"],
    ["bytes 0-4999/5000", "bytes=-9000"],
  ])("%s is what %s asks for", (contentRange, range) => expect(isPart(contentRange, range)).toBe(true));

  it.each([
    ["bytes 5-1023/5000", "bytes=0-1023"],
    ["bytes 0-2047/5000", "bytes=0-1023"],
    ["bytes 0-4999/5000", "bytes=10-"],
    ["bytes 0-9/5000", "bytes=-10"],
    ["bytes 20-10/5000", "bytes=20-30"],
    ["bytes 0-5000/5000", "bytes=0-"],
    ["bytes */5000", "bytes=0-1"],
    [null, "bytes=0-1"],
  ])("%s is not what %s asks for", (contentRange, range) => expect(isPart(contentRange, range)).toBe(false));

  it("that was not asked for is an error, not somebody's sound", async () => {
    const other: Reply = (_req, res) =>
      void res.writeHead(206, { "content-range": "bytes 0-4/10", "content-length": "5" }).end("12345");
    const download = await filesAt(other);
    await expect(download({ range: "bytes=5-9" })).rejects.toMatchObject({
      code: "connection_failed",
      message: expect.stringContaining("another part of the file"),
    });
  });
});
