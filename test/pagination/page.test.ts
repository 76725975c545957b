import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { ConnectionError } from "../../src/errors/errors";
import type { Page } from "../../src/pagination/page";
import { route } from "../../src/http/route";
import { type Api, secret, useApi } from "../support/servers/api";

const { serve, connect } = useApi();
const transports = [
  ["undici", null],
  ["fetch", globalThis.fetch],
] as const;

interface Call {
  id: number;
}

/** A server with three pages of two calls each. */
async function serveThreePages(): Promise<Api> {
  const api: Api = await serve((req, res) => {
    const page = Number(new URL(req.url!, api.url).searchParams.get("page") ?? 1);
    const next_page_link = page < 3 ? `${api.url}/v1/calls?page=${page + 1}&per_page=2` : null;
    const meta = { count: 2, total: 6, current_page: page, per_page: 2, next_page_link, previous_page_link: null };
    res.end(JSON.stringify({ meta, calls: [{ id: page * 10 }, { id: page * 10 + 1 }] }));
  });
  return api;
}

function firstPage(api: Api, parts = {}): Promise<Page<Call>> {
  return connect(api, parts).page<Call>(
    { route: route`GET /v1/calls`, key: "calls" },
    {},
    { per_page: 2, order: "desc" },
  );
}

describe("a page", () => {
  it("holds its items, where it stands, and the way to the next", async () => {
    const api = await serveThreePages();
    const page = await firstPage(api);
    expect(page.items).toEqual([{ id: 10 }, { id: 11 }]);
    expect(page.meta).toMatchObject({ total: 6, current_page: 1 });
    expect(page.hasNext).toBe(true);
    const last = await (await page.next())!.next();
    expect(last).toMatchObject({ items: [{ id: 30 }, { id: 31 }], hasNext: false });
    await expect(last!.next()).resolves.toBeNull();
    expect(api.arrived.map(({ url }) => url)).toEqual([
      "/v1/calls?per_page=2&order=desc",
      "/v1/calls?page=2&per_page=2",
      "/v1/calls?page=3&per_page=2",
    ]);
    expect(api.arrived.map(({ headers }) => headers.authorization)).toEqual(Array(3).fill(`Bearer ${secret}`));
  });

  it.each<[string, unknown]>([
    ["no list", { meta: { total: 0 } }],
    ["null for a list", { meta: { total: 0 }, calls: null }],
    ["junk for meta", { meta: "x", calls: [] }],
    ["no link but a number", { meta: { next_page_link: 7, total: "many" }, calls: [] }],
  ])("is empty when the answer holds %s", async (_case, body) => {
    const page = await firstPage(await serve({ body }));
    expect(page).toMatchObject({ items: [], hasNext: false, meta: { count: 0, total: 0, next_page_link: null } });
    await expect(page.next()).resolves.toBeNull();
  });

  it.each<[string, unknown]>([
    ["nothing", ""],
    ["an empty object", {}],
    ["a word", { message: "OK" }],
    ["a list of another name", { users: [{ id: 1 }] }],
    ["a total alone", { meta: { total: 150 } }],
    ["nothing about pages", { meta: {} }],
    ["pages without a count", { meta: { current_page: 1, per_page: 50 } }],
    ["null for a list", { calls: null }],
    ["an object for a list", { calls: { id: 1 } }],
    ["null", "null"],
    ["another list", "[1,2]"],
  ])("is asked for again when the answer holds %s, and an error in the end", async (_case, body) => {
    const once = await serve({ body }, { body: { calls: [{ id: 1 }] } });
    expect((await firstPage(once)).items).toEqual([{ id: 1 }]);
    const always = await serve({ body });
    const failure: unknown = await firstPage(always).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ConnectionError);
    expect((failure as Error).message).toContain("without its list");
    expect(always.arrived).toHaveLength(3);
  });

  it.each<[string, unknown, number]>([
    ["as it is", { meta: { total: 1 }, calls: [{ id: 1 }] }, 1],
    ["again where it is missing", { status: "busy" }, 3],
  ])("that is handed on unparsed is asked for %s", async (_how, body, requests) => {
    const api = await serve({ body });
    const server = createServer((_req, res) => {
      connect(api)
        .page({ route: route`GET /v1/calls`, key: "calls" })
        .pipe(res)
        .catch(() => res.writeHead(502).end());
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    server.close();
    expect([answer.status, api.arrived.length]).toEqual([requests === 1 ? 200 : 502, requests]);
  });

  it("shares no answer with who asked the same address for something else", async () => {
    const api = await serve({ body: { status: "busy" } }, { body: { calls: [{ id: 1 }] } });
    const http = connect(api);
    const whole = await http.send(route`GET /v1/calls`, null, { cacheMs: 60_000 });
    const page = await http.page({ route: route`GET /v1/calls`, key: "calls" }, { cacheMs: 60_000 });
    expect([whole, page.items]).toEqual([{ status: "busy" }, [{ id: 1 }]]);
  });

  it("leads on by number where its meta says nothing of links and its total has more", async () => {
    const api: Api = await serve((req, res) => {
      const page = Number(new URL(req.url!, api.url).searchParams.get("page") ?? 1);
      const calls = [{ id: page * 10 }, { id: page * 10 + 1 }].slice(0, page === 3 ? 1 : 2);
      res.end(JSON.stringify({ meta: { count: calls.length, total: 5, current_page: page, per_page: 2 }, calls }));
    });
    const pages: Page<Call>[] = [];
    for (let page: Page<Call> | null = await firstPage(api); page; page = await page.next()) pages.push(page);
    expect(pages.map(({ items }) => items.length)).toEqual([2, 2, 1]);
    expect(pages.map(({ hasNext }) => hasNext)).toEqual([true, true, false]);
    expect(api.arrived.map(({ url }) => url)).toEqual([
      "/v1/calls?per_page=2&order=desc",
      "/v1/calls?per_page=2&order=desc&page=2",
      "/v1/calls?per_page=2&order=desc&page=3",
    ]);
  });

  it.each<[string, object]>([
    ["its total, as text, has more", { meta: { total: "3", per_page: "2" } }],
    ["it is full and no total is told", { meta: {} }],
    ["it is full and nothing is told", {}],
  ])("leads on by number where %s", async (_what, told) => {
    const api = await serve({ body: { ...told, calls: [{ id: 1 }, { id: 2 }] } }, { body: { calls: [{ id: 3 }] } });
    const page = await firstPage(api);
    expect(page.hasNext).toBe(true);
    await expect(page.next()).resolves.toMatchObject({ items: [{ id: 3 }], hasNext: false });
    expect(api.arrived[1]!.url).toBe("/v1/calls?per_page=2&order=desc&page=2");
  });

  it.each([
    ["null", { total: 9, per_page: 1, next_page_link: null }],
    ["no link and no total", {}],
  ])("is the last one where its meta has %s", async (_what, meta) => {
    expect((await firstPage(await serve({ body: { meta, calls: [{ id: 1 }] } }))).hasNext).toBe(false);
  });

  it("does not lead to itself", async () => {
    const api: Api = await serve((req, res) =>
      res.end(JSON.stringify({ calls: [{ id: 1 }], meta: { next_page_link: `${api.url}${req.url}` } })),
    );
    await expect((await firstPage(api)).next()).rejects.toThrow("one that was read before");
    expect(api.arrived).toHaveLength(1);
  });

  it("keeps the options of the first request", async () => {
    const api: Api = await serve(
      (_req, res) => res.end(JSON.stringify({ calls: [], meta: { next_page_link: `${api.url}/v1/calls?page=2` } })),
      () => undefined,
    );
    const page = await connect(api).page({ route: route`GET /v1/calls`, key: "calls" }, { timeoutMs: 1_500 });
    await expect(page.next()).rejects.toMatchObject({ code: "timeout", timeoutMs: 1_500, request: "GET /v1/calls" });
  });
});

describe.each(transports)("a next page elsewhere, over %s", (_name, fetch) => {
  it.each<[string, (api: string, other: string) => string]>([
    ["another port", (_api, other) => `${other}/v1/calls?page=2`],
    ["another host", (api) => api.replace("127.0.0.1", "localhost") + "/v1/calls"],
    ["another scheme", (api) => api.replace("http:", "https:") + "/v1/calls"],
    ["user-info", (api) => api.replace("//", "//user:pw@") + "/v1/calls"],
    ["user-info that looks like us", (api, other) => other.replace("//", `//${api.slice(7)}@`) + "/v1/calls"],
    ["no scheme", (_api, other) => `${other.slice(5)}/v1/calls`],
    ["a path alone", () => "/v1/calls?page=2"],
    ["backslashes", (_api, other) => `http:\\\\${other.slice(7)}\\v1`],
    ["script", () => "javascript:alert(1)"],
    ["junk", () => "http://"],
  ])("by %s gets no credential", async (_case, link) => {
    const other = await serve({});
    const api: Api = await serve((_req, res) => {
      res.end(JSON.stringify({ calls: [{ id: 1 }], meta: { next_page_link: link(api.url, other.url) } }));
    });
    const page = await firstPage(api, { fetch });
    const failure: unknown = await page.next().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ConnectionError);
    expect((failure as Error).message).toContain("another origin");
    expect([api.arrived.length, other.arrived.length]).toEqual([1, 0]);
  });
});

describe("a next page of an API below a path", () => {
  it.each<[string, boolean]>([
    ["/aircall/v1/calls?page=2", true],
    ["/v1/calls?page=2", false],
    ["/aircall-evil/v1/calls", false],
    ["/aircall/../v1/calls", false],
    ["/aircall/%2e%2e/v1/calls", false],
  ])("%s is followed: %s", async (path, followed) => {
    const api: Api = await serve((_req, res) => {
      res.end(JSON.stringify({ calls: [], meta: { next_page_link: api.url + path } }));
    });
    const page = await firstPage(api, { apiUrl: `${api.url}/aircall` });
    await page.next().catch(() => undefined);
    expect(api.arrived).toHaveLength(followed ? 2 : 1);
  });
});
