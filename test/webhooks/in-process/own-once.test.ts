import { createOwnOnce } from "../../../src/webhooks/in-process/own-once";
import type { OwnTurn } from "../../../src/webhooks/in-process/once";

const keepMs = 60_000;

function open() {
  let at = 0;
  const once = createOwnOnce({ keepMs, now: () => at });
  return { once, pass: (ms: number) => void (at += ms) };
}

describe("an event in a process of its own", () => {
  it("is handled once, and remembered for as long as is asked", async () => {
    const { once, pass } = open();
    await ((await once.turn("one", 0)) as OwnTurn).done();
    expect(await once.turn("one", 0)).toBe("handled");
    expect(await once.turn("other", 0)).toMatchObject({ done: expect.any(Function) });
    pass(keepMs);
    expect(await once.turn("one", 0)).toMatchObject({ done: expect.any(Function) });
  });

  it.each<["done" | "giveUp", unknown]>([
    ["done", "handled"],
    ["giveUp", { done: expect.any(Function) }],
  ])("keeps who comes with it meanwhile waiting, until it is %s", async (end, expected) => {
    const { once } = open();
    const turn = (await once.turn("one", 0)) as OwnTurn;
    const later = once.turn("one", 60_000);
    expect(await once.turn("one", 1)).toBe("elsewhere");
    await turn[end]();
    expect(await later).toEqual(expected === "handled" ? "handled" : expect.objectContaining(expected as object));
  });

  it("is given to one of many who wait for it at a time", async () => {
    const { once } = open();
    const turn = (await once.turn("one", 0)) as OwnTurn;
    let [running, most] = [0, 0];
    const waiting = Array.from({ length: 5 }, async () => {
      const own = await once.turn("one", 60_000);
      if (typeof own === "string") return own;
      most = Math.max(most, (running += 1));
      await Promise.resolve();
      running -= 1;
      await own.giveUp();
      return "ours";
    });
    await turn.giveUp();
    expect([await Promise.all(waiting), most]).toEqual([Array(5).fill("ours"), 1]);
  });
});
