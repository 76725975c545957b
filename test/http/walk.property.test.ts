import fc from "fast-check";
import { ResultCapError } from "../../src/errors";
import type { IterateOptions, ListQuery } from "../../src/http/plan";
import { route } from "../../src/http/route";
import { walk } from "../../src/http/walk";
import { useApi } from "../support/api";
import { answerFrom, firstSecond, inOrder, type PastCall } from "../support/call-history";

const { serve, connect } = useApi();
const calls = { route: route`GET /v1/calls`, key: "calls", time: "started_at" } as const;

/** What happens to the history just before one request is answered. */
type Change = { readonly vanish: readonly number[] } | { readonly appear: readonly number[] };

const share = fc.double({ min: 0, max: 0.999, noNaN: true });
const vanishing = fc.record({ vanish: fc.array(share, { maxLength: 8 }) });
const appearing = fc.record({ appear: fc.array(fc.nat(40), { maxLength: 8 }) });
/** Pages that overlap in time tell what changed by their totals only, so nothing may make up for it. */
const changing = fc.oneof(
  fc.record({ ahead: fc.nat(8), changes: fc.array(vanishing, { maxLength: 9 }) }),
  fc.record({ ahead: fc.nat(8), changes: fc.array(appearing, { maxLength: 9 }) }),
  fc.record({ ahead: fc.nat(1), changes: fc.array<Change>(fc.oneof(vanishing, appearing), { maxLength: 9 }) }),
);
const stories = fc.record({
  seconds: fc.array(fc.nat(40), { maxLength: 120 }),
  perPage: fc.integer({ min: 1, max: 7 }),
  pages: fc.integer({ min: 1, max: 8 }),
  order: fc.constantFrom("asc" as const, "desc" as const),
  stopAfter: fc.nat(120),
  changing,
});

interface World {
  history: { calls: PastCall[] };
  /** Those that were there from the first request to the last. */
  lasting: Set<number>;
  /** How full a second has been at most. */
  fullest: number;
  nextId: number;
}

function apply(world: World, change: Change | undefined): void {
  const { history, lasting } = world;
  world.fullest = Math.max(world.fullest, fullest(history.calls));
  if (!change) return;
  if ("appear" in change) {
    for (const second of change.appear) history.calls.push({ id: world.nextId++, started_at: firstSecond + second });
    history.calls.sort(inOrder);
    world.fullest = Math.max(world.fullest, fullest(history.calls));
    return;
  }
  for (const at of change.vanish) {
    const [gone] = history.calls.splice(Math.floor(at * history.calls.length), 1);
    if (gone) lasting.delete(gone.id);
  }
}

/** How many calls share the fullest second. */
function fullest(calls: readonly PastCall[]): number {
  const counts = new Map<number, number>();
  for (const { started_at } of calls) counts.set(started_at, (counts.get(started_at) ?? 0) + 1);
  return Math.max(0, ...counts.values());
}

describe("a walk over any history that changes meanwhile", () => {
  it.each([false, true])("hands out what lasts once and nothing twice, resumed: %s", async (resumed) => {
    let world: World = { history: { calls: [] }, lasting: new Set(), fullest: 0, nextId: 1_000 };
    let cap = 0;
    let changes: Change[] = [];
    const api = await serve((req, res) => {
      apply(world, changes.shift());
      return answerFrom(world.history, { cap })(req, res);
    });
    const http = connect(api);

    await fc.assert(
      fc.asyncProperty(stories, async ({ seconds, perPage, pages, order, stopAfter, changing }) => {
        const history = {
          calls: seconds.map((second, n) => ({ id: n + 1, started_at: firstSecond + second })).sort(inOrder),
        };
        world = { history, lasting: new Set(history.calls.map(({ id }) => id)), fullest: 0, nextId: 1_000 };
        cap = perPage * pages;
        changes = [...changing.changes];
        const query: ListQuery = { per_page: perPage, order, to: firstSecond + 1_000 };
        const options: IterateOptions = { ahead: changing.ahead };
        const seen: number[] = [];
        try {
          const first = walk<PastCall>(http, calls, query, options);
          for await (const { id } of first) {
            seen.push(id);
            if (resumed && seen.length > stopAfter) break;
          }
          const { cursor } = first;
          if (resumed)
            for await (const { id } of walk<PastCall>(http, calls, query, { ...options, cursor })) seen.push(id);
        } catch (error) {
          expect(error).toBeInstanceOf(ResultCapError);
          expect(world.fullest).toBeGreaterThan(cap);
          return;
        }
        expect(seen).toHaveLength(new Set(seen).size);
        expect([...world.lasting].filter((id) => !seen.includes(id))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});
