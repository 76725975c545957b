import { ConnectionError } from "../../src/errors/errors";
import type { Api } from "../../src/resources/api";
import type { IterateOptions, ListQuery } from "../../src/pagination/options";
import { route } from "../../src/http/route";
import { walk } from "../../src/pagination/iterate";
import { type Api as PretendApi, useApi } from "../support/servers/api";
import { answerFrom, firstSecond, ids, inOrder, type PastCall, pastCalls } from "../support/call-history";
import { readToEnd } from "../support/short-walk";

const { serve, connect } = useApi();
const to = firstSecond + 500_000;
const calls = { route: route`GET /v1/calls`, key: "calls", time: "started_at" } as const;
const tags = { route: route`GET /v1/tags`, key: "calls" } as const;

function walkOver(http: Api, list: typeof calls | typeof tags, query: ListQuery = {}, options: IterateOptions = {}) {
  return walk<PastCall>(http, list, { options, query: { ...query, ...(list === calls && { to }) } });
}

/** Serves a history with its parameters changed on the way in. */
function serveChanged(history: PastCall[], change: (query: URLSearchParams) => void) {
  const answer = answerFrom({ calls: history });
  return serve((req, res) => {
    const url = new URL(req.url!, "http://api.example");
    change(url.searchParams);
    req.url = url.pathname + url.search;
    return answer(req, res);
  });
}

/** Serves 150 with the text of each answer changed on its way out. */
function serveTexts(change: (text: string) => string) {
  const answer = answerFrom({ calls: pastCalls(150) });
  return serve((req, res) => {
    const end = res.end.bind(res) as (text: string) => typeof res;
    res.end = ((text: string) => end(change(text))) as typeof res.end;
    return answer(req, res);
  });
}

describe("a walk over a list under steady turnover", () => {
  const turnover = [
    ["the oldest goes and a new one comes", (history: PastCall[]) => history.splice(0, 1)],
    ["one in the middle goes and a new one comes", (history: PastCall[]) => history.splice(history.length / 2, 1)],
    ["one of the first goes and a new one comes", (history: PastCall[]) => history.splice(7, 1)],
  ] as const;

  it.each(
    turnover.flatMap(([what, vanish]) =>
      ([calls, tags] as const).flatMap((list) => [0, 8].map((ahead) => ({ what, vanish, list, ahead }))),
    ),
  )("loses none of those that stay: $what, $list.route.path, ahead $ahead", async ({ vanish, list, ahead }) => {
    const history = pastCalls(list === calls ? 2_000 : 200);
    const lasting = new Set(history.map(({ id }) => id));
    let turns = 0;
    const before = () => {
      if (++turns % 3 !== 0) return;
      for (const { id } of vanish(history)) lasting.delete(id);
      history.push({ id: 10_000 + turns, started_at: firstSecond + 3_000 + turns });
      history.sort(inOrder);
    };
    const http = connect(await serve(answerFrom({ calls: history }, { before })));
    const { seen, failure, done } = await readToEnd(walkOver(http, list, {}, { ahead }));
    if (list === calls) expect(done).toBe(true);
    else if (!done) expect(failure).toBeInstanceOf(ConnectionError);
    if (done) expect([...lasting].filter((id) => !seen.includes(id))).toEqual([]);
    expect(new Set(seen).size).toBe(seen.length);
  });

  it("is not lost to a record of the past that is indexed late", async () => {
    const history = pastCalls(600);
    let late = 0;
    const before = () => {
      history.splice(3, 1);
      history.push({ id: 5_000 + late, started_at: firstSecond + 40 * late++ });
      history.sort(inOrder);
    };
    const http = connect(await serve(answerFrom({ calls: history }, { before })));
    const { seen, done } = await readToEnd(walkOver(http, calls));
    const stayed = history.filter(({ id }) => id <= 600).map(({ id }) => id);
    expect(done).toBe(true);
    expect(stayed.filter((id) => !seen.includes(id))).toEqual([]);
  });
});

describe("a walk over a list that does not do what it is asked", () => {
  it.each([
    ["order", calls, 600],
    ["order, within a minute", calls, 50],
    ["order", tags, 600],
    ["per_page", calls, 600],
    ["per_page", tags, 130],
  ] as const)("and ignores %s brings all of it all the same", async (what, list, count) => {
    const [name = ""] = what.split(",");
    const api = await serveChanged(pastCalls(count, count > 50 ? 1 : 2), (query) => {
      if (name === "order") query.set("order", "desc");
      else query.delete(name);
    });
    const query = count === 50 ? { per_page: 6 } : {};
    const { seen, done } = await readToEnd(walkOver(connect(api), list, query));
    expect(done).toBe(true);
    expect(seen.toSorted((one, other) => one - other)).toEqual(ids(1, count));
  });

  it.each([
    ["page", tags],
    ["page", calls],
    ["from", calls],
  ] as const)("and ignores %s is walked by time, or says so after few requests", async (name, list) => {
    const api = await serveChanged(pastCalls(600, 20), (query) => query.delete(name));
    const { seen, failure, done } = await readToEnd(walkOver(connect(api), list));
    if (done) expect(seen).toEqual(ids(1, 600));
    else expect(failure).toBeInstanceOf(ConnectionError);
    expect(done).toBe(name === "page" && list === calls);
    expect(new Set(seen).size).toBe(seen.length);
    expect(api.arrived.length).toBeLessThan(80);
  });

  it("and turns round on the way says so, or brings all of it", async () => {
    let requests = 0;
    const api = await serveChanged(pastCalls(600), (query) => {
      if (++requests > 4) query.set("order", "desc");
    });
    const { seen, failure, done } = await readToEnd(walkOver(connect(api), calls));
    expect(done ? seen.length : failure).toEqual(done ? 600 : expect.any(ConnectionError));
  });

  it.each([
    ["20 of 60", tags, 60, ""],
    ["20 of 30", tags, 30, ""],
    ["20 of 60, and not how long a page is", tags, 60, /"per_page":\d+,/],
    ["20 of 60", calls, 60, ""],
  ] as const)("and ends after %s is no whole one: $route.path", async (_what, list, count, left) => {
    const answer = answerFrom({ calls: pastCalls(count) });
    const api = await serve((req, res) => {
      const end = res.end.bind(res) as (text: string) => typeof res;
      const change = (text: string) =>
        text.replace(/"next_page_link":"[^"]*"/, '"next_page_link":null').replace(left, "");
      res.end = ((text: string) => end(change(text))) as typeof res.end;
      req.url = req.url!.replace(/per_page=[2-9]\d/, "per_page=20");
      return answer(req, res);
    });
    const { seen, failure, done } = await readToEnd(walkOver(connect(api), list));
    if (done) expect(seen).toEqual(ids(1, count));
    else expect(failure).toBeInstanceOf(ConnectionError);
  });

  it("and says of each page that it leads to itself ends at once", async () => {
    const api: PretendApi = await serve((req, res) => {
      const next_page_link = `${api.url}${req.url}`;
      res.end(JSON.stringify({ calls: [{ id: 1 }], meta: { total: 9, per_page: 1, next_page_link } }));
    });
    const { failure, done } = await readToEnd(walkOver(connect(api), tags));
    expect([failure instanceof ConnectionError, done, api.arrived.length < 4]).toEqual([true, false, true]);
  });

  const links = /,"next_page_link":(null|"[^"]*")/;
  const nothing = /"meta":\{[^}]*\},/;

  it.each([
    ["links", tags, (text: string) => text.replace(links, "")],
    ["links, and totals as text", calls, (text) => text.replace(links, "").replace(/("total":)(\d+)/, '$1"$2"')],
    ["links and totals", calls, (text) => text.replace(links, "").replace(/"total":\d+,/, "")],
    ["word of its pages", tags, (text) => text.replace(nothing, "")],
    ["word of its pages", calls, (text) => text.replace(nothing, "")],
  ] satisfies [string, object, (text: string) => string][])(
    "and gives no %s goes on by number: $route.path",
    async (_what, list, change) => {
      const { seen, done } = await readToEnd(walkOver(connect(await serveTexts(change)), list));
      expect([seen, done]).toEqual([ids(1, 150), true]);
    },
  );

  it.each([tags, calls])("and leaves the items out of a page reads it again, or says so: $route.path", async (list) => {
    let requests = 0;
    const emptied = (text: string) => text.replace(/"calls":\[.*\]/, '"calls":[]');
    const once = await readToEnd(
      walkOver(connect(await serveTexts((text) => (++requests === 1 ? emptied(text) : text))), list),
    );
    expect([once.seen, once.done]).toEqual([ids(1, 150), true]);
    const always = await readToEnd(walkOver(connect(await serveTexts(emptied)), list));
    expect([always.failure instanceof ConnectionError, always.done]).toEqual([true, false]);
  });
});

describe("a walk over 9,900 calls in no order", () => {
  it("takes hardly more time than over the same in order, and brings each once", async () => {
    const inOrderOnes = pastCalls(9_900, 1);
    const mixed = inOrderOnes.map(({ id }) => ({ id, started_at: firstSecond + ((id * 7_919) % 9_901) }));
    const cpuMs = async (history: PastCall[]) => {
      const api = await serve(answerFrom({ calls: history }));
      const begun = process.cpuUsage();
      const { seen, done } = await readToEnd(walkOver(connect(api), calls));
      expect([new Set(seen).size, seen.length, done]).toEqual([9_900, 9_900, true]);
      const { user, system } = process.cpuUsage(begun);
      return (user + system) / 1_000;
    };
    await cpuMs(inOrderOnes);
    const [ordered, misordered] = [await cpuMs(inOrderOnes), await cpuMs(mixed)];
    expect(misordered).toBeLessThan(ordered * 2.5);
  });

  it("goes on at its cursor with those that are left", async () => {
    const mixed = pastCalls(400).map(({ id }) => ({ id, started_at: firstSecond + ((id * 397) % 401) * 9 }));
    const http = connect(await serve(answerFrom({ calls: mixed })));
    const first = walkOver(http, calls);
    const seen: number[] = [];
    for await (const { id } of first) if (seen.push(id) === 170) break;
    for await (const { id } of walkOver(http, calls, {}, { cursor: first.cursor })) seen.push(id);
    expect(seen.toSorted((one, other) => one - other)).toEqual(ids(1, 400));
  });
});
