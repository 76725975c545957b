import { MemoryStore } from "express-session";
import { openBoard, readBoard, settledBoard, type OpenBoard } from "../board";
import { watch, type Heard } from "./watcher";

const quick = { checkMs: 100 };

/** A board with a key of its own, whose week is there. */
async function openFull(live = quick) {
  const board = await openBoard(({ basic }) => basic, { callsPerDay: 20 }, { live });
  const text = await readBoard(board);
  const digest = /data-digest="([^"]+)"/.exec(text)?.[1] ?? "";
  const caller = /name="caller" value="(\+\d+)"/.exec(text)?.[1] ?? "";
  return { ...board, digest, caller, agent: board.simulator.companies[0].users.find(({ available }) => available)! };
}

const rowsOf = ({ data }: Heard) => Object.values(data.rows?.html ?? {}).join("");

describe("the live board", () => {
  it("sends all to who knows nothing, and none of it to who has it", async () => {
    const { origin, digest } = await openFull();
    const [stranger, present] = await Promise.all([watch(origin), watch(origin, `/live?digest=${digest}`)]);
    const all = await stranger.hears(({ event }) => event === "board");
    expect(all.data.rows!.order.length).toBeGreaterThan(1);
    expect(Object.keys(all.data.rows!.html)).toHaveLength(all.data.rows!.order.length);
    await present.hears(({ event }) => event === "beat");
    expect(present.heard.filter(({ data }) => data.rows)).toEqual([]);
    expect(stranger.headers.get("x-accel-buffering")).toBe("no");
    expect(stranger.headers.get("cache-control")).toBe("no-store, no-transform");
  });

  it("tells of a call that is missed while one looks, and says it", async () => {
    const { origin, simulator, digest } = await openFull();
    const watcher = await watch(origin, `/live?digest=${digest}`);
    await watcher.hears(({ event }) => event === "beat");
    const { raw_digits: digits } = await simulator.playCall({
      outcome: "missed",
      call: { raw_digits: "+44 7700 900999" },
    });
    const came = await watcher.hears((heard) => rowsOf(heard).includes(digits));
    expect(came.data.said).toContain("on the list");
    expect(came.data.parts!["heading"]).toMatch(/callers are waiting/);
    expect(Object.keys(came.data.rows!.html).length).toBeLessThan(came.data.rows!.order.length);
  });

  it("shows at once what somebody else takes", async () => {
    const { origin, digest, caller, agent, browser } = await openFull();
    const watcher = await watch(origin, `/live?digest=${digest}`);
    await browser.submit("/board/take").type("form").send({ caller, agent: agent.id });
    const taken = await watcher.hears((heard) => rowsOf(heard).includes(`With ${agent.name}`));
    expect(taken.data.said).toContain(`is with ${agent.name}.`);
  });

  it("tells whoever comes back that somebody was taken, also where those who wait are not shown", async () => {
    const { origin, caller, agent, browser } = await openFull();
    const first = await watch(origin, "/live?show=done");
    const { id } = await first.hears(({ event }) => event === "board");
    first.leave();
    await browser.submit("/board/take").type("form").send({ caller, agent: agent.id });
    const again = await watch(origin, "/live?show=done", { "Last-Event-ID": id! });
    const { data } = await again.hears(({ event }) => event === "board");
    expect(data.parts!["heading"]).toContain("Somebody is on 1 of them.");
  });

  it("asks Aircall nothing", async () => {
    const { origin, simulator } = await openFull();
    await settledBoard({ simulator });
    const before = simulator.requests.length;
    const watcher = await watch(origin);
    await watcher.hears(({ event }) => event === "board");
    expect(simulator.requests.length).toBe(before);
  });

  it("begins where the browser was when it comes back", async () => {
    const { origin } = await openFull();
    const first = await watch(origin);
    const { id } = await first.hears(({ event }) => event === "board");
    first.leave();
    const again = await watch(origin, "/live", { "Last-Event-ID": id! });
    await again.hears(({ event }) => event === "beat");
    expect(again.heard.filter(({ data }) => data.rows)).toEqual([]);
  });

  it("ends after its time", async () => {
    const { origin } = await openFull({ ...quick, lastsMs: 50 } as typeof quick);
    const watcher = await watch(origin);
    while (!watcher.ended) await new Promise((resolve) => setTimeout(resolve, 10));
  });
});

describe("the live board of who has signed in", () => {
  const until = async (isSo: () => boolean) => {
    while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 10));
  };

  async function openSignedIn() {
    const store = new MemoryStore();
    const touched: string[] = [];
    const touch = store.touch.bind(store);
    store.touch = (id, ...rest) => {
      touched.push(id);
      touch(id, ...rest);
    };
    const board = await openBoard(undefined, { callsPerDay: 5 }, { live: quick, store });
    const cookie = await board.simulator.signIn(board.origin);
    return { ...board, cookie, touched };
  }

  it("is refused to who has not", async () => {
    const { origin } = await openSignedIn();
    expect((await watch(origin)).status).toBe(401);
  });

  it("ends at once when they have signed out, wherever that was", async () => {
    const { origin, cookie } = await openSignedIn();
    const watcher = await watch(origin, "/live", { cookie });
    await watcher.hears(({ event }) => event === "board");
    await fetch(`${origin}/auth/aircall/logout`, {
      ...{ method: "POST", redirect: "manual" },
      headers: { cookie, "sec-fetch-site": "same-origin" },
    });
    await watcher.hears(({ event }) => event === "ended");
    await until(() => watcher.ended);
  });

  it("ends when the company has removed the app", async () => {
    const board: OpenBoard & { cookie: string } = await openSignedIn();
    const watcher = await watch(board.origin, "/live", { cookie: board.cookie });
    await watcher.hears(({ event }) => event === "board");
    await until(() => board.simulator.companies[0].webhooks.length > 0);
    board.simulator.revoke(board.simulator.companies[0].id);
    await watcher.hears(({ event }) => event === "ended");
  });

  it("is one for a browser: the latest", async () => {
    const { origin, cookie } = await openSignedIn();
    const first = await watch(origin, "/live", { cookie });
    await first.hears(({ event }) => event === "board");
    const second = await watch(origin, "/live", { cookie });
    await first.hears(({ event }) => event === "replaced");
    await second.hears(({ event }) => event === "board");
    expect(second.ended).toBe(false);
  });

  it("prolongs no session", async () => {
    const { origin, cookie, touched } = await openSignedIn();
    touched.length = 0;
    const first = await watch(origin, "/live", { cookie });
    await first.hears(({ event }) => event === "board");
    // Replaced, it ends as any answer does.
    await watch(origin, "/live", { cookie });
    await until(() => first.ended);
    expect(touched).toEqual([]);
  });
});
