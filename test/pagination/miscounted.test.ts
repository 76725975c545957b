import { ConnectionError } from "../../src/errors/errors";
import { withPageNumber } from "../../src/pagination/page";
import { ids, type Listed, pastCalls } from "../support/call-history";
import { byNumber, byTime, walkShort } from "../support/short-walk";

const query = { per_page: 50 };

/** Counts more results than there are; where `links` says so, its links lead to a page for them too. */
function miscounting(more: number, { links = false, until = Infinity } = {}): NonNullable<Listed["change"]> {
  return function change({ meta, calls }, number) {
    if (number > until) return { meta, calls };
    const { current_page: page, per_page: size } = meta;
    const total = meta.total + more;
    const onward = withPageNumber("https://api.example/v1/calls?per_page=50", page + 1);
    const next_page_link = links ? (page * size < total ? onward : null) : meta.next_page_link;
    return { meta: { ...meta, total, next_page_link }, calls };
  };
}

describe.each([
  ["in order", byTime],
  ["without times", byNumber],
])("a list %s that counts more than it has", (_order, list) => {
  it.each([
    [1, 1],
    [2, 1],
    [2, 2],
    [5, 4],
    [5, 5],
    [51, 1],
    [120, 3],
  ])("is read to its end: %i, and %i more", async (count, more) => {
    const habits = { change: miscounting(more) };
    const { seen, failure, done, asked } = await walkShort({ calls: pastCalls(count), list, query, habits });
    expect([seen, failure, done]).toEqual([ids(1, count), null, true]);
    expect(asked.split(", ").length).toBeLessThan(14);
  });

  it("is believed once it counts aright", async () => {
    const habits = { change: miscounting(1, { until: 1 }) };
    const { seen, done, asked } = await walkShort({ calls: pastCalls(1), list, query, habits });
    expect([seen, done, asked.split(", ").length]).toEqual([[1], true, 2]);
  });
});

it.each([
  [100, 1],
  [150, 3],
  [50, 2],
])("a list whose links lead behind its end is read to it: %i, and %i more", async (count, more) => {
  const habits = { change: miscounting(more, { links: true }) };
  const calls = pastCalls(count);
  const { seen, failure, done, asked } = await walkShort({ calls, list: byNumber, query, habits });
  expect([seen, failure, done]).toEqual([ids(1, count), null, true]);
  expect(asked.split(", ").length).toBeLessThan(20);
});

it("a list of pages of its own size is no whole one where a full page is the last, and more is missing", async () => {
  const list = { ...byNumber, unsized: true } as const;
  const { seen, failure, done } = await walkShort({ calls: pastCalls(40), list, habits: { lastPage: 1 } });
  expect([seen, failure, done]).toEqual([ids(1, 20), expect.any(ConnectionError), false]);
});
