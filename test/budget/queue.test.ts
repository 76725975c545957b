import { AsyncLocalStorage } from "node:async_hooks";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { createClockSkew } from "../../src/budget/clock-skew";
import { Queue, type Waiter } from "../../src/budget/queue";
import { Window } from "../../src/budget/window";
import type { Asker, Lane, Permit } from "../../src/http/limiter";
import { patient } from "../support/grants";

const permit: Permit = { sent: () => undefined, done: () => undefined };

function createQueue() {
  let emptied = 0;
  let joined = 0;
  const queue = new Queue(() => (emptied += 1));
  const asking = (lane: Lane, { asker, deadline = patient }: { asker?: Asker; deadline?: typeof patient } = {}) => ({
    ...{ budget: "company:7", lane, request: "GET /v1/calls", deadline },
    ...(asker && { asker }),
  });
  const join = (lane: Lane, given?: Parameters<typeof asking>[1]) => queue.join(asking(lane, given), (joined += 1));
  const joinAll = (lanes: Partial<Record<Lane, number>>) => {
    for (const lane of ["interactive", "bulk"] as const) {
      for (let n = 0; n < (lanes[lane] ?? 0); n += 1) join(lane).catch(() => undefined);
    }
  };
  return { queue, asking, join, joinAll, emptied: () => emptied };
}

/** A window that is over in a minute, and of which other processes used so many. */
function createWindow(usedByOthers: number) {
  const window = new Window({ limit: 120, windowMs: 60_000, skew: createClockSkew(60_000) });
  window.agree({ used: usedByOthers, leftMs: 60_000, granted: 0, limit: "" }, 0);
  return window;
}

describe("a queue", () => {
  it("counts who waits, by lane", () => {
    const { queue, joinAll } = createQueue();
    joinAll({ interactive: 2, bulk: 3 });
    expect([queue.size, queue.sizes(), queue.sizeOf("bulk")]).toEqual([5, { interactive: 2, bulk: 3 }, 3]);
    expect(queue.closedAt).toEqual({ interactive: -Infinity, bulk: -Infinity });
  });

  it("gives its permit to who is first, and is empty once all are gone", async () => {
    const { queue, join, emptied } = createQueue();
    const [one, other] = [join("interactive"), join("bulk")];
    queue.first("interactive")!.give(permit);
    expect([await one, queue.size, emptied()]).toEqual([permit, 1, 0]);
    queue.first("bulk")!.refuse(new Error("no"));
    await expect(other).rejects.toThrow("no");
    expect([queue.size, emptied(), queue.first("bulk")]).toEqual([0, 1, undefined]);
  });

  it("lets who waits go when their time is over, and listens no longer than they wait", async () => {
    const { queue, join, emptied } = createQueue();
    const [ends, served] = [new AbortController(), new AbortController()];
    const waiting = join("bulk", { deadline: { ...patient, signal: ends.signal } });
    const given = join("bulk", { deadline: { ...patient, signal: served.signal } });
    ends.abort(new Error("too late"));
    await expect(waiting).rejects.toThrow("too late");
    expect([queue.size, emptied()]).toEqual([1, 0]);
    queue.first("bulk")!.give(permit);
    served.abort();
    expect([await given, emptied()]).toEqual([permit, 1]);
  });

  it("goes round by who asks", () => {
    const { queue, asking, join } = createQueue();
    const [one, other] = [{ session: "one" }, { session: "other" }];
    for (const asker of [one, one, one]) void join("bulk", { asker });
    expect([one, other].map((asker) => queue.aheadOf(asking("bulk", { asker })))).toEqual([3, 1]);
    expect(queue.aheadOf(asking("interactive"))).toBe(0);
    void join("bulk", { asker: other });
    queue.first("bulk")!.give(permit);
    expect(queue.first("bulk")!.asker).toBe(other);
    expect(queue.first("bulk")!.asking).toMatchObject({ lane: "bulk", asker: other });
  });

  it("takes all for one who do not say who they are", () => {
    const { queue, asking, joinAll } = createQueue();
    joinAll({ bulk: 2 });
    expect(queue.aheadOf(asking("bulk"))).toBe(2);
  });

  it("works in the context of who asked while somebody listens", () => {
    const { queue, joinAll } = createQueue();
    const context = new AsyncLocalStorage<string>();
    const seen = (waiter: Waiter) => {
      let found: string | undefined;
      waiter.inContext(() => (found = context.getStore()));
      return found;
    };
    const listener = () => undefined;
    context.run("quiet", () => joinAll({ bulk: 1 }));
    expect(context.run("now", () => seen(queue.first("bulk")!))).toBe("now");
    subscribe("express-aircall:wait", listener);
    context.run("heard", () => joinAll({ interactive: 1 }));
    unsubscribe("express-aircall:wait", listener);
    expect(context.run("now", () => seen(queue.first("interactive")!))).toBe("heard");
  });

  it("is looked through again once that time has passed", () => {
    const { queue } = createQueue();
    const mayReview = ([at, every]: number[]) => queue.mayReview(at!, every!);
    expect(
      [
        [99, 100],
        [100, 100],
        [199, 100],
        [200, 100],
      ].map(mayReview),
    ).toEqual([false, true, false, true]);
  });
});

describe("the order of two lanes", () => {
  it("owes bulk for what others used of a window as soon as it is over, once", () => {
    const { queue } = createQueue();
    const window = createWindow(100);
    const owedAt = (at: number) => {
      queue.noteWindow(window, at);
      return queue.shares.owed();
    };
    expect([0, 59_999, 60_000].map(owedAt)).toEqual([0, 0, 10]);
    queue.shares.went("bulk");
    expect([60_001, 60_002].map(owedAt)).toEqual([9, 9]);
  });

  it("owes bulk nothing for a window that was over before anybody waited", () => {
    const { queue } = createQueue();
    const window = createWindow(100);
    window.at(60_000);
    queue.noteWindow(window, 60_000);
    expect(queue.shares.owed()).toBe(0);
  });

  it("says how many may have a lane's permits", () => {
    const { queue, joinAll } = createQueue();
    joinAll({ interactive: 4, bulk: 1 });
    const wanted = (lane: Lane, interactiveAsked: boolean) => queue.wantedBy(lane, { interactiveAsked });
    expect([wanted("interactive", false), wanted("bulk", false), wanted("bulk", true)]).toEqual([4, 0, 1]);
    for (let n = 0; n < 18; n += 1) queue.shares.went("interactive");
    expect(wanted("interactive", false)).toBe(5);
    const { queue: bulkOnly, joinAll: join } = createQueue();
    join({ bulk: 3 });
    expect(bulkOnly.wantedBy("bulk", { interactiveAsked: false })).toBe(3);
    for (let n = 0; n < 9; n += 1) bulkOnly.shares.went("interactive");
    expect(bulkOnly.wantedBy("interactive", { interactiveAsked: false })).toBe(1);
  });

  it("lets bulk go with the interactive ones where it is owed", () => {
    const { queue, joinAll } = createQueue();
    const next = (lane: Lane) => queue.next(lane)?.asking.lane;
    expect([next("interactive"), next("bulk")]).toEqual([undefined, undefined]);
    joinAll({ interactive: 1 });
    expect([next("interactive"), next("bulk")]).toEqual(["interactive", undefined]);
    joinAll({ bulk: 1 });
    expect([next("interactive"), next("bulk")]).toEqual(["interactive", "bulk"]);
    for (let n = 0; n < 9; n += 1) queue.shares.went("interactive");
    expect(next("interactive")).toBe("bulk");
    queue.first("bulk")!.give(permit);
    expect(next("interactive")).toBe("interactive");
  });

  it("says who would go last of all, and who before them", () => {
    const { queue, joinAll } = createQueue();
    expect(queue.last()).toBeUndefined();
    joinAll({ interactive: 3 });
    const interactive = queue.last()!;
    expect(interactive).toMatchObject({ asking: { lane: "interactive" }, since: 3 });
    expect([2, 3].map((ahead) => queue.goesBefore(interactive, "interactive", ahead))).toEqual([true, false]);
    expect(queue.goesBefore(interactive, "bulk", 0)).toBe(false);
    joinAll({ bulk: 3 });
    const bulk = queue.last()!;
    expect(bulk).toMatchObject({ asking: { lane: "bulk" }, since: 6 });
    expect(queue.goesBefore(bulk, "interactive", 9)).toBe(true);
    expect([2, 3].map((ahead) => queue.goesBefore(bulk, "bulk", ahead))).toEqual([true, false]);
  });

  it("takes out who waits in vain, counting those who stay", () => {
    const { queue, joinAll } = createQueue();
    joinAll({ interactive: 2, bulk: 3 });
    const asked: [Lane, number][] = [];
    queue.dismiss(({ asking: { lane } }, ahead) => {
      asked.push([lane, ahead]);
      return asked.length === 3 ? new Error("in vain") : null;
    });
    expect(asked).toEqual([
      ["interactive", 0],
      ["interactive", 1],
      ["bulk", 0],
      ["bulk", 0],
      ["bulk", 1],
    ]);
    expect(queue.sizes()).toEqual({ interactive: 2, bulk: 2 });
  });
});
