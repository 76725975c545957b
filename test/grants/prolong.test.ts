import { createProlonging } from "../../src/grants/prolong";
import { memoryGrants } from "../../src/grants/stores/memory";
import { createClock, newGrant } from "../support/grants";

const lifeMs = 100_000;

async function open(longestLifeMs?: number) {
  const clock = createClock();
  const store = memoryGrants({ now: clock.now });
  const id = await store.create(newGrant(), lifeMs, "link");
  const writes: unknown[][] = [];
  const state = { broken: false };
  const noting: typeof store = {
    ...store,
    ...(longestLifeMs !== undefined && { longestLifeMs }),
    prolong(...asked) {
      writes.push(asked.slice(1));
      return state.broken ? Promise.reject(new Error("down")) : store.prolong(...asked);
    },
  };
  const prolong = createProlonging(clock.now);
  const use = (asked: Partial<Parameters<typeof prolong>[2]> = {}, grant = id) =>
    prolong(noting, grant, { lifeMs, ...asked });
  return { clock, store, id, writes, use, state };
}

describe("a grant that is used", () => {
  it("is prolonged once in a quarter of its life", async () => {
    const { clock, store, id, writes, use } = await open();
    await use();
    clock.pass(lifeMs / 4 - 1);
    await use();
    expect(writes).toEqual([[lifeMs, undefined]]);
    clock.pass(1);
    await use();
    expect(writes).toHaveLength(2);
    clock.pass(2 * lifeMs - 1);
    expect(await store.get(id)).not.toBeNull();
  });

  it("is prolonged once more where its life has grown beyond what was written", async () => {
    const { writes, use } = await open();
    await use();
    await use({ lifeMs: 2 * lifeMs });
    await use({ lifeMs: 2 * lifeMs + 1 });
    expect(writes).toEqual([
      [lifeMs, undefined],
      [2 * lifeMs + 1, undefined],
    ]);
  });

  it("is prolonged with each of its links, and apart from others", async () => {
    const { writes, use } = await open();
    await use();
    await use({ link: "link" });
    await use({ link: "link" });
    await use({ link: null });
    await use({ link: "other" });
    expect(writes).toEqual([
      [lifeMs, undefined],
      [lifeMs, "link"],
      [lifeMs, "other"],
    ]);
    await use({}, "another");
    expect(writes).toHaveLength(4);
  });

  it("is prolonged as often as a store wants it that keeps nothing so long", async () => {
    const { clock, writes, use } = await open(lifeMs);
    await use();
    clock.pass(lifeMs / 8 - 1);
    await use();
    expect(writes).toHaveLength(1);
    clock.pass(1);
    await use();
    expect(writes).toEqual([
      [lifeMs, undefined],
      [lifeMs, undefined],
    ]);
  });

  it("is prolonged the next time where the store failed, and rejects nothing", async () => {
    const { writes, use, state } = await open();
    state.broken = true;
    await expect(use()).resolves.toBeUndefined();
    state.broken = false;
    await use();
    await use();
    expect(writes).toHaveLength(2);
  });
});
