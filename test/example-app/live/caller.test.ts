import type { Call } from "express-aircall/simulator";
import { openBoard, readBoard, settledBoard } from "../board";
import { watch } from "./watcher";

const digits = "+44 7700 900777";

/** A board of one caller who was missed, and their page. */
async function openCaller() {
  const board = await openBoard(({ basic }) => basic, { callsPerDay: 0 }, { live: { checkMs: 100 } });
  const missed = { raw_digits: digits, contact: null, missed_call_reason: "agents_did_not_answer" } as const;
  const [call] = board.simulator.addCalls([missed]);
  await readBoard(board);
  await settledBoard(board);
  const { text } = await board.browser.visit(`/calls/${call!.id}`);
  const digest = /data-digest="([^"]+)"/.exec(text)?.[1] ?? "";
  return { ...board, call: call as Call, digest };
}

describe("the live page of a caller", () => {
  it("is told nothing it shows already, and asks Aircall nothing", async () => {
    const { origin, simulator, call, digest } = await openCaller();
    simulator.clearRequests();
    const watcher = await watch(origin, `/calls/${call.id}/live?digest=${digest}`);
    await watcher.hears(({ event }) => event === "beat");
    expect(watcher.heard.map(({ event }) => event)).not.toContain("caller");
    expect(simulator.requests).toEqual([]);
  });

  it("is told when they ring again, and that its calls are to be asked for anew", async () => {
    const { origin, simulator, call, digest } = await openCaller();
    const watcher = await watch(origin, `/calls/${call.id}/live?digest=${digest}`);
    await watcher.hears(({ event }) => event === "beat");
    await simulator.playCall({ outcome: "missed", call: { raw_digits: digits, contact: null } });
    const { data } = await watcher.hears(({ data }) => data.stale === true);
    expect(data.said).toMatch(/^They r[ia]ng again/);
    expect(await (await fetch(`${origin}/calls/${call.id}`)).text()).toContain("2 calls");
  });

  it("is told at once who is on them, without a look at Aircall", async () => {
    const { origin, simulator, browser, call, digest } = await openCaller();
    const agent = simulator.companies[0].users.find(({ available }) => available)!;
    const watcher = await watch(origin, `/calls/${call.id}/live?digest=${digest}`);
    await watcher.hears(({ event }) => event === "beat");
    simulator.clearRequests();
    await browser.submit("/board/take").type("form").send({ caller: "+447700900777", agent: agent.id });
    const { data } = await watcher.hears(({ data }) => data.said?.includes("is on them") ?? false);
    expect([data.said, data.stale]).toEqual([`${agent.name} is on them.`, false]);
    expect(data.callBack).toContain(`With <strong>${agent.name}</strong> since`);
    await browser.submit("/board/release").type("form").send({ caller: "+447700900777" });
    await watcher.hears(({ data }) => data.said === "Nobody is on them any more.");
    expect(simulator.requests).toEqual([]);
  });

  it("is told of a comment and a voicemail of theirs, and of nobody else's calls", async () => {
    const { origin, simulator, browser, call, digest } = await openCaller();
    const watcher = await watch(origin, `/calls/${call.id}/live?digest=${digest}`);
    await watcher.hears(({ event }) => event === "beat");
    await simulator.playCall({ outcome: "missed", call: { raw_digits: "+44 7700 900778", contact: null } });
    await browser.submit(`/calls/${call.id}/comments`).type("form").send({ content: "Wants a quote." });
    await watcher.hears(({ data }) => data.said === "A comment was added.");
    expect(watcher.heard.filter(({ data }) => data.stale)).toHaveLength(1);
    await simulator.playCall({ outcome: "voicemail", call: { raw_digits: digits, contact: null } });
    await watcher.hears(({ data }) => data.said?.includes("left a voicemail.") ?? false);
  });

  it("is told of a call that the board does not hold any more", async () => {
    const { origin, simulator } = await openCaller();
    const started_at = Math.floor(Date.now() / 1000) - 20 * 86_400;
    const missed_call_reason = "agents_did_not_answer" as const;
    const [old] = simulator.addCalls([
      { raw_digits: "+44 7700 900779", contact: null, missed_call_reason, started_at },
    ]);
    const watcher = await watch(origin, `/calls/${old!.id}/live`);
    await watcher.hears(({ event }) => event === "caller");
    expect((await watch(origin, "/calls/1/live")).status).toBe(404);
  });
});
