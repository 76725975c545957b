import { createHash } from "node:crypto";
import { describeQuery, readCursor, writeCursor } from "../../src/pagination/cursor";
import type { ListQuery } from "../../src/pagination/options";
import { type Route, route } from "../../src/http/route";
import { walk } from "../../src/pagination/iterate";
import { useApi } from "../support/servers/api";
import { answerFrom, firstSecond, ids, type PastCall, pastCalls } from "../support/call-history";

const { serve, connect } = useApi();
const calls = { route: route`GET /v1/calls`, key: "calls", time: "started_at" } as const;
const to = firstSecond + 500_000;

interface Query extends ListQuery {
  phone_number?: string;
}

async function begin(list: { route: Route; key: string; time?: "started_at" } = calls, query: Query = { to }) {
  const history = { calls: pastCalls(300, 7) };
  const api = await serve(answerFrom(history, { cap: 100 }));
  const http = connect(api);
  const go = (cursor: string | null = null, other = query) =>
    walk<PastCall>(http, list, { options: { cursor }, query: other });
  const restOf = async (cursor: string | null, other = query) => {
    const seen: number[] = [];
    for await (const { id } of go(cursor, other)) seen.push(id);
    return seen;
  };
  return { api, history, go, restOf };
}

async function cursorAt(walked: ReturnType<typeof walk<PastCall>>, last: number): Promise<string> {
  for await (const { id } of walked) if (id === last) break;
  return walked.cursor!;
}

describe("the cursor of a walk", () => {
  it.each([1, 49, 50, 51, 98, 100, 101, 250, 300])("after call %i goes on with the next", async (last) => {
    const { go, restOf } = await begin();
    expect(await restOf(await cursorAt(go(), last))).toEqual(ids(last + 1, 300));
  });

  it("goes on after it went on, up to the end of the first walk", async () => {
    const { go, restOf, history } = await begin(calls, {});
    const now = Math.floor(Date.now() / 1000);
    const second = await cursorAt(go(await cursorAt(go(), 120)), 180);
    history.calls.push({ id: 900, started_at: now + 60 });
    expect(await restOf(second)).toEqual(ids(181, 300));
  });

  it("in a list without times names what was handed out", async () => {
    const { go, restOf, history } = await begin({ route: route`GET /v1/users/${7}/numbers`, key: "calls" }, {});
    history.calls.length = 90;
    const cursor = await cursorAt(go(), 60);
    history.calls.splice(10, 20);
    expect(await restOf(cursor)).toEqual(ids(61, 90));
  });

  it("is null before the first item, and the one given before that of a walk that goes on", async () => {
    const { go } = await begin();
    expect(go().cursor).toBeNull();
    expect(go("abc").cursor).toBe("abc");
  });

  it("is that of the latest loop", async () => {
    const { go, restOf } = await begin();
    const walked = go();
    await cursorAt(walked, 200);
    expect(await restOf(await cursorAt(walked, 20))).toEqual(ids(21, 300));
  });

  it("counts its page whole where pages are handed out", async () => {
    const { go, restOf } = await begin();
    const walked = go();
    for await (const page of walked.pages()) if (page.items.length > 0) break;
    expect(await restOf(walked.cursor)).toEqual(ids(51, 300));
  });

  it.each<[string, (cursor: string) => string, Query]>([
    ["shortened", (cursor) => cursor.slice(0, -1), { to }],
    ["changed", (cursor) => `A${cursor.slice(1)}`, { to }],
    ["empty", () => "", { to }],
    ["of our own making", () => Buffer.from("[1,[],2,3,4]").toString("base64url"), { to }],
    ["of another order", (cursor) => cursor, { to, order: "desc" }],
    ["of another time", (cursor) => cursor, { to: to - 1 }],
    ["of another filter", (cursor) => cursor, { to, phone_number: "+33199001234" }],
  ])("is refused before anything is sent when it is %s", async (_what, damage, query) => {
    const { api, go, restOf } = await begin();
    const cursor = damage(await cursorAt(go(), 3));
    api.arrived.length = 0;
    await expect(restOf(cursor, query)).rejects.toMatchObject({ code: "config_invalid" });
    expect(api.arrived).toHaveLength(0);
  });

  it("is refused in another list", async () => {
    const { go } = await begin();
    const cursor = await cursorAt(go(), 3);
    const other = await begin({ ...calls, route: route`GET /v1/calls/search` });
    await expect(other.restOf(cursor)).rejects.toMatchObject({ code: "config_invalid" });
    expect(other.api.arrived).toHaveLength(0);
  });

  it("is refused for another phone number or e-mail address", async () => {
    const { api, go, restOf } = await begin();
    const cursor = await cursorAt(go(null, { to, phone_number: "+33199001234" }), 3);
    const mailed = await begin({ ...calls, route: route`GET /v1/users/${"one@app.example"}/calls` });
    const mailedCursor = await cursorAt(mailed.go(), 3);
    const other = await begin({ ...calls, route: route`GET /v1/users/${"two@app.example"}/calls` });
    api.arrived.length = 0;
    const refused = { code: "config_invalid" };
    await expect(restOf(cursor, { to, phone_number: "+33199005678" })).rejects.toMatchObject(refused);
    await expect(other.restOf(mailedCursor)).rejects.toMatchObject(refused);
    expect([...api.arrived, ...other.api.arrived]).toEqual([]);
    expect(await restOf(cursor, { to, phone_number: "+33199001234" })).toHaveLength(297);
  });

  it("tells nobody whom the walk is about: one number in 256 has the same", async () => {
    const numbers = Array.from({ length: 5_000 }, (_, n) => `+3319900${String(n).padStart(4, "0")}`);
    const described = numbers.map((phone_number) => describeQuery(calls.route, { to, phone_number }));
    expect(new Set(described).size).toBe(256);
    const { go } = await begin();
    const cursor = await cursorAt(go(null, { to, phone_number: numbers[0]! }), 3);
    expect(Buffer.from(cursor.split(".")[0]!, "base64url").toString()).toBe(`[null,[1,2,3],${to},3,300]`);
  });
});

describe("a cursor that somebody made up", () => {
  const asked: Query = { from: firstSecond + 10, to: firstSecond + 19 };

  /** As anybody can who knows this library and the query. */
  function forge(query: Query, fields: string): string {
    const place = Buffer.from(fields).toString("base64url");
    const seal = createHash("sha256")
      .update(`${describeQuery(calls.route, query)} ${place}`)
      .digest("base64url");
    return `${place}.${seal.slice(0, 12)}`;
  }

  it.each<[string, Query, string, object]>([
    ["an earlier begin", asked, "[1,[],4000000000,0,null]", asked],
    ["no end", asked, `[${firstSecond + 15},[],null,0,null]`, { ...asked, from: firstSecond + 15 }],
    ["a later begin, backwards", { ...asked, order: "desc" }, "[4000000000,[],4000000000,0,null]", asked],
    ["no place", asked, "[null,[],4000000000,0,null]", asked],
  ])("with %s does not leave the time that is asked for", async (_what, query, fields, span) => {
    const { api, restOf } = await begin(calls, query);
    const seen = await restOf(forge(query, fields));
    expect(seen.every((id) => id > 70 && id <= 140)).toBe(true);
    const { searchParams } = new URL(api.arrived[0]!.url, api.url);
    expect({ from: Number(searchParams.get("from")), to: Number(searchParams.get("to")) }).toEqual(span);
  });

  it.each([
    "null",
    "{}",
    "[]",
    "not JSON",
    '["1",[],2,3,4]',
    "[1,null,2,3,4]",
    "[1,[null],2,3,4]",
    "[1,[],{},3,4]",
    "[1,[],2,null,4]",
    "[1,[],2,3,1e999]",
    "[1,[],2,3,4,5]",
  ])("of %s is refused before anything is sent", async (fields) => {
    const { api, restOf } = await begin(calls, asked);
    await expect(restOf(forge(asked, fields))).rejects.toMatchObject({ code: "config_invalid" });
    expect(api.arrived).toHaveLength(0);
  });
});

describe("what a cursor belongs to", () => {
  const hint = (personal: string) => `…${createHash("sha256").update(personal).digest("hex").slice(0, 2)}`;
  const describeFacts = (query: object) => describeQuery(calls.route, query);
  const withFacts = (facts: string) => `["GET /v1/calls","/v1/calls",${facts}]`;

  it("is a list and what is asked of it, in whatever order, with any page size", () => {
    const facts = withFacts('[["direction","inbound"],["from",1],["order","desc"],["to",5]]');
    expect(describeFacts({ from: 1, direction: "inbound", to: 5, order: "desc" })).toBe(facts);
    expect(describeFacts({ to: 5, order: "desc", from: 1, direction: "inbound" })).toBe(facts);
    expect(describeFacts({ order: "desc", direction: "inbound", from: 1, to: 5, per_page: 50, limit: 9 })).toBe(facts);
    expect(describeFacts({ none: null, order: "desc", direction: "inbound", from: 1, to: 5, un: undefined })).toBe(
      facts,
    );
  });

  it.each([
    ["name", "one@app.example"],
    ["name", "a1"],
    ["name", "1a"],
    ["name", "a".repeat(33)],
    ["phone_number", "anonymous"],
    ["phone_number", "33199001234"],
  ])("shows of a %s that is %s a hint", (name, value) => {
    expect(describeFacts({ [name]: value })).toBe(withFacts(`[["${name}","${hint(value)}"]]`));
  });

  it.each(["", "desc", "A_b", "a".repeat(32)])("shows a word: %j", (word) => {
    expect(describeFacts({ order: word })).toBe(withFacts(`[["order","${word}"]]`));
  });

  it("shows of an e-mail address in the path a hint, and nothing else of it", () => {
    const described = describeQuery(route`GET /v1/users/${"one@app.example"}/calls`, {});
    expect(described).not.toContain("example");
    expect(described).toMatch(/^\["GET \/v1\/users\/:id\/calls","\/v1\/users\/…[0-9a-f]{2}\/calls",\[\]\]$/);
  });
});

describe("the text of a cursor", () => {
  const place = { edge: null, ids: ["one", 2], to: 3, fetched: 4, total: null };
  const refusal = {
    name: "ConfigError",
    message: expect.stringMatching(/^cursor: this is no cursor of this list and query\. Pass what `cursor`/),
  };
  const complaint = (cursor: unknown) => {
    try {
      return readCursor("a query", cursor);
    } catch (error) {
      return error;
    }
  };

  it("is read as it was written, with ids of both kinds", () => {
    expect(readCursor("a query", writeCursor("a query", place))).toEqual(place);
  });

  it.each([undefined, null, 7, {}, ["a.b"]])("is none where it is %j", (cursor) => {
    expect(complaint(cursor)).toMatchObject(refusal);
  });

  it("is none with something behind it", () => {
    const cursor = writeCursor("a query", place);
    expect(complaint(`${cursor}.`)).toMatchObject(refusal);
    expect(complaint(`${cursor}.more`)).toMatchObject(refusal);
  });
});
