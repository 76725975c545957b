import type { ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { inspect } from "node:util";
import { AircallError } from "../../src/errors/errors";
import type { DownloadOptions } from "../../src/downloads/download";
import type { Api } from "../../src/resources/api";
import { route } from "../../src/http/route";
import { unknownBudget, type Limiter } from "../../src/http/limiter";
import { secret, useApi, type Reply } from "../support/servers/api";
import { channelNames } from "../support/channels";
import { addressAt, callWith, etag, keeping, modified, signature, soundOf } from "../support/servers/file-server";

const { serve, connect } = useApi();
const sound = soundOf(10_000);

function download(http: Api, options?: DownloadOptions) {
  return http.download({ route: route`GET /v1/calls/${7}`, key: "call", field: "recording" }, options);
}

/** A file server with these replies, and an API that names it. */
async function kept(...replies: Reply[]) {
  const files = await serve(...replies);
  const api = await serve(callWith(addressAt(files)));
  return { files, api };
}

describe("a download", () => {
  it("brings the file and what its server says of it", async () => {
    const { api } = await kept(keeping(sound));
    const { body, ...head } = await download(connect(api));
    expect(await buffer(body)).toEqual(sound);
    const about = { contentType: "audio/mpeg", contentLength: sound.length, etag, lastModified: modified };
    expect(head).toEqual({ status: 200, contentRange: null, ...about });
  });

  it("brings the part that is asked for", async () => {
    const { api } = await kept(keeping(sound));
    const file = await download(connect(api), { range: "bytes=1000-1999" });
    expect(await buffer(file.body)).toEqual(sound.subarray(1000, 2000));
    expect(file).toMatchObject({ status: 206, contentLength: 1000, contentRange: "bytes 1000-1999/10000" });
  });

  it("rejects with a 416 for a part beyond the end", async () => {
    const { api } = await kept(keeping(sound));
    const file = download(connect(api), { range: "bytes=10000-" });
    await expect(file).rejects.toMatchObject({ name: "ApiError", status: 416 });
  });

  it("shows its credential to Aircall only, not where the file is nor where that redirects to", async () => {
    const other = await serve(keeping(sound));
    const { api, files } = await kept({ status: 302, headers: { location: addressAt(other), "set-cookie": "a=1" } });
    await buffer((await download(connect(api))).body);
    expect(api.arrived[0]!.headers.authorization).toContain(secret);
    const elsewhere = [...files.arrived, ...other.arrived];
    expect(elsewhere).toHaveLength(2);
    expect(JSON.stringify(elsewhere)).not.toContain(secret);
    expect(elsewhere.flatMap(({ headers }) => Object.keys(headers)).filter(isPrivate)).toEqual([]);
  });

  it.each([301, 302, 303, 307, 308])("follows a %i, also one that names a path only", async (status) => {
    const { api } = await kept({ status, headers: { location: "/elsewhere" } }, keeping(sound));
    expect(await buffer((await download(connect(api))).body)).toEqual(sound);
  });

  it("asks Aircall once for someone who seeks", async () => {
    const { api, files } = await kept(keeping(sound));
    const http = connect(api);
    for (let start = 0; start < 5; start++) await buffer((await download(http, { range: `bytes=${start}-` })).body);
    expect([api.arrived.length, files.arrived.length]).toEqual([1, 5]);
  });

  it.each([400, 403, 404, 410])("asks for a fresh address once when the old one is answered %i", async (status) => {
    const files = await serve((req, res) => {
      if (req.url!.startsWith("/old")) return res.writeHead(status).end(`<Error>${signature}</Error>`);
      res.writeHead(200, { "content-type": "audio/mpeg" }).end(sound);
    });
    const api = await serve(callWith(addressAt(files, "/old")), callWith(addressAt(files, "/new")));
    const http = connect(api);
    for (let i = 0; i < 3; i++) expect(await buffer((await download(http)).body)).toEqual(sound);
    expect(api.arrived).toHaveLength(2);
  });

  it.each([
    [403, { code: "server_error", status: 502 }],
    [404, { code: "not_found", status: 404 }],
  ])("says so when a fresh address is answered %i too", async (status, error) => {
    const { api, files } = await kept({ status });
    await expect(download(connect(api))).rejects.toMatchObject({ name: "ApiError", ...error });
    expect([api.arrived.length, files.arrived.length]).toEqual([2, 2]);
  });

  it("finds no recording until there is one", async () => {
    const files = await serve(keeping(sound));
    const http = connect(await serve(callWith(null), callWith(addressAt(files))));
    await expect(download(http)).rejects.toThrow("no recording (yet)");
    expect(await buffer((await download(http)).body)).toEqual(sound);
  });

  it("asks again when the file's server fails in passing", async () => {
    const { api } = await kept((req) => req.socket.destroy(), { status: 503 }, keeping(sound));
    expect(await buffer((await download(connect(api))).body)).toEqual(sound);
  });

  it("gives up when the file's server keeps failing", async () => {
    const { api, files } = await kept({ status: 503 });
    await expect(download(connect(api))).rejects.toMatchObject({ code: "server_error", status: 503 });
    expect(files.arrived).toHaveLength(3);
  });

  it("names the origin of a file's server that breaks off, at once or within the file, and nothing more of it", async () => {
    const { api, files } = await kept((req) => req.socket.destroy());
    const broken = download(connect(api), { maxRetries: 0 });
    await expect(broken).rejects.toThrow(`the connection to ${files.url} broke (UND_ERR_SOCKET).`);

    const cut = await kept((_req, res) => {
      res.writeHead(200, { "content-length": sound.length });
      res.write(sound.subarray(0, 1_000), () => res.destroy());
    });
    const { body } = await download(connect(cut.api));
    await expect(buffer(body)).rejects.toThrow(`the connection to ${cut.files.url} broke (UND_ERR_SOCKET).`);
  });

  it("spends one request of the budget, for the address", async () => {
    const asked: string[] = [];
    const acquire: Limiter["acquire"] = ({ request }) => {
      asked.push(request);
      return Promise.resolve({ sent: () => undefined, done: () => undefined });
    };
    const { api } = await kept({ status: 503 }, keeping(sound));
    const turns = { acquire, look: () => unknownBudget };
    await buffer((await download(connect(api, { limiter: turns }))).body);
    expect(asked).toEqual(["GET /v1/calls/:id"]);
  });

  it("comes through the developer's own fetch", async () => {
    const { api } = await kept({ status: 307, headers: { location: "/x" } }, keeping(sound));
    const file = await download(connect(api, { fetch: (url, init) => fetch(url, init) }), { range: "bytes=-5" });
    expect(await buffer(file.body)).toEqual(sound.subarray(-5));
  });
});

describe("the address of a file", () => {
  it.each([
    ["another host without encryption", (url: string) => url.replace("127.0.0.1", "0.0.0.0")],
    ["a user name", (url: string) => url.replace("//", "//user@")],
    ["a password", (url: string) => url.replace("//", "//:pass@")],
    ["another scheme", () => "file:///etc/hostname"],
    ["data", () => "data:audio/mpeg,x"],
    ["nothing that is one", () => "recording.mp3"],
  ])("with %s is not asked, neither at once nor after a redirect", async (_, spoil) => {
    const target = await serve(keeping(sound));
    const spoiled = spoil(addressAt(target));
    const first = download(connect(await serve(callWith(spoiled))));
    await expect(first).rejects.toThrow("address is not a safe one");
    if (!URL.canParse(spoiled)) return;
    const { api } = await kept({ status: 302, headers: { location: spoiled } });
    await expect(download(connect(api))).rejects.toThrow("address is not a safe one");
    expect(target.arrived).toEqual([]);
  });

  it("is not asked unencrypted on this machine, where the API is another one's", async () => {
    const target = await serve(keeping(sound));
    const ask = (url: Parameters<typeof fetch>[0]) =>
      Promise.resolve(Response.json({ call: { recording: addressAt(target) }, url: `${url as URL}` }));
    const http = connect(target, { apiUrl: "https://api.example.com", fetch: ask });
    await expect(download(http)).rejects.toThrow("address is not a safe one");
    expect(target.arrived).toEqual([]);
  });

  it("is followed three times at most", async () => {
    const { api, files } = await kept({ status: 302, headers: { location: "/again" } });
    await expect(download(connect(api))).rejects.toThrow("redirects without an end");
    expect(files.arrived).toHaveLength(4);
  });
});

describe("the time of a download", () => {
  it("ends when the file's server does not answer", async () => {
    const { api } = await kept(() => undefined);
    const file = download(connect(api), { timeoutMs: 50 });
    await expect(file).rejects.toMatchObject({ code: "timeout", timeoutMs: 50 });
  });

  it("does not end while bytes arrive, only when none do", async () => {
    const { api } = await kept((_req, res) => drip(res, 8));
    const { body } = await download(connect(api), { timeoutMs: 600, idleTimeoutMs: 500 });
    let received = 0;
    const reading = (async () => {
      for await (const chunk of body) received += (chunk as Buffer).length;
    })();
    await expect(reading).rejects.toMatchObject({ code: "timeout", timeoutMs: 500 });
    expect(received).toBe(8);
  });

  it.each([5_000, 2 ** 24])("does not end while nobody reads, be there %i bytes", async (length) => {
    const file = soundOf(length);
    const { api } = await kept(keeping(file));
    const { body } = await download(connect(api), { idleTimeoutMs: 1_500 });
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    expect((await buffer(body)).equals(file)).toBe(true);
  });

  it("ends before the file begins when the caller's signal aborts", async () => {
    const stop = new AbortController();
    const { api } = await kept(() => stop.abort(new Error("enough")));
    await expect(download(connect(api), { signal: stop.signal })).rejects.toThrow("enough");
  });

  it("ends in the midst of it when the caller's signal aborts, at the server too", async () => {
    const closed = openPromise<void>();
    const { api } = await kept((_req, res) => {
      res.on("close", closed.resolve).writeHead(200).write("x");
    });
    const stop = new AbortController();
    const { body } = await download(connect(api), { signal: stop.signal });
    stop.abort(new Error("enough"));
    await expect(buffer(body)).rejects.toThrow("enough");
    await closed.promise;
  });

  it.each([{ idleTimeoutMs: 0 }, { idleTimeoutMs: NaN }, { idleTimeoutMs: 2 ** 31 }, { timeoutMs: 0 }])(
    "refuses %p",
    async (options) => {
      const { api } = await kept(keeping(sound));
      await expect(download(connect(api), options)).rejects.toMatchObject({ code: "config_invalid" });
    },
  );
});

describe("a file that does not arrive whole", () => {
  it.each([{}, { "content-length": "9" }])("fails its stream, announced with %p", async (headers) => {
    const { api } = await kept((_req, res) => res.writeHead(200, headers).write("half", () => res.destroy()));
    const { body } = await download(connect(api));
    await expect(buffer(body)).rejects.toMatchObject({ code: "connection_failed" });
  });

  it.each(["4", "12"])("fails its stream when %s bytes were announced and 8 came", async (announced) => {
    const files = await serve({});
    const api = await serve(callWith(addressAt(files)));
    const init = { headers: { "content-length": announced } };
    const lying: typeof fetch = (url, options) =>
      `${url as URL}`.startsWith(files.url) ? Promise.resolve(new Response("12345678", init)) : fetch(url, options);
    const { body } = await download(connect(api, { fetch: lying }));
    await expect(buffer(body)).rejects.toThrow(/sent (?:more|less) than it announced/);
  });

  it("does not end the process when nobody reads yet", async () => {
    const broken = openPromise<ServerResponse>();
    const { api } = await kept((_req, res) => res.writeHead(200).write("half", () => broken.resolve(res)));
    const { body } = await download(connect(api));
    const closed = new Promise((resolve) => body.once("close", resolve));
    (await broken.promise).destroy();
    await closed;
    expect(body.errored).toMatchObject({ code: "connection_failed" });
  });

  it.each([
    ["compressed", 200, { "content-encoding": "gzip" }],
    ["a part without saying which", 206, {}],
  ])("is refused when it is %s", async (_, status, headers) => {
    const { api } = await kept({ status, headers, body: "x" });
    const file = download(connect(api), { range: "bytes=0-0" });
    await expect(file).rejects.toMatchObject({ code: "connection_failed" });
  });
});

describe("a part that is not as long as its range", () => {
  const range = { "content-range": "bytes 0-9/100" };

  it("is refused where its length says so", async () => {
    const { api } = await kept({ status: 206, headers: { ...range, "content-length": "3" }, body: "abc" });
    const file = download(connect(api), { range: "bytes=0-9" });
    await expect(file).rejects.toMatchObject({ code: "connection_failed" });
  });

  it("fails its stream where nothing does", async () => {
    const { api } = await kept((_req, res) => res.writeHead(206, range).write("abc", () => res.end()));
    const { body, contentLength } = await download(connect(api), { range: "bytes=0-9" });
    expect(contentLength).toBe(10);
    await expect(buffer(body)).rejects.toThrow("sent less than it announced");
  });

  it("is passed on in the coding that is none, however that is written", async () => {
    const headers = { ...range, "content-encoding": "Identity" };
    const { api } = await kept({ status: 206, headers, body: "0123456789" });
    const { body } = await download(connect(api), { range: "bytes=0-9" });
    expect(String(await buffer(body))).toBe("0123456789");
  });
});

describe("what a download tells", () => {
  const failures: [string, ...Reply[]][] = [
    ["refused", { status: 403, body: signature }],
    ["gone", { status: 410, body: signature }],
    ["broken", { status: 500, headers: { "x-echo": signature }, body: signature }],
    ["reset", (req) => req.socket.resetAndDestroy()],
    ["redirected elsewhere", { status: 302, headers: { location: `http://0.0.0.0/?${signature}` } }],
    ["redirected for ever", { status: 302, headers: { location: `/?${signature}` } }],
    ["silent", () => undefined],
    ["cut", (_req, res) => res.writeHead(200).write("half", () => res.destroy())],
  ];

  it.each(failures)("never holds the address: %s", async (_, ...replies) => {
    const told: unknown[] = [];
    const hear = (event: unknown) => void told.push(event);
    channelNames().forEach((name) => subscribe(name, hear));
    const { api } = await kept(...replies);
    const failing = download(connect(api), { timeoutMs: 300 }).then(({ body }) => buffer(body));
    const error: unknown = await failing.catch((reason: unknown) => reason);
    channelNames().forEach((name) => unsubscribe(name, hear));
    expect(error).toBeInstanceOf(AircallError);
    expect(told.length).toBeGreaterThan(0);
    const shown = [...told, error].map((one) => inspect(one, { depth: 10, showHidden: true }) + JSON.stringify(one));
    expect(shown.join()).not.toContain(signature);
  });
});

function isPrivate(header: string): boolean {
  return ["authorization", "cookie", "referer"].includes(header);
}

/** Sends so many bytes, one each 100 ms, and then nothing more. */
function drip(res: ServerResponse, bytes: number): void {
  let left = bytes;
  res.writeHead(200);
  const timer = setInterval(() => (left-- > 0 ? res.write("x") : clearInterval(timer)), 100);
}

function openPromise<T>() {
  let resolve!: (value: T) => void;
  const promise = new Promise<T>((settle) => (resolve = settle));
  return { promise, resolve };
}
