import { memoryGrants, StoreError } from "express-aircall";
import { createOnce, type OwnTurn, type Turn } from "../../../src/webhooks/in-process/once";
import { createClock } from "../../support/grants";

const keepMs = 86_400_000;

/** Two processes that share a store, by a clock of their own. */
function open(changes: Partial<ReturnType<typeof memoryGrants>> = {}) {
  const clock = createClock();
  const store = { ...memoryGrants({ now: clock.now }), ...changes };
  const [one, other] = [0, 1].map(() => createOnce({ store, app: "app", keepMs }));
  return { clock, store, one: one!, other: other! };
}

function own(turn: Turn): OwnTurn {
  if (typeof turn === "string") throw new Error(`It is ${turn}.`);
  return turn;
}

const away = () => Promise.reject(new StoreError("claim", "it is away"));

describe("an event that several processes may handle", () => {
  it("is handled by one, and known as handled by all", async () => {
    const { one, other, clock } = open();
    const turn = own(await one.turn("id", 0));
    expect(await other.turn("id", 0)).toBe("elsewhere");
    await turn.done();
    expect([await one.turn("id", 0), await other.turn("id", 60_000)]).toEqual(["handled", "handled"]);
    clock.pass(keepMs - 1);
    expect(await other.turn("id", 0)).toBe("handled");
  });

  it("is another one under another id, or another app's", async () => {
    const { store, one } = open();
    await one.turn("id", 0);
    expect(typeof (await one.turn("other", 0))).toBe("object");
    expect(typeof (await createOnce({ store, app: "app-2", keepMs }).turn("id", 0))).toBe("object");
  });

  it("is another's once it is given up", async () => {
    const { one, other, clock } = open();
    const turn = own(await one.turn("id", 0));
    await turn.giveUp();
    clock.pass(1);
    expect(typeof (await other.turn("id", 0))).toBe("object");
  });

  it("is another's fifteen seconds after its process was killed", async () => {
    const { one, other, clock } = open();
    await one.turn("id", 0);
    clock.pass(14_999);
    expect(await other.turn("id", 0)).toBe("elsewhere");
    clock.pass(1);
    expect(typeof (await other.turn("id", 0))).toBe("object");
  });

  it("stays its own while it works, and no longer", async () => {
    jest.useFakeTimers({ now: 0 });
    const renewed: number[] = [];
    const grants = memoryGrants();
    const { one } = open({ renewClaim: (...given) => (renewed.push(given[2]), grants.renewClaim(...given)) });
    const [done, givenUp] = [own(await one.turn("id", 0)), own(await one.turn("id 2", 0))];
    await jest.advanceTimersByTimeAsync(10_000);
    expect(renewed).toEqual(Array(4).fill(15_000));
    await done.done();
    await givenUp.giveUp();
    await jest.advanceTimersByTimeAsync(10_000);
    expect(renewed.slice(4)).toEqual([keepMs, 1]);
    jest.useRealTimers();
  });

  it("is asked for four times a second by who waits for it, and no longer than they wait", async () => {
    const grants = memoryGrants();
    const asked: number[] = [];
    let [at, endAt] = [1_000, Infinity];
    const store = {
      ...grants,
      claim: (...given: Parameters<typeof grants.claim>) => (asked.push(at), grants.claim(...given)),
    };
    const once = createOnce({ ...{ store, app: "app", keepMs }, now: () => at, sleep: async (ms) => pass(ms) });
    const turn = own(await once.turn("id", 0));
    async function pass(ms: number): Promise<void> {
      at += ms;
      if (at >= endAt) await turn.done();
    }
    expect(await once.turn("id", 1_000)).toBe("elsewhere");
    expect(asked).toEqual([1_000, 1_000, 1_250, 1_500, 1_750, 2_000]);
    endAt = 2_500;
    expect([await once.turn("id", 60_000), at]).toEqual(["handled", 2_500]);
  });

  it("is marked as handled in the words of a claim", async () => {
    const settled: unknown[] = [];
    const { one } = open({ settle: (...given) => (settled.push(given), Promise.resolve()) });
    await own(await one.turn("id", 0)).done();
    expect(settled).toEqual([["event:app:id", { grantId: "handled" }, keepMs]]);
  });

  it("is ours where the store fails: rather twice than not at all", async () => {
    const { one } = open({ claim: away, renewClaim: away, settle: away });
    const turn = own(await one.turn("id", 0));
    await expect(turn.done()).resolves.toBeUndefined();
    await expect(turn.giveUp()).resolves.toBeUndefined();
  });
});
