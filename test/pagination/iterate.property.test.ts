import fc from "fast-check";
import { AircallError } from "../../src/errors/errors";
import { createTransport } from "../../src/http/transport/choose";
import { createApi } from "../../src/client/api";
import type { ListQuery } from "../../src/pagination/options";
import { route } from "../../src/http/route";
import { walk } from "../../src/pagination/iterate";
import { token } from "../support/servers/api";
import {
  calm,
  createHostileList,
  type Entry,
  type Manner,
  type Turn,
  wellMannered,
} from "../support/servers/hostile-list";

const runs = Number(process.env["RUNS"] ?? 1_000);
const lists = {
  "by time": { route: route`GET /v1/calls`, key: "calls", time: "started_at" },
  "by number": { route: route`GET /v1/tags`, key: "calls" },
} as const;

const share = fc.double({ min: 0, max: 0.999, noNaN: true });
const vanish = fc.array(share, { maxLength: 3 });
const appear = fc.array(fc.nat(40), { maxLength: 3 });
const turn = (parts: Partial<{ [Part in keyof Turn]: fc.Arbitrary<Turn[Part]> }>): fc.Arbitrary<Turn> =>
  fc.record(parts).map((chosen) => ({ ...calm, ...chosen }));
const lost = fc.integer({ min: 0, max: 9 }).map((n) => n === 0);
const order = fc.constantFrom("by id", "of a second anew", "turned round");
const lag = fc.nat(2);

/** What befalls a list, from little to everything at once. */
const troubles: Record<string, fc.Arbitrary<Turn>> = {
  nothing: fc.constant(calm),
  "one that vanishes while another appears": turn({
    vanish: fc.tuple(share),
    appear: fc.tuple(fc.nat(40)),
  }),
  changes: turn({ vanish, appear }),
  "answers without a list": turn({ lost }),
  "changes of order": turn({ order }),
  lag: turn({ vanish, appear, lag }),
  everything: turn({ vanish, appear, order, lost, lag }),
};
const ignored = fc.subarray(["page", "per_page", "order", "from", "to"] as const, { maxLength: 2 });
const manners: Record<string, fc.Arbitrary<Manner>> = {
  "that keeps to what it is asked": fc.record({
    ...alike(wellMannered),
    mostPerPage: fc.integer({ min: 1, max: 12 }),
    cap: fc.integer({ min: 12, max: 60 }),
    links: fc.constantFrom("full", "absent"),
    totals: fc.constantFrom("numbers", "texts", "absent"),
  }),
  "that ignores parameters": fc.record({
    ...alike(wellMannered),
    ignores: ignored,
    mostPerPage: fc.integer({ min: 1, max: 12 }),
    sized: fc.boolean(),
    totals: fc.constantFrom("numbers", "texts"),
  }),
};

function alike({ ignores, mostPerPage, cap, links, totals, sized }: Manner) {
  return {
    ignores: fc.constant(ignores),
    mostPerPage: fc.constant(mostPerPage),
    cap: fc.constant(cap),
    links: fc.constant(links),
    totals: fc.constant(totals),
    sized: fc.constant(sized),
  };
}

interface Story {
  readonly list: keyof typeof lists;
  readonly seconds: readonly number[];
  readonly query: ListQuery;
  readonly ahead: number;
  readonly stopAfter: number | null;
  readonly turns: readonly Turn[];
  readonly manner: Manner;
}

function storiesOf(trouble: fc.Arbitrary<Turn>, manner: fc.Arbitrary<Manner>): fc.Arbitrary<Story> {
  return fc.record({
    list: fc.constantFrom("by time", "by number"),
    seconds: fc.integer({ min: 1, max: 300 }).chain((most) => fc.array(fc.nat(most), { maxLength: 60 })),
    query: fc.record({ order: fc.constantFrom("asc", "desc"), per_page: fc.integer({ min: 1, max: 50 }) }),
    ahead: fc.nat(8),
    stopAfter: fc.option(fc.nat(60)),
    turns: fc.array(trouble, { maxLength: 40 }),
    manner,
  });
}

/** Reads a list, in two parts where the story says so. */
async function read({ list, seconds, query, ahead, stopAfter, turns, manner }: Story) {
  const hostile = createHostileList(seconds, turns, manner);
  const http = createApi({
    apiUrl: "https://api.example",
    timeoutMs: 2_000,
    transport: createTransport(hostile.fetch),
    tokens: token,
    sleep: () => Promise.resolve(),
  });
  const seen: number[] = [];
  const first = walk<Entry>(http, lists[list], { options: { ahead }, query });
  let last = first;
  let failure: unknown = null;
  try {
    for await (const { id } of first) if (seen.push(id) > (stopAfter ?? Infinity)) break;
    if (!first.done) last = walk<Entry>(http, lists[list], { options: { ahead, cursor: first.cursor }, query });
    if (last !== first) for await (const { id } of last) seen.push(id);
  } catch (error) {
    failure = error;
  }
  return { seen, failure, done: last.done, missing: [...hostile.lasting].filter((id) => !seen.includes(id)), hostile };
}

it.each([true, false])("takes no last page for another because their lengths agree, sized: %s", async (sized) => {
  const turn = { vanish: [], appear: [], lost: false, lag: 0 };
  const { seen, missing, done } = await read({
    list: "by time",
    seconds: [1, 0, 0, 1, 1, 1, 1],
    query: { order: "desc", per_page: 4 },
    ahead: 0,
    stopAfter: null,
    turns: [
      { ...turn, order: "by id" },
      { ...turn, order: "of a second anew" },
    ],
    manner: { ignores: ["per_page"], mostPerPage: 4, cap: 10_000, links: "full", totals: "numbers", sized },
  });
  expect([seen.length, missing, done]).toEqual([7, [], true]);
});

describe.each(Object.keys(manners))("a walk over a list %s", (kind) => {
  it.each(Object.keys(troubles))("brings what lasts once, or ends with an error, with %s", async (what) => {
    let whole = 0;
    await fc.assert(
      fc.asyncProperty(storiesOf(troubles[what]!, manners[kind]!), async (story) => {
        const { seen, failure, done, missing, hostile } = await read(story);
        if (failure !== null) expect(failure).toBeInstanceOf(AircallError);
        else expect(missing).toEqual([]);
        expect([done, new Set(seen).size]).toEqual([failure === null, seen.length]);
        whole += Number(failure === null);
        expect(hostile.requests).toBeLessThan(1_500);
      }),
      { numRuns: Math.ceil(runs / Object.keys(troubles).length / 2) },
    );
    if (process.env["SHOW"]) process.stdout.write(`${kind}, ${what}: ${whole} whole\n`);
  });
});
