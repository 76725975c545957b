import { ConnectionError, ResultCapError } from "../../src/errors/errors";
import type { List, ListQuery } from "../../src/pagination/options";
import { firstSecond, ids, type Listed, type PastCall, pastCalls } from "../support/call-history";
import { byNumber, byTime, walkShort } from "../support/short-walk";

const ofOwnSize = (list: List): List => ({ ...list, unsized: true });
/** Gives so many at a time, whatever is asked for; or only where more is asked for. */
const always = (size: number): Listed => ({ before: (asked) => asked.set("per_page", String(size)) });
const atMost = (size: number): Listed => ({
  before: (asked) => Number(asked.get("per_page")) > size && asked.set("per_page", String(size)),
});
/** Its meta as it is changed. */
const telling = (tell: (meta: Meta) => object): Listed => ({
  change: ({ meta, calls }) => ({ calls, meta: { ...meta, ...tell(meta) } }),
});
/** Its meta without a part. */
const silentOf = (part: keyof Meta): Listed => ({
  change: ({ meta: { [part]: _, ...meta }, calls }) => ({ calls, meta }),
});
/** Leads from page to page by a name of its own. */
const byLinks: Listed = {
  before: (asked) => asked.has("after") && asked.set("page", asked.get("after")!),
  change: ({ meta, calls }) => {
    const after = meta.next_page_link && `https://api.example/v1/calls?per_page=50&after=${meta.current_page + 1}`;
    return { calls, meta: { ...meta, next_page_link: after } };
  },
};
/** The first so many vanish before a request. */
const vanishing = (calls: PastCall[], request: number, count: number): Listed => {
  let requests = 0;
  return { before: () => ++requests === request && calls.splice(0, count) };
};

interface Meta {
  readonly total: number;
  readonly next_page_link: string | null;
}

describe("the pages of a walk", () => {
  it.each<[string, List, number, string, Listed?, ListQuery?]>([
    ["overlap by two, by time", byTime, 120, "1/50, 48.. 1/50, 46.. 2/50"],
    ["overlap by two, from new to old", byTime, 120, "1/50, ..71 1/50, ..73 2/50", {}, { order: "desc" }],
    ["overlap by pages of other sizes, by number", byNumber, 120, "1/50, 2/48, 3/47"],
    ["begin where they were asked to, by time", byTime, 160, "3/50, 148.. 1/50", {}, { page: 3 }],
    ["begin where they were asked to, by number", byNumber, 160, "3/50, 4/49", {}, { page: 3 }],
    ["are as long as the list gives, by time", byTime, 50, "1/50, 18.. 1/20, 16.. 2/20", atMost(20)],
    ["are as long as the list gives, by number", byNumber, 50, "1/50, 2/18, 3/17", atMost(20)],
    ["are of the list's size where it takes no wish", ofOwnSize(byNumber), 30, "1/20, 2/20, 1/20, 2/20"],
    ["are counted where the list has its own size, by time", byTime, 50, "1/50, 18.. 1/20, 16.. 2/20", always(20)],
    ["are read again where the list has its own size", byNumber, 30, "1/50, 2/18, 1/20, 2/20, 1/20, 2/20", always(20)],
    ["are led from link to link", byTime, 120, "1/50, >2/50, >3/50", byLinks],
    ["are led from link to link, by number", byNumber, 120, "1/50, >2/50, >3/50", byLinks],
    ["are counted without links", byNumber, 120, "1/50, 2/48, 3/47", silentOf("next_page_link")],
    ["are counted without a total", byNumber, 120, "1/50, 2/48, 3/47", silentOf("total")],
  ])("%s", async (_what, list, count, requests, habits = {}, query = {}) => {
    const { seen, done, asked } = await walkShort({ calls: pastCalls(count), list, query, habits });
    const first = ((query.page ?? 1) - 1) * 50 + 1;
    const expected = query.order === "desc" ? ids(first, count).reverse() : ids(first, count);
    expect([seen, done]).toEqual([expected, true]);
    expect(asked).toBe(requests);
  });

  it.each([
    [byNumber, "1/50, 2/48, 1/50, 2/48, 3/47", 2],
    [byNumber, "1/50, 2/48, 3/47, 1/50, 2/48, 3/47", 3],
    [byTime, "1/50, 48.. 1/50, 46.. 2/50", 2],
  ] as const)("are read again where some vanish: $key, %s", async (list, requests, request) => {
    const calls = pastCalls(120);
    const { seen, done, asked } = await walkShort({ calls, list, habits: vanishing(calls, request, 3) });
    expect([seen, done, asked]).toEqual([ids(1, 120), true, requests]);
  });

  it("go on by number where the page before holds as many as it could, and says no more than that", async () => {
    const habits: Listed = { change: ({ calls }) => ({ calls }) };
    const { seen, asked } = await walkShort({ calls: pastCalls(120), list: byNumber, habits });
    expect([seen, asked]).toEqual([ids(1, 120), "1/50, 2/48, 3/47"]);
  });

  it.each([byNumber, byTime])("are no more than there are, however far ahead: $key", async (list) => {
    expect((await walkShort({ calls: pastCalls(3), list, ahead: 8 })).asked).toBe("1/50");
  });

  it("are asked for ahead only where they are promised", async () => {
    const told = await walkShort({ calls: pastCalls(120), list: byNumber, ahead: 8 });
    expect(told.asked).toBe("1/50, 2/48, 3/47");
    const untold = silentOf("total");
    const { seen, asked } = await walkShort({ calls: pastCalls(120), list: byNumber, ahead: 8, habits: untold });
    expect([seen, asked]).toEqual([ids(1, 120), "1/50, 2/48, 3/47"]);
    expect((await walkShort({ calls: pastCalls(120), habits: byLinks, ahead: 8 })).asked).toBe("1/50, >2/50, >3/50");
  });
});

describe("the end of a walk", () => {
  const unsized = { per_page: undefined };

  it.each<[string, List, number, string, object]>([
    ["is read again, by number", byNumber, 3, "1/50, 2/48, 1/50, 2/50, 1/50, 2/50", {}],
    ["is read again, by time", byTime, 3, "1/50, 48.. 1/50, 49.. 1/50, 49.. 1/50", {}],
    ["ends where it is not full, by number", byNumber, 30, "1/50, 2/48, 1/50, 2/50, 1/50, 2/50", {}],
    ["ends where it is not full, by time", byTime, 30, "1/50, 48.. 1/50, 49.. 1/50, 49.. 1/50", {}],
    ["is not where another page is missing, by number", byNumber, 30, "1/50, 2/48, 1/50, 2/50, 1/50, 2/50", unsized],
    [
      "is not where another page is missing, by time",
      byTime,
      30,
      "1/50, 48.. 1/50, 49.. 1/50, 49.. 1/50, 59.. 1/50, 59.. 1/50, 59..59 1/50, 59..59 1/50",
      unsized,
    ],
  ])("where fewer came than its total says %s: %#", async (_what, list, more, requests, told) => {
    const habits = telling(({ total }) => ({ total: total + more, ...told }));
    const { seen, failure, done, asked } = await walkShort({ calls: pastCalls(60), list, habits });
    expect([seen, asked, done]).toEqual([ids(1, 60), requests, told !== unsized]);
    if (!done) expect(failure).toBeInstanceOf(ConnectionError);
  });

  it.each([
    [byNumber, "1/50, 2/48, 3/47, 2/50", ResultCapError],
    [byTime, "1/50, 48.. 1/50, 46.. 2/50, 44.. 3/50, 94.. 2/50", null],
  ] as const)("is the cap where time cannot take a walk past it: %#", async (list, requests, failed) => {
    const { seen, failure, asked } = await walkShort({ calls: pastCalls(190), list, habits: { cap: 100 } });
    expect([seen.length, asked]).toEqual([failed ? 100 : 190, requests]);
    if (failed) expect(failure).toBeInstanceOf(failed);
    else expect(failure).toBeNull();
  });

  it("is said where the list says that it ends before", async () => {
    const walked = { calls: pastCalls(190), list: byNumber, habits: { lastPage: 2 } };
    const { failure, asked } = await walkShort(walked);
    expect((failure as Error).message).toContain("the list ends before all of its results were on a page");
    expect(asked).toBe("1/50, 2/48, 1/50, 2/50, 1/50, 2/50");
  });

  it.each([byNumber, byTime])("is an error where its links lead back: $key", async (list) => {
    const link = "https://api.example/v1/calls?per_page=50&after=1";
    const endless: Listed = { ...byLinks, ...telling(() => ({ next_page_link: link })) };
    const { failure, asked } = await walkShort({ calls: pastCalls(60), list, habits: endless });
    expect((failure as Error).message).toContain("one that was read before");
    expect(asked).toBe("1/50, >1/50");
  });

  it.each([byNumber, byTime])("is an error of Aircall's where its first page is refused: $key", async (list) => {
    const { failure, asked } = await walkShort({ calls: pastCalls(60), list, query: { page: 201 } });
    expect([failure, asked]).toEqual([expect.any(ResultCapError), "201/50"]);
  });
});

it("a walk by time goes to the second that it was told to", async () => {
  const { seen } = await walkShort({ calls: pastCalls(60), query: { from: firstSecond + 9, to: firstSecond + 19 } });
  expect(seen).toEqual(ids(10, 20));
});
