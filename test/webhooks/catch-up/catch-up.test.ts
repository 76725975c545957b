import { aircallAuth, type AircallEvent, memoryGrants, NotConnectedError, type UnnamedEvent } from "express-aircall";
import { startSimulator } from "../../support/servers/simulated";
import { delivery, token } from "../parse/deliveries";
import { app, companiesAuth, startReceiving, withEnd } from "../receiving";

const minute = 60;
const nowSeconds = () => Math.floor(Date.now() / 1_000);

/** A company in whose last hour so many calls have come and gone. */
async function startCompany(calls: number) {
  const simulator = await startSimulator({ calls: 0, contacts: 0, rateLimit: 10_000 });
  const at = nowSeconds() - 58 * minute;
  simulator.addCalls(
    Array.from({ length: calls }, (_, n) => {
      const started_at = at + Math.floor((n * 50 * minute) / calls);
      return { started_at, answered_at: started_at + 5, ended_at: started_at + 65, status: "done" as const };
    }),
  );
  const auth = withEnd(aircallAuth(simulator.basic));
  const { calls: list } = auth.clientFor(1);
  const all = await list.iterate({ from: at - minute }).collect({ max: Infinity });
  simulator.clearRequests();
  return { simulator, auth, all };
}

describe("events.catchUp()", () => {
  it("hands on what never came, once, and says how many", async () => {
    const { simulator, auth, all } = await startCompany(600);
    const handled: AircallEvent<"call.ended">[] = [];
    const on = { "call.ended": (event: AircallEvent<"call.ended">) => void handled.push(event) };
    const { events, send } = await startReceiving({ on }, { auth });
    const came = all.filter((_, n) => n % 10 >= 3);
    for (let n = 0; n < came.length; n += 20) {
      const sent = came.slice(n, n + 20).map(({ id, ended_at: timestamp, status }) => {
        return send(delivery({ timestamp, data: { id, status } }));
      });
      expect(new Set(await Promise.all(sent))).toEqual(new Set([200]));
    }
    const since = new Date((nowSeconds() - 60 * minute) * 1_000);
    expect(await events.catchUp(null, { since })).toEqual({ found: 600, handled: 180 });
    expect(handled).toHaveLength(600);
    expect(new Set(handled.map(({ data }) => data.id))).toEqual(new Set(all.map(({ id }) => id)));
    expect(new Set(handled.slice(420).map(({ source }) => source))).toEqual(new Set(["caughtUp"]));
    expect(simulator.requests.length).toBeLessThanOrEqual(14);
    expect(await events.catchUp(null, { since })).toEqual({ found: 600, handled: 0 });
  });

  it("ends when the receiver is closed, also while it waits for the budget", async () => {
    const { simulator, auth } = await startCompany(0);
    simulator.fail({ rateLimited: { resetInSeconds: 60 } });
    const { events } = await startReceiving({ on: { "call.ended": () => undefined } }, { auth });
    const walk = events.catchUp(null, { since: new Date((nowSeconds() - minute) * 1_000) });
    const ended = walk.then(
      () => "done",
      () => "ended",
    );
    while (simulator.requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setTimeout(resolve, 50));
    await events.close();
    expect(await ended).toBe("ended");
  }, 10_000);

  it("hands on a call as a webhook says it, its events in their order", async () => {
    const { simulator, auth } = await startCompany(0);
    const started_at = nowSeconds() - 10 * minute;
    const [call] = simulator.addCalls([
      { started_at, answered_at: null, ended_at: started_at + 20, missed_call_reason: "agents_did_not_answer" },
    ]);
    const seen: UnnamedEvent[] = [];
    const { events } = await startReceiving({ onAny: (event) => void seen.push(event) }, { auth });
    await events.catchUp(null, { since: new Date(started_at * 1_000) });
    const calls = seen.filter(({ data }) => data["id"] === call!.id);
    expect(calls.map(({ name, timestamp }) => [name, timestamp.getTime() / 1_000])).toEqual([
      ["call.created", started_at],
      ["call.hungup", started_at + 20],
      ["call.ended", started_at + 20],
    ]);
    expect(calls[2]).toMatchObject({
      resource: "call",
      late: false,
      data: { answered_at: null, call_uuid: call!.sid },
    });
    expect(calls[2]!.data).not.toHaveProperty("user");
    expect(calls[2]!.data).not.toHaveProperty("sid");
  });

  it("hands on contacts that were made and changed", async () => {
    const { simulator, auth } = await startCompany(0);
    const since = new Date();
    const client = auth.clientFor(1);
    const { id } = await client.contacts.create({ first_name: "Ada", phone_numbers: [{ value: "+15555550100" }] });
    const seen: [string, unknown][] = [];
    const on = {
      "contact.created": ({ data }: { data: { id: number } }) => void seen.push(["created", data.id]),
      "contact.updated": ({ data }: { data: { id: number } }) => void seen.push(["updated", data.id]),
    };
    const { events } = await startReceiving({ on }, { auth });
    await events.catchUp(null, { since: new Date(since.getTime() - 1_000) });
    expect(seen).toEqual([["created", id]]);
    expect(simulator.requests.some(({ path }) => path.startsWith("/v1/calls"))).toBe(false);
  });

  it("looks no further back than seven days", async () => {
    const { simulator, auth } = await startCompany(0);
    const { events } = await startReceiving({ on: { "call.ended": () => undefined } }, { auth });
    await events.catchUp(null, { since: new Date(0) });
    const from = Number(new URLSearchParams(simulator.requests.at(-1)!.query).get("from"));
    expect(nowSeconds() - from).toBeLessThanOrEqual(7 * 24 * 60 * minute + 5);
  });

  it("knows a company by its id and by its ref, and no event of it twice", async () => {
    const { simulator, all } = await startCompany(3);
    const { auth, grants, connect, keepToken } = companiesAuth(memoryGrants(), simulator.basic.apiUrl);
    const { id } = simulator.companies[0];
    await connect(id, new Date(), simulator.issueToken({ companyId: id }).access_token, "tenant");
    await keepToken(id, token, "tenant");
    const seen: string[] = [];
    const { events, send } = await startReceiving(
      { on: { "call.ended": (event) => void seen.push(event.id) }, tokens: [] },
      { auth },
    );
    const [call] = all;
    expect(await send(delivery({ data: { id: call!.id, status: "done" } }))).toBe(200);
    const since = new Date((nowSeconds() - 60 * minute) * 1_000);
    expect(await events.catchUp(id, { since })).toEqual({ found: 3, handled: 2 });
    expect(await events.catchUp({ ref: "tenant" }, { since })).toEqual({ found: 3, handled: 0 });
    expect(new Set(seen).size).toBe(3);
    expect(await grants.records(`event-marks:${app}`).list(null, 10)).toMatchObject({
      records: [{ key: "ref:tenant" }],
    });
  });

  it("says who is not connected, and what is no moment", async () => {
    const { auth } = companiesAuth(memoryGrants());
    const { events } = await startReceiving({ on: { "call.ended": () => undefined } }, { auth });
    await expect(events.catchUp(5)).rejects.toThrow(NotConnectedError);
    await expect(events.catchUp(5, { since: new Date(NaN) })).rejects.toThrow("takes a Date");
    await expect(events.catchUp("five")).rejects.toThrow("events.catchUp(company)");
  });
});
