import { createAircallClient } from "express-aircall";
import { createSimulator, type Simulator } from "express-aircall/simulator";
import { readHistory } from "../../../example-app/caller/history";
import { mirrorCall } from "../../../example-app/mirror/mirrored-call";
import { moveTime } from "../../support/moved-time";

const time = moveTime();
let simulator: Simulator;

beforeEach(async () => {
  simulator = createSimulator({ callsPerDay: 0 });
  await simulator.listen();
});
afterEach(() => simulator.close());

const number = "+447700900777";
const missed = { raw_digits: "+44 7700 900777", contact: null, missed_call_reason: "no_available_agent" as const };

describe("the history of a number", () => {
  it("is asked for once a minute, and anew when the board was told something since", async () => {
    const client = createAircallClient(simulator.basic);
    const [call] = simulator.addCalls([missed]);
    const looking = { client, now: Date.now(), mirrored: [] };
    const ids = async (more: object = {}) =>
      (await readHistory(call!.id, number, { ...looking, ...more })).calls.map(({ id }) => id);
    expect(await ids()).toEqual([call!.id]);

    const [later] = simulator.addCalls([missed]);
    simulator.clearRequests();
    expect(await ids()).toEqual([call!.id]);
    expect(simulator.requests).toEqual([]);
    const told = await client.calls.get(later!.id);
    const mirrored = [mirrorCall(told, 0)];
    expect(new Set(await ids({ mirrored }))).toEqual(new Set([call!.id, later!.id]));
    simulator.clearRequests();
    time.pass(1_000);
    expect(await ids({ mirrored })).toHaveLength(2);
    expect(simulator.requests).toEqual([]);
  });

  it("is asked for anew until Aircall has answered since the board was told", async () => {
    const client = createAircallClient(simulator.basic);
    const [call] = simulator.addCalls([missed]);
    const looking = { client, now: Date.now(), mirrored: [] };
    await readHistory(call!.id, number, looking);

    const [later] = simulator.addCalls([missed]);
    const mirrored = [mirrorCall(await client.calls.get(later!.id), 0)];
    const mend = simulator.fail({ match: { path: "/v1/calls/search" }, status: 400 });
    await expect(readHistory(call!.id, number, { ...looking, mirrored })).rejects.toMatchObject({ status: 400 });
    mend();
    expect((await readHistory(call!.id, number, { ...looking, mirrored })).calls).toHaveLength(2);
  });

  it("says when there are more calls than it shows", async () => {
    const client = createAircallClient(simulator.basic);
    const [call] = simulator.addCalls(Array.from({ length: 201 }, () => missed));
    const looking = { client, now: Date.now(), mirrored: [] };
    simulator.clearRequests();
    const latest = await readHistory(simulator.companies[0].calls.at(-1)!.id, number, looking);
    expect([latest.calls.length, latest.cut, simulator.requests.length]).toEqual([50, true, 1]);
    const { calls, cut } = await readHistory(call!.id, number, { ...looking, reach: "older" });
    expect([calls.length >= 200, cut]).toEqual([true, true]);
    expect(calls.map(({ id }) => id)).toContain(call!.id);
  });
});
