import { brotliCompressSync, gzipSync } from "node:zlib";
import { route } from "../../../src/http/route";
import { createTransport } from "../../../src/http/transport/choose";
import { type Reply, useApi } from "../../support/servers/api";
import { createTokenEndpoint } from "../../../src/oauth/token-endpoint";

const { serve, connect } = useApi();
const list = route`GET /v1/calls`;
const comment = route`POST /v1/calls/${7}/comments`;
const body = { calls: Array.from({ length: 300 }, (_, id) => ({ id, name: "Zoë" })) };
const json = Buffer.from(JSON.stringify(body));
const mark = Buffer.from("\ufeff");

const coded =
  (coding: string | string[], bytes: Buffer, status = 200): Reply =>
  (_req, res) =>
    res.setHeader("content-encoding", coding).writeHead(status).end(bytes);

describe("an answer that comes compressed", () => {
  it.each<[string, Reply]>([
    ["gzip", coded("gzip", gzipSync(json))],
    ["x-gzip", coded("X-GZIP", gzipSync(json))],
    ["brotli", coded("br", brotliCompressSync(json))],
    ["not at all", coded("identity", json)],
    ["with a byte order mark", { body: `\ufeff${json.toString()}` }],
    ["with a mark within gzip", coded("gzip", gzipSync(Buffer.concat([mark, json])))],
  ])("is read: %s", async (_coding, reply) => {
    const answer = connect(await serve(reply)).send(list, null);
    await expect(answer).resolves.toEqual(body);
  });

  it("is asked for by reads alone", async () => {
    const api = await serve({ body: { calls: [] } });
    const http = connect(api);
    await http.send(list, "calls");
    await http.send(comment, null, {}, { content: "a" });
    expect(api.arrived.map(({ headers }) => headers["accept-encoding"])).toEqual(["gzip, br", undefined]);
  });

  it("tells of no coding any more", async () => {
    const http = connect(await serve(coded("gzip", gzipSync(json))));
    const { headers } = (await http.send(list, null).withResponse()).response;
    expect([headers.get("content-encoding"), headers.get("content-length")]).toEqual([null, null]);
  });

  it("may be empty, whatever its header says", async () => {
    const http = connect(await serve(coded("gzip", Buffer.alloc(0), 204)));
    await expect(http.send(list, null)).resolves.toBeUndefined();
  });
});

describe("an answer that is not what its Content-Encoding says", () => {
  const cut = gzipSync(json).subarray(0, 200);
  const cases: [string, Reply][] = [
    ["plain under gzip", coded("gzip", json)],
    ["plain under brotli", coded("br", json)],
    ["cut", coded("gzip", cut)],
    ["cut brotli", coded("br", brotliCompressSync(json).subarray(0, 50))],
    ["unknown", coded("zstd", json)],
    ["named twice", coded("gzip, gzip", gzipSync(json))],
    ["named in two headers", coded(["gzip", "gzip"], gzipSync(json))],
    ["hostile", coded("constructor", json)],
  ];

  it.each(cases)("is asked for again: %s", async (_what, reply) => {
    const api = await serve(reply, { body });
    await expect(connect(api).send(list, null)).resolves.toEqual(body);
    expect(api.arrived).toHaveLength(2);
  });

  it.each(cases)("is a ConnectionError of something done, which is not done twice: %s", async (_what, reply) => {
    const api = await serve(reply);
    const written = connect(api).send(comment, null, {}, { content: "a" });
    await expect(written).rejects.toMatchObject({ code: "connection_failed", outcome: "unknown" });
    expect(api.arrived).toHaveLength(1);
  });

  it("is still the refusal that its status says", async () => {
    const api = await serve(coded("gzip", json, 404));
    await expect(connect(api).send(list, null)).rejects.toMatchObject({ code: "not_found", outcome: "refused" });
  });

  it("has a bound, however small it comes", async () => {
    const bomb = gzipSync(Buffer.alloc(65 * 2 ** 20, " "));
    const api = await serve(coded("gzip", bomb));
    await expect(connect(api, { timeoutMs: 120_000 }).send(list, null)).rejects.toThrow("longer than 64 MiB");
    expect(api.arrived).toHaveLength(1);
  });

  it("is no token of anybody's", async () => {
    const api = await serve(coded("gzip", json));
    const transport = createTransport(null);
    const parts = { tokenUrl: api.url, client: { id: "i", secret: "s" }, tokenRequest: "json" as const, transport };
    const renewed = createTokenEndpoint(parts).renew("r");
    await expect(renewed).rejects.toMatchObject({ kind: "malformed", lost: true });
    await transport.close();
  });
});

describe(".pipe()", () => {
  it.each<[string, Reply]>([
    ["brotli", coded("br", brotliCompressSync(json))],
    ["a byte order mark", coded("identity", Buffer.concat([mark, json]))],
  ])("hands on plain JSON: %s", async (_what, reply) => {
    const http = connect(await serve(reply));
    const front = await serve((_req, res) => http.send(list, null).pipe(res));
    const answer = await fetch(front.url);
    expect([answer.headers.get("content-encoding"), Buffer.from(await answer.arrayBuffer()).equals(json)]).toEqual([
      null,
      true,
    ]);
  });
});
