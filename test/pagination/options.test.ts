import { ArgumentError, ConfigError } from "../../src/errors/errors";
import { ofList, route } from "../../src/http/route";
import { describeQuery, type Progressed, writeCursor } from "../../src/pagination/cursor";
import { checkWalk, type IterateOptions, type List, type ListQuery, makePlan } from "../../src/pagination/options";
import { listedFrom } from "../support/call-history";

const now = () => 1_000_999;
const calls: List = { route: route`GET /v1/calls`, key: "calls", time: "started_at" };
const tags: List = { route: route`GET /v1/tags`, key: "tags" };

interface Asked {
  readonly list?: List;
  readonly query?: ListQuery;
  readonly options?: IterateOptions;
  readonly most?: number;
}

function walkOf({ list = calls, query = {}, options = {}, most = Infinity }: Asked) {
  return { http: listedFrom({ calls: [] }).http, list, query, options, means: { now }, most };
}

const planOf = (asked: Asked) => makePlan(walkOf(asked));
const firstPage = { span: { from: 1, to: 2 }, page: 1, size: 20 };

describe("what a walk is asked with", () => {
  it.each<[string, Asked, typeof ConfigError | typeof ArgumentError | null]>([
    ["nothing", {}, null],
    ["all it may choose", { options: { cursor: null, onProgress: () => undefined, ahead: 1, maxWaitMs: 1 } }, null],
    ["what any call may choose", { options: { lane: "bulk", timeoutMs: 1, maxRetries: 1, cacheMs: 0 } }, null],
    ["an option that is none", { options: { head: 1 } as IterateOptions }, ConfigError],
    ["a lane that is none", { options: { lane: "slow" as "bulk" } }, ConfigError],
    ["a moment that is none", { query: { from: new Date(NaN) } }, ArgumentError],
  ])("is looked at before it begins: %s", (_what, asked, refusal) => {
    const check = () => checkWalk(walkOf(asked));
    if (refusal) expect(check).toThrow(refusal);
    else expect(check).not.toThrow();
  });

  it.each<[Asked, string]>([
    [{ options: { ahead: -1 } }, "ahead must be a whole number from 0 to 50."],
    [{ options: { ahead: 51 } }, "ahead must be a whole number from 0 to 50."],
    [{ options: { ahead: 0.5 } }, "ahead must be a whole number from 0 to 50."],
    [{ options: { maxWaitMs: -1 } }, "maxWaitMs must be a number of milliseconds from 0, or Infinity."],
    [{ query: { page: 0 } }, "page must be a whole number from 1."],
    [{ query: { page: 1.5 } }, "page must be a whole number from 1."],
    [{ query: { per_page: 0 } }, "per_page must be a whole number from 1."],
    [{ options: { cursor: "" } }, "no cursor of this list and query"],
  ])("is refused where it makes no sense: %j", (asked, said) => {
    expect(() => planOf(asked)).toThrow(said);
    expect(() => planOf(asked)).toThrow(ConfigError);
  });

  it.each(["from", "to"] as const)("names the moment that is none: %s", (name) => {
    expect(() => planOf({ query: { [name]: "soon" } })).toThrow(`${name} must be`);
  });

  it.each<IterateOptions>([{ ahead: 0 }, { ahead: 50 }, { maxWaitMs: 0 }, { maxWaitMs: Infinity }])(
    "may be at its limit: %j",
    (options) => {
      expect(() => planOf({ options })).not.toThrow();
    },
  );
});

describe("the pages of a walk", () => {
  it.each<[string, Asked, number | null]>([
    ["fifty where nothing is said", {}, 50],
    ["as many as are asked for", { query: { per_page: 20 } }, 20],
    ["fifty where more are asked for", { query: { per_page: 200 } }, 50],
    ["of the list's own size where it takes no wish", { list: { ...tags, unsized: true } }, null],
    ["as many as that list gives", { list: longPages(), query: { per_page: 200 } }, 100],
  ])("are %s", (_what, asked, perPage) => {
    expect(planOf(asked).perPage).toBe(perPage);
  });

  it.each([
    [Infinity, undefined, 8],
    [Infinity, 3, 3],
    [0, 3, 0],
    [50, 3, 0],
    [51, 3, 1],
    [101, 3, 2],
    [1_000, 3, 3],
  ])("are fetched ahead no further than is wanted: of %p, where %p may be, %i", (most, ahead, pages) => {
    expect(planOf({ most, options: { ahead } }).ahead).toBe(pages);
  });

  it.each<[string, Asked, object]>([
    ["by time", {}, { per_page: 20, order: "asc", from: 1, to: 2 }],
    ["from new to old", { query: { order: "desc" } }, { per_page: 20, order: "desc", from: 1, to: 2 }],
    ["by number", { list: tags }, { per_page: 20 }],
    ["by number, from the first on", { list: tags, query: { page: 1 } }, { per_page: 20, page: 1 }],
    ["by number, in an order", { list: tags, query: { order: "desc" } }, { per_page: 20, order: "desc" }],
    ["by number, with all the query has", { list: tags, query: { from: 7 } }, { per_page: 20, from: 7 }],
    ["in their own size", { list: { ...tags, unsized: true } }, {}],
  ])("are asked for %s", (_how, asked, query) => {
    const { pageQuery } = planOf(asked);
    expect(pageQuery(firstPage)).toEqual(query);
    expect(pageQuery({ ...firstPage, page: 2 })).toEqual({ ...query, page: 2 });
  });

  it("begin where the query says", () => {
    expect(planOf({}).firstPage).toBe(1);
    expect(planOf({ query: { page: 3 } }).firstPage).toBe(3);
  });
});

describe("the time of a walk", () => {
  it.each<[string, ListQuery, object]>([
    ["ends now", {}, { from: null, to: 1_000 }],
    ["ends now where its end is later", { to: 2_000 }, { from: null, to: 1_000 }],
    ["ends where it was told to", { from: 10, to: 20 }, { from: 10, to: 20 }],
    ["may lie ahead of us", { from: 2_000 }, { from: 2_000, to: 2_000 }],
    ["is in whole seconds", { from: new Date(10_900), to: new Date(20_900) }, { from: 10, to: 20 }],
    ["may begin anywhere", { from: null as never, to: null as never }, { from: null, to: 1_000 }],
  ])("%s", (_what, query, span) => {
    expect(planOf({ query }).span).toEqual(span);
  });

  it("is none in a list that is not walked by it", () => {
    const { span, order } = planOf({ list: tags, query: { from: 10, order: "desc" } });
    expect([span, order.sign]).toEqual([null, 1]);
  });

  it("goes from old to new, or the other way", () => {
    expect(planOf({}).order.sign).toBe(1);
    expect(planOf({ query: { order: "asc" } }).order.sign).toBe(1);
    expect(planOf({ query: { order: "desc" } }).order.sign).toBe(-1);
  });

  it.each<[string, ListQuery, Partial<Progressed>, [number | null, object]]>([
    ["goes on there", { from: 10, to: 90 }, { edge: 50, to: 80 }, [50, { from: 10, to: 80 }]],
    ["ends where the query does", { from: 10, to: 90 }, { edge: 50, to: 99 }, [50, { from: 10, to: 90 }]],
    ["ends where the query does", { from: 10, to: 90 }, { edge: 50, to: null }, [50, { from: 10, to: 90 }]],
    ["ends where the cursor does", { from: 10 }, { edge: 50, to: 99 }, [50, { from: 10, to: 99 }]],
    ["does not begin before the query", { from: 10, to: 90 }, { edge: 5, to: 80 }, [10, { from: 10, to: 80 }]],
    ["begins anywhere", {}, { edge: 5, to: 80 }, [5, { from: null, to: 80 }]],
    ["has no place in time", { from: 10, to: 90 }, { edge: null, to: 80 }, [null, { from: 10, to: 80 }]],
    ["goes back from there", { to: 90, order: "desc" }, { edge: 95, to: 90 }, [90, { from: null, to: 90 }]],
    ["goes back from there", { to: 90, order: "desc" }, { edge: 50, to: 90 }, [50, { from: null, to: 90 }]],
    ["goes back from there", { order: "desc" }, { edge: 50, to: 90 }, [50, { from: null, to: 90 }]],
  ])("with a cursor %s: %j, %j", (_what, query, progressed, [edge, span]) => {
    const bounds = { from: query.from ?? null, to: query.to ?? null };
    const place = { ids: [], fetched: 0, total: null, edge: null, to: null, ...progressed };
    const cursor = writeCursor(describeQuery(calls.route, { ...query, ...bounds }), place);
    const plan = planOf({ query, options: { cursor } });
    expect([plan.place.edge, plan.span]).toEqual([edge, span]);
  });
});

describe("the items of a walk", () => {
  const value = { id: 7, uuid: "u", started_at: 9, created_at: 8 };

  it.each<[string, List, object]>([
    ["their id and time", calls, { id: 7, time: 9 }],
    ["another id, and no time", { ...tags, id: "uuid" }, { id: "u", time: null }],
    ["another time", { ...calls, time: "created_at" }, { id: 7, time: 8 }],
  ])("are known by %s", (_what, list, known) => {
    expect(planOf({ list }).toItem(value)).toEqual({ value, ...known });
  });
});

function longPages(): List {
  return { ...tags, route: ofList(tags.route, { key: "tags", maxPerPage: 100 }) };
}
