import { ConnectionError, ResultCapError } from "../../src/errors/errors";
import { derive } from "../../src/client/derived";
import type { Api } from "../../src/resources/api";
import type { IterateOptions, ListQuery, Progress } from "../../src/pagination/options";
import { route } from "../../src/http/route";
import { walk } from "../../src/pagination/iterate";
import { type Api as PretendApi, useApi } from "../support/servers/api";
import { answerFrom, firstSecond, ids, type PastCall, pastCalls } from "../support/call-history";

const { serve, connect } = useApi();
const now = () => (firstSecond + 1_000_000) * 1_000;

function walkOver(http: Api, query: ListQuery = {}, options: IterateOptions = {}) {
  const list = { route: route`GET /v1/calls`, key: "calls", time: "started_at" } as const;
  return walk<PastCall>(http, list, { options, query, means: { now } });
}

async function idsOf(walked: AsyncIterable<PastCall>): Promise<number[]> {
  const seen: number[] = [];
  for await (const { id } of walked) seen.push(id);
  return seen;
}

const asked = (api: PretendApi) => api.arrived.map(({ url }) => new URL(url, api.url).searchParams);

describe("a walk", () => {
  it("hands out every call in order, in pages of 50 that overlap by two", async () => {
    const api = await serve(answerFrom({ calls: pastCalls(170) }));
    const pages: number[][] = [];
    for await (const { items } of walkOver(connect(api)).pages()) pages.push(items.map(({ id }) => id));
    expect(pages).toEqual([ids(1, 50), ids(51, 98), ids(99, 146), ids(147, 170)]);
    expect(new Set(asked(api).map((query) => query.get("per_page")))).toEqual(new Set(["50"]));
  });

  it("of a list without times overlaps by pages of other sizes", async () => {
    const api = await serve(answerFrom({ calls: pastCalls(260) }));
    const tags = walk<PastCall>(connect(api), { route: route`GET /v1/tags`, key: "calls" });
    expect(await idsOf(tags)).toEqual(ids(1, 260));
    const spans = asked(api).map((query) => {
      const [page, size] = [Number(query.get("page") ?? 1), Number(query.get("per_page"))];
      return [(page - 1) * size, page * size] as const;
    });
    for (const [n, [start]] of spans.entries()) if (n > 0) expect(spans[n - 1]![1] - start).toBeGreaterThanOrEqual(2);
    expect(spans.length).toBeLessThanOrEqual(8);
  });

  it("goes from new to old when asked", async () => {
    const api = await serve(answerFrom({ calls: pastCalls(170) }));
    expect(await idsOf(walkOver(connect(api), { order: "desc" }))).toEqual(ids(1, 170).reverse());
  });

  it("asks for nothing until a loop begins, and anew with each loop", async () => {
    const api = await serve(answerFrom({ calls: pastCalls(3) }));
    const walked = walkOver(connect(api));
    expect(api.arrived).toHaveLength(0);
    expect([await idsOf(walked), await idsOf(walked)]).toEqual([ids(1, 3), ids(1, 3)]);
    expect(api.arrived).toHaveLength(2);
  });

  it("ends at the moment it began, unless told an earlier one", async () => {
    const api = await serve(answerFrom({ calls: pastCalls(3) }));
    await idsOf(walkOver(connect(api)));
    await idsOf(walkOver(connect(api), { to: firstSecond + 1 }));
    await idsOf(walkOver(connect(api), { to: firstSecond + 2_000_000 }));
    const present = firstSecond + 1_000_000;
    expect(asked(api).map((query) => Number(query.get("to")))).toEqual([present, firstSecond + 1, present]);
  });

  it("neither reads nor fills what cacheMs keeps", async () => {
    const history = { calls: pastCalls(3) };
    const api = await serve(answerFrom(history));
    const http = connect(api);
    const list = () =>
      http.page<PastCall>(
        { route: route`GET /v1/calls`, key: "calls" },
        { cacheMs: 60_000 },
        { per_page: 50, order: "asc", to: firstSecond + 9 },
      );
    await list();
    history.calls.push({ id: 4, started_at: firstSecond + 4 });
    const query = { to: firstSecond + 9 };
    expect(await idsOf(walkOver(http, query, { cacheMs: 60_000 }))).toEqual(ids(1, 4));
    expect(await idsOf(walkOver(derive(http, { cacheMs: 60_000 }), query))).toEqual(ids(1, 4));
    expect((await list()).items).toHaveLength(3);
    expect(api.arrived).toHaveLength(3);
  });

  it.each([0, -1, 1.5, "many"])("refuses pages of %p items before anything is sent", async (per_page) => {
    const api = await serve({});
    const refused = { code: "config_invalid" };
    await expect(idsOf(walkOver(connect(api), { per_page: per_page as number }))).rejects.toMatchObject(refused);
    await expect(idsOf(walkOver(connect(api), { page: per_page as number }))).rejects.toMatchObject(refused);
    expect(api.arrived).toHaveLength(0);
  });
});

describe("a walk past the cap", () => {
  it.each(["asc", "desc"] as const)("brings everything in order %s", async (order) => {
    const api = await serve(answerFrom({ calls: pastCalls(700, 3) }, { cap: 100 }));
    const expected = order === "asc" ? ids(1, 700) : ids(1, 700).reverse();
    expect(await idsOf(walkOver(connect(api), { order }))).toEqual(expected);
  });

  it("never asks for what is known to be refused", async () => {
    const api = await serve(answerFrom({ calls: pastCalls(10_120) }));
    expect(await idsOf(walkOver(connect(api)))).toEqual(ids(1, 10_120));
    const furthest = asked(api).map((query) => Number(query.get("page")) * Number(query.get("per_page")));
    expect(Math.max(...furthest)).toBeLessThanOrEqual(10_000);
  });

  it("gets through a second that fills it exactly", async () => {
    const api = await serve(answerFrom({ calls: pastCalls(450, 100) }, { cap: 100 }));
    expect(await idsOf(walkOver(connect(api)))).toEqual(ids(1, 450));
  });

  it("knows it also by a list that claims to end there", async () => {
    const api = await serve(answerFrom({ calls: pastCalls(300) }, { lastPage: 2 }));
    expect(await idsOf(walkOver(connect(api)))).toEqual(ids(1, 300));
  });

  it("says so when a list that has no time to split claims to end there", async () => {
    const api = await serve(answerFrom({ calls: pastCalls(300) }, { lastPage: 2 }));
    const users = walk<PastCall>(connect(api), { route: route`GET /v2/users`, key: "calls" });
    const seen: number[] = [];
    const loop = async () => {
      for await (const { id } of users) seen.push(id);
    };
    await expect(loop()).rejects.toThrow("the list ends before all of its results were on a page");
    expect([seen, users.done]).toEqual([ids(1, 100), false]);
  });

  it.each([
    ["on one page", 60],
    ["on pages of its own size", 100],
  ])("takes a list for complete that has all of its results %s", async (_where, size) => {
    const all = ids(1, size === 60 ? 60 : 170).map((id) => ({ id }));
    const api: PretendApi = await serve((req, res) => {
      const page = Number(new URL(req.url!, api.url).searchParams.get("page") ?? 1);
      const next_page_link = page * size < all.length ? `${api.url}/v1/tags?page=${page + 1}` : null;
      const tags = all.slice((page - 1) * size, page * size);
      res.end(JSON.stringify({ tags, meta: { total: all.length, next_page_link } }));
    });
    const tags = walk(connect(api), { route: route`GET /v1/tags`, key: "tags" });
    expect(await tags.collect({ max: Infinity })).toEqual(all);
  });

  it("says so when more calls share a second, after all that can be had", async () => {
    const calls = [...pastCalls(60), ...ids(61, 161).map((id) => ({ id, started_at: firstSecond + 100 }))];
    const walked = walkOver(connect(await serve(answerFrom({ calls }, { cap: 100 }))));
    const seen: number[] = [];
    const loop = async () => {
      for await (const { id } of walked) seen.push(id);
    };
    await expect(loop()).rejects.toThrow(ResultCapError);
    expect(seen).toEqual(ids(1, 160));
  });

  it("is refused in a list that has no time to split", async () => {
    const api = await serve(answerFrom({ calls: pastCalls(300) }, { cap: 100 }));
    const tags = walk(connect(api), { route: route`GET /v1/tags`, key: "calls" });
    await expect(tags.collect({ max: Infinity })).rejects.toMatchObject({ name: "ResultCapError", code: "result_cap" });
  });

  it("gives up where the list does not keep to from and to", async () => {
    const answer = answerFrom({ calls: pastCalls(300) }, { cap: 100 });
    const api = await serve((req, res) => {
      req.url = req.url!.replace(/&(from|to)=\d+/g, "");
      return answer(req, res);
    });
    await expect(idsOf(walkOver(connect(api)))).rejects.toThrow(ConnectionError);
  });
});

describe("a walk over a list that goes wrong", () => {
  it.each([
    ["within a window", "2"],
    ["where a window begins", null],
  ])("goes on when Aircall once answers without a list %s", async (_where, page) => {
    const answer = answerFrom({ calls: pastCalls(700) }, { cap: 100 });
    let glitches = 1;
    const api: PretendApi = await serve((req, res) => {
      const hit = api.arrived.length > 1 && new URL(req.url!, api.url).searchParams.get("page") === page;
      return hit && glitches-- > 0 ? res.end("{}") : answer(req, res);
    });
    expect(await idsOf(walkOver(connect(api)))).toEqual(ids(1, 700));
    expect(glitches).toBeLessThan(1);
  });

  it("loses nothing when a call appears between two answers that overtake each other", async () => {
    const history = { calls: pastCalls(250) };
    let shifted = () => undefined as void;
    const shift = new Promise<void>((resolve) => (shifted = resolve));
    const answer = answerFrom(history);
    const api = await serve(async (req, res) => {
      const page = new URL(req.url!, "http://api").searchParams.get("page");
      if (page === "3") await shift;
      await answer(req, res);
      if (page !== "4") return;
      history.calls.unshift({ id: 900, started_at: firstSecond - 5 });
      shifted();
    });
    expect(await idsOf(walkOver(connect(api)))).toEqual(ids(1, 250));
  });

  it.each([
    ["itself", () => "/v1/tags?page=1"],
    ["itself, without a number", () => "/v1/tags?after=x"],
    ["the page before", (page: number) => `/v1/tags?page=${page === 1 ? 2 : 1}`],
  ])("ends at a page that leads to %s", async (_where, next) => {
    const api: PretendApi = await serve((req, res) => {
      const page = Number(new URL(req.url!, api.url).searchParams.get("page") ?? 1);
      const tags = [{ id: page }];
      res.end(JSON.stringify({ tags, meta: { total: 9, per_page: 1, next_page_link: api.url + next(page) } }));
    });
    const tags = walk(connect(api), { route: route`GET /v1/tags`, key: "tags" });
    await expect(tags.collect({ max: Infinity })).rejects.toThrow(ConnectionError);
    expect(api.arrived.length).toBeLessThan(6);
  });

  it("ends where empty pages do not", async () => {
    const api: PretendApi = await serve((_req, res) => {
      const next_page_link = `${api.url}/v1/tags?after=${api.arrived.length}`;
      res.end(JSON.stringify({ tags: [], meta: { next_page_link } }));
    });
    const tags = walk(connect(api), { route: route`GET /v1/tags`, key: "tags" });
    await expect(tags.collect({ max: Infinity })).rejects.toThrow("held nothing new");
  });

  it("brings up an error behind everything before it, and goes on there later", async () => {
    const answer = answerFrom({ calls: pastCalls(300) });
    let broken = true;
    const api: PretendApi = await serve((req, res) =>
      broken && api.arrived.length === 3 ? res.writeHead(403).end() : answer(req, res),
    );
    const walked = walkOver(connect(api));
    const seen: number[] = [];
    const loop = async () => {
      for await (const { id } of walked) seen.push(id);
    };
    await expect(loop()).rejects.toMatchObject({ code: "not_entitled" });
    expect(seen).toEqual(ids(1, 98));
    broken = false;
    expect(await idsOf(walkOver(connect(api), {}, { cursor: walked.cursor }))).toEqual(ids(99, 300));
  });
});

describe("a walk's progress", () => {
  async function progressOf(options: { cap?: number }, list: ListQuery = {}): Promise<Progress[]> {
    const told: Progress[] = [];
    const http = connect(await serve(answerFrom({ calls: pastCalls(170) }, options)));
    await idsOf(walkOver(http, list, { onProgress: (progress) => void told.push(progress) }));
    return told;
  }

  it("counts what was fetched, of the whole walk's total also past the cap", async () => {
    const told = await progressOf({ cap: 100 });
    expect(told.map(({ fetched }) => fetched)).toEqual([50, 98, 146, 170]);
    expect(new Set(told.map(({ total }) => total))).toEqual(new Set([170]));
  });

  it("has no total where the list gives none", async () => {
    const api: PretendApi = await serve(
      (_req, res) =>
        res.end(JSON.stringify({ tags: [{ id: 1 }], meta: { next_page_link: `${api.url}/v1/tags?page=2` } })),
      { body: { tags: [{ id: 2 }], meta: { next_page_link: null } } },
    );
    const told: Progress[] = [];
    const onProgress = (progress: Progress) => void told.push(progress);
    await walk(connect(api), { route: route`GET /v1/tags`, key: "tags" }, { options: { onProgress } }).collect({
      max: 9,
    });
    expect(told).toEqual([
      { fetched: 1, total: null },
      { fetched: 2, total: null },
    ]);
  });

  it.each([
    [
      "throws",
      () => {
        throw new Error("full disk");
      },
    ],
    ["rejects", () => Promise.reject(new Error("full disk"))],
  ])("ends the walk when telling %s", async (_how, onProgress) => {
    const http = connect(await serve(answerFrom({ calls: pastCalls(170) })));
    await expect(idsOf(walkOver(http, {}, { onProgress }))).rejects.toThrow("full disk");
  });
});

describe("collect", () => {
  it.each([
    [170, 170, true],
    [Infinity, 170, true],
    [169, 169, false],
    [0, 0, false],
  ])("takes %p at most: %i calls, all of them: %p", async (max, length, done) => {
    const walked = walkOver(connect(await serve(answerFrom({ calls: pastCalls(170) }))));
    expect(await walked.collect({ max })).toHaveLength(length);
    expect(walked.done).toBe(done);
  });

  it("leaves the cursor behind what it took", async () => {
    const http = connect(await serve(answerFrom({ calls: pastCalls(170) })));
    const walked = walkOver(http);
    await walked.collect({ max: 100 });
    expect(await idsOf(walkOver(http, {}, { cursor: walked.cursor }))).toEqual(ids(101, 170));
  });

  it("wants to be told how much", async () => {
    const walked = walkOver(connect(await serve({})));
    await expect(walked.collect({} as { max: number })).rejects.toMatchObject({ code: "config_invalid" });
  });
});
