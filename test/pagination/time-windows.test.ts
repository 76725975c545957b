import { ApiError, ConnectionError, ResultCapError } from "../../src/errors/errors";
import { firstSecond, ids, type Listed, pastCalls } from "../support/call-history";
import { byNumber, byTime, type ShortWalk, walkShort } from "../support/short-walk";

const cap = 100;
const desc = { order: "desc" } as const;
const ofOwnSize = { unsized: true } as const;

/** So many calls of one second. */
const together = (count: number, firstId: number, second: number) =>
  ids(firstId, firstId + count - 1).map((id) => ({ id, started_at: firstSecond + second }));
/** One every two seconds. */
const spaced = (count: number) => ids(1, count).map((id) => ({ id, started_at: firstSecond + 2 * id }));
/** Calls a little out of order, and entirely. */
const shaken = ids(1, 300).map((id) => ({ id, started_at: firstSecond + id + (id % 2) * 5 }));
const shuffled = ids(1, 150).map((id) => ({ id, started_at: firstSecond + ((id * 97) % 151) * 9 }));

/** The answers of some requests without their items; or as of a list that has none. */
const emptied = (from: number, to: number): Listed => ({
  change: ({ meta, calls }, request) => ({ meta, calls: request >= from && request <= to ? [] : calls }),
});
const denied = (from: number, to: number): Listed => ({
  change: (answer, request) => (request >= from && request <= to ? { calls: [], meta: { total: 0 } } : answer),
});
/** Goes by other bounds than it is asked for. */
const off = (name: "from" | "to", bySeconds: number): Listed => ({
  before: (asked) => asked.has(name) && asked.set(name, String(Number(asked.get(name)) + bySeconds)),
});

/** Says that there are more than there are, where there are several. */
const lying = (more: number): Listed => ({
  change: ({ meta, calls }) => ({ meta: { ...meta, total: meta.total > 1 ? meta.total + more : 1 }, calls }),
});
/** Says of a call no time. */
const timeless = (id: number): Listed => ({
  change: ({ meta, calls }) => ({ meta, calls: calls.map((call) => (call.id === id ? { id } : call)) }),
});

describe("the windows of a walk by time", () => {
  it.each<[string, ShortWalk, string]>([
    [
      "one anew where a page came without its items",
      { calls: pastCalls(120), habits: emptied(2, 2) },
      "1/50, 48.. 1/50, 49.. 1/50, 49.. 2/50, 49.. 1/50, 49.. 2/50",
    ],
    [
      "one anew as often as it takes",
      { calls: pastCalls(120), habits: emptied(2, 3) },
      "1/50, 48.. 1/50, 49.. 1/50, 49.. 1/50, 49.. 2/50, 49.. 1/50, 49.. 2/50",
    ],
    [
      "one anew where what was there is said not to be, four times",
      { calls: pastCalls(120), habits: denied(2, 6) },
      "1/50, 48.. 1/50, 49.. 1/50, 49.. 1/50, 49.. 1/50, 49.. 1/50, 49.. 1/50, 97.. 1/50",
    ],
    [
      "the first second alone, and what is before it, where it fills the cap",
      { calls: pastCalls(150, 100), habits: { cap } },
      "1/50, 2/48, 3/47, 2/50, ..-1 1/50, 0..0 1/50, 0..0 2/48, 0..0 2/50, 1.. 1/50",
    ],
    [
      "the same from where the walk begins",
      { calls: pastCalls(150, 100), query: { from: firstSecond }, habits: { cap } },
      "0.. 1/50, 0.. 2/48, 0.. 3/47, 0.. 2/50, 0..-1 1/50, 0..0 1/50, 0..0 2/48, 0..0 2/50, 1.. 1/50",
    ],
    [
      "the last second alone, from new to old",
      { calls: pastCalls(150, 100), query: desc, habits: { cap } },
      "1/50, 2/48, 3/47, 2/50, ..0 1/50, ..0 2/48, ..0 2/50",
    ],
    [
      "the first second alone, from new to old",
      { calls: [...pastCalls(20), ...together(100, 21, 100)], query: desc, habits: { cap } },
      "1/50, 2/48, 3/47, 2/50, 101.. 1/50, 100..100 1/50, 100..100 2/48, 100..100 2/50, ..99 1/50",
    ],
    [
      "one behind each page where the list says that it ends there",
      { calls: pastCalls(560), habits: { lastPage: 1 } },
      ["1/50", ...ids(1, 11).map((n) => `${n * 49}.. 1/50`)].join(", "),
    ],
    ["of the pages that it asks for", { calls: pastCalls(30), query: { per_page: 20 } }, "1/20, 18.. 1/20"],
    [
      "that second alone where the walk ends there",
      { calls: [...together(60, 1, 0), ...together(100, 61, 1)], query: { to: firstSecond + 1 }, habits: { cap } },
      "..1 1/50, ..1 2/48, ..1 3/47, 1..1 1/50, 1..1 1/50, 1..1 2/48, 1..1 2/50",
    ],
    [
      "that second alone where the walk ends there, from new to old",
      {
        calls: [...together(100, 1, 0), ...together(60, 101, 1)],
        query: { ...desc, from: firstSecond },
        habits: { cap },
      },
      "0.. 1/50, 0.. 2/48, 0.. 3/47, 0..0 1/50, 0..0 1/50, 0..0 2/48, 0..0 2/50",
    ],
    [
      "the same where one of its calls has no time",
      { calls: pastCalls(120), habits: timeless(60) },
      "1/50, 48.. 1/50, 46.. 2/50",
    ],
    [
      "the same second once more where a page of it came without its items",
      { calls: pastCalls(150, 100), habits: { cap, ...emptied(7, 7) } },
      "1/50, 2/48, 3/47, 2/50, ..-1 1/50, 0..0 1/50, 0..0 2/48, 0..0 1/50, 0..0 2/50, 0..0 1/50, 0..0 2/50, 1.. 1/50",
    ],
    ["one more where fewer came than its total says", { calls: pastCalls(30), habits: lying(3) }, "1/50, 29.. 1/50"],
    [
      "all of it once more where fewer came than its total says, of one second",
      { calls: together(30, 1, 0), habits: lying(3) },
      "1/50, 1/50",
    ],
    [
      "the last second twice where fewer came of it than its total says",
      { calls: [...pastCalls(25), ...together(5, 26, 60)], habits: lying(3) },
      "1/50, 60.. 1/50, 60.. 1/50",
    ],
    [
      "the only second twice, from where the walk begins",
      { calls: together(30, 1, 0), query: { from: firstSecond }, habits: lying(3) },
      "0.. 1/50, 0.. 1/50",
    ],
    [
      "its last second once more where fewer came than its total says, though the walk ends there",
      { calls: pastCalls(30), query: { to: firstSecond + 29 }, habits: lying(3) },
      "..29 1/50, 29..29 1/50",
    ],
    [
      "the same from new to old, though the walk ends there",
      { calls: pastCalls(30), query: { ...desc, from: firstSecond }, habits: lying(3) },
      "0.. 1/50, 0..0 1/50",
    ],
    [
      "counted where a page holds one",
      { calls: pastCalls(4), query: { per_page: 1 } },
      "1/1, 1/1, 2/1, 3/1, 4/1, 1/1, 2/1, 3/1, 4/1",
    ],
    [
      "counted anew behind the cap where a page holds one",
      {
        calls: [...pastCalls(3), ...ids(4, 5).map((id) => ({ id, started_at: firstSecond + 4 + id }))],
        query: { ...desc, per_page: 1 },
        habits: { cap: 4 },
      },
      "1/1, 1/1, 2/1, 3/1, 4/1, 5/1, 1/1, 2/1, 3/1, 4/1, ..1 1/1, ..1 1/1, ..1 2/1, ..1 1/1, ..1 2/1",
    ],
    [
      "overlapping again behind a second that was counted",
      {
        calls: [...together(10, 1, 0), ...together(4, 11, 1)],
        query: { ...desc, from: firstSecond, to: firstSecond + 25, per_page: 4 },
      },
      "0..25 1/4, 0..25 2/3, 0..25 2/4, 0..25 3/3, 0..0 2/4, 0..0 1/4, 0..0 2/3, 0..0 2/4, 0..0 3/3, 0..0 3/4",
    ],
    [
      "counted in a second that has as many as can be had",
      {
        calls: [...pastCalls(2), ...together(4, 3, 5), ...together(2, 7, 9)],
        query: { per_page: 1 },
        habits: { cap: 4 },
      },
      [
        "1/1, 1/1, 2/1, 3/1, 4/1, 5/1, 1/1, 2/1, 3/1, 4/1",
        "5.. 1/1, 5.. 1/1, 5.. 2/1, 5.. 3/1, 5.. 4/1, 5.. 1/1, 5.. 2/1, 5.. 3/1, 5.. 4/1",
        "5..5 1/1, 5..5 1/1, 5..5 2/1, 5..5 3/1, 5..5 4/1, 5..5 1/1, 5..5 2/1, 5..5 3/1, 5..5 4/1",
        "6.. 1/1, 9.. 1/1, 9.. 1/1, 9.. 2/1, 9.. 1/1, 9.. 2/1",
      ].join(", "),
    ],
    [
      "one where its pages are many",
      { calls: pastCalls(700), list: byNumber },
      "1/50, 2/48, 3/47, 4/46, 5/45, 6/44, 7/43, 7/49, 8/48, 9/47, 11/42, 11/46, 11/50, 12/49, 14/45, 14/48, 15/47",
    ],
    ["none where the list is in no order, and ends before the cap", { calls: shuffled }, "1/50, 2/48, 3/47, 4/46"],
    [
      "a minute more where the list is not quite in order",
      { calls: shaken.slice(0, 200), habits: { cap } },
      "1/50, 2/48, 3/47, 40.. 2/50, 80.. 2/50, 120.. 2/50",
    ],
    [
      "twice the same where pages are counted",
      { calls: pastCalls(90), list: { ...byTime, ...ofOwnSize }, habits: { cap: 60 } },
      "1/20, 2/20, 3/20, 4/20, 1/20, 2/20, 3/20, 59.. 1/20, 59.. 2/20, 59.. 1/20, 59.. 2/20",
    ],
    ["some bounds of its own", { calls: spaced(60), habits: off("from", -60) }, "1/50, 98.. 1/50"],
    [
      "some bounds of its own, from new to old",
      { calls: spaced(60), query: desc, habits: off("to", 60) },
      "1/50, ..24 1/50",
    ],
  ])("are %s", async (_what, walked, requests) => {
    const { seen, failure, done, asked } = await walkShort(walked);
    expect([failure, asked]).toEqual([null, requests]);
    expect(done).toBe(true);
    const all = walked.calls.map(({ id }) => id);
    expect(seen.toSorted((one, other) => one - other)).toEqual(all);
  });

  it("end where what was there is said not to be five times", async () => {
    const { seen, done, asked } = await walkShort({ calls: pastCalls(120), habits: denied(2, 7) });
    expect([seen.length, done, asked.split(", ").length]).toEqual([50, true, 7]);
  });

  it.each<[string, ShortWalk, string, number, string, unknown]>([
    [
      "more in a second than can be had",
      { calls: [...pastCalls(20), ...together(101, 21, 100)], habits: { cap } },
      "1/50, 2/48, 3/47, 100.. 2/50, 100.. 1/50, 100.. 2/48, 100.. 2/50, 100..100 1/50, 100..100 2/48, 100..100 2/50",
      120,
      "paged through no further",
      ResultCapError,
    ],
    [
      "more in the first second than can be had",
      { calls: together(101, 1, 0), habits: { cap } },
      "1/50, 2/48, 3/47, 2/50, ..-1 1/50, 0..0 1/50, 0..0 2/48, 0..0 2/50",
      100,
      "paged through no further",
      ResultCapError,
    ],
    [
      "an end before all of a second",
      { calls: together(60, 1, 0), habits: { lastPage: 1 } },
      "1/50, ..-1 1/50, 0..0 1/50",
      50,
      "the list ends before all of its results were on a page",
      ConnectionError,
    ],
    [
      "no order, and more than can be had",
      { calls: shuffled, habits: { cap } },
      "1/50, 2/48, 3/47, 2/50",
      100,
      "paged through no further",
      ResultCapError,
    ],
    [
      "no times, and more than can be had of pages of its own size",
      { calls: pastCalls(90), list: { ...byNumber, ...ofOwnSize }, habits: { cap: 60 } },
      "1/20, 2/20, 3/20, 4/20, 1/20, 2/20, 3/20",
      60,
      "paged through no further",
      ResultCapError,
    ],
    [
      "no times at all, and more than can be had",
      {
        calls: pastCalls(150),
        habits: { cap, change: ({ meta, calls }) => ({ meta, calls: calls.map(({ id }) => ({ id })) }) },
      },
      "1/50, 2/48, 3/47, 2/50",
      100,
      "paged through no further",
      ResultCapError,
    ],
    [
      "pages that never hold anything",
      { calls: pastCalls(60), habits: emptied(1, Infinity) },
      Array(11).fill("1/50").join(", "),
      0,
      "its pages do not join",
      ConnectionError,
    ],
    [
      "bounds of its own",
      { calls: spaced(60), habits: off("from", -62) },
      "1/50, 98.. 1/50",
      50,
      "does not keep to from and to",
      ConnectionError,
    ],
    [
      "bounds of its own, from new to old",
      { calls: spaced(60), query: desc, habits: off("to", 62) },
      "1/50, ..24 1/50",
      50,
      "does not keep to from and to",
      ConnectionError,
    ],
  ])("end with an error where the list has %s", async (_what, walked, requests, count, said, kind) => {
    const { seen, failure, done, asked } = await walkShort(walked);
    expect([seen.length, asked, done]).toEqual([count, requests, false]);
    expect(failure).toBeInstanceOf(kind);
    expect((failure as Error).message).toContain(said);
  });

  it("end where ten pages in a row hold nothing new", async () => {
    const leading: Listed = {
      change: ({ meta }, request) => ({
        calls: request < 12 ? [] : pastCalls(1),
        meta: { ...meta, next_page_link: `https://api.example/v1/calls?after=${request}` },
      }),
    };
    const { failure, asked } = await walkShort({ calls: pastCalls(1), habits: leading });
    expect((failure as Error).message).toContain("ten of its pages in a row held nothing new");
    expect(asked.split(", ")).toHaveLength(10);
  });

  it.each([
    ["an error that is none of Aircall's", () => new Error("it broke"), "it broke"],
    ["another refusal", () => refusal(403), "refused"],
  ])("end with %s", async (_what, failing, said) => {
    const before = (asked: URLSearchParams) => {
      if (asked.get("page") === "2") throw failing();
    };
    const { seen, failure } = await walkShort({ calls: pastCalls(150), habits: { before } });
    expect([seen.length, (failure as Error).message]).toEqual([98, expect.stringContaining(said)]);
  });

  it("go past a later page that is refused in whatever words", async () => {
    const before = (asked: URLSearchParams) => {
      if (Number(asked.get("page")) * 50 > 100) throw refusal(400);
    };
    const { seen, done } = await walkShort({ calls: pastCalls(190), habits: { before } });
    expect([seen, done]).toEqual([ids(1, 190), true]);
  });

  it("keep to bounds of the developer's that the list takes otherwise", async () => {
    const query = { from: firstSecond + 200 };
    const before = (asked: URLSearchParams) => asked.get("from") === String(query.from) && asked.delete("from");
    const { seen, done } = await walkShort({ calls: spaced(60), query, habits: { before } });
    expect([seen, done]).toEqual([ids(1, 60), true]);
  });
});

function refusal(status: number): ApiError {
  const rate = { limit: null, remaining: null, resetAt: null };
  return new ApiError({ status, code: "bad_request", request: "GET /v1/calls", title: "No", troubleshoot: null, rate });
}
