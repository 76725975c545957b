import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { aircallAuth, aircallWebhooks, type AircallEvent, ConfigError, memoryGrants } from "express-aircall";
import type { GrantStore } from "express-aircall";
import { startSimulator } from "../../support/servers/simulated";
import { delivery } from "../parse/deliveries";
import { companiesAuth, post, withEnd } from "../receiving";
import { startProcess, startServer, until, webhooksOf } from "./subscribed";

const quiet = { calls: 0, contacts: 0, rateLimit: 10_000 } as const;
const noop = () => undefined;
const on = { "call.ended": noop };
const sorted = (names: readonly string[] | undefined) => [...(names ?? [])].sort();

/** Every value that was ever written beside the grants. */
function spiedGrants() {
  const grants = memoryGrants();
  const written: string[] = [];
  const records: GrantStore["records"] = (kind) => {
    const kept = grants.records(kind);
    return { ...kept, put: (key, value, expected) => (written.push(key, value), kept.put(key, value, expected)) };
  };
  return { grants: { ...grants, records }, written };
}

describe("a company that connects", () => {
  it("gets a webhook with the events of `on`, whose deliveries are its own", async () => {
    const simulator = await startSimulator(quiet);
    const seen: AircallEvent<"call.ended">[] = [];
    const handlers = { "call.ended": (event: AircallEvent<"call.ended">) => void seen.push(event) };
    const { grants, written } = spiedGrants();
    const { url, connect } = await startProcess(simulator, { on: handlers, events: ["call.tagged"] }, grants);
    await connect();
    await until(() => written.some((value) => value.includes("webhookId") && value.includes("surplus")));
    const [webhook, ...others] = webhooksOf(simulator);
    expect(others).toEqual([]);
    expect(webhook).toMatchObject({ url, active: true });
    expect(sorted(webhook?.events)).toEqual(["call.ended", "call.tagged", "integration.deleted"]);
    simulator.emit("call.ended");
    await simulator.settled();
    expect(seen.map(({ companyId }) => companyId)).toEqual([simulator.companies[0].id]);
    expect(simulator.deliveries.map(({ state }) => state)).toEqual(["delivered"]);
    expect(written.join(" ")).toContain(webhook!.webhook_id);
    expect(written.join(" ")).not.toContain(webhook!.token);
  });

  it("loses it when it is disconnected, and its token with it", async () => {
    const simulator = await startSimulator(quiet);
    const { auth, url, grants, connect } = await startProcess(simulator, { on });
    await connect();
    await until(() => webhooksOf(simulator).length === 1);
    const { token } = webhooksOf(simulator)[0]!;
    const body = JSON.stringify(delivery({ token }));
    while ((await post(url, body)).status !== 200) await new Promise(setImmediate);
    expect(await auth.disconnectCompany(simulator.companies[0].id)).toBe(1);
    expect(webhooksOf(simulator)).toEqual([]);
    expect((await post(url, body)).status).toBe(401);
    expect(await grants.idsOf(null, simulator.companies[0].id)).toEqual([]);
  });

  it("is disconnected though Aircall refuses to remove its webhook", async () => {
    const simulator = await startSimulator(quiet);
    const { auth, connect, url } = await startProcess(simulator, { on });
    await connect();
    await until(() => webhooksOf(simulator).length === 1);
    simulator.fail({ match: { method: "DELETE", path: "/v1/webhooks/:id" }, status: 403 });
    expect(await auth.disconnectCompany(simulator.companies[0].id)).toBe(1);
    const { token } = webhooksOf(simulator)[0]!;
    const body = JSON.stringify(delivery({ token }));
    while ((await post(url, body)).status !== 401) await new Promise(setImmediate);
  });
});

describe("a process that starts", () => {
  it("adds the events that its code asks for anew, and takes away none", async () => {
    const simulator = await startSimulator(quiet);
    const old = await startProcess(simulator, { on });
    await old.connect();
    await until(() => webhooksOf(simulator).length === 1);
    const before = webhooksOf(simulator)[0]!;
    const { url, grants } = old;
    const added = await startProcess(simulator, { url, on: { "call.created": noop } }, grants);
    await until(() => webhooksOf(simulator)[0]!.events.length === 3);
    expect(sorted(webhooksOf(simulator)[0]?.events)).toEqual(["call.created", "call.ended", "integration.deleted"]);
    expect(await added.events.check()).toEqual({
      ...{ checked: 1, made: 0, changed: 1, switchedOn: 0 },
      ...{ reachable: true, failed: [] },
    });
    expect(webhooksOf(simulator)).toEqual([{ ...before, events: ["call.created", "integration.deleted"] }]);
    expect(await added.events.check()).toMatchObject({ checked: 1, changed: 0 });
  });
});

describe("events.check()", () => {
  async function startSubscribed(hooks: Parameters<typeof startProcess>[1] = { on }) {
    const simulator = await startSimulator(quiet);
    const process = await startProcess(simulator, hooks);
    const { id } = simulator.companies[0];
    await process.connect();
    await process.events.subscribe(id);
    return { simulator, id, ...process };
  }

  it("touches no webhook of others", async () => {
    const { simulator, events } = await startSubscribed();
    simulator.addWebhook({ url: "https://else.example/hook", madeByApp: true, events: ["call.ended"] });
    simulator.addWebhook({ url: "https://key.example/hook", events: ["call.created"] });
    const foreign = structuredClone(webhooksOf(simulator).slice(1));
    webhooksOf(simulator)[0]!.events = ["call.ended"];
    expect(await events.check()).toMatchObject({ changed: 1 });
    await events.unsubscribe(simulator.companies[0].id);
    expect(webhooksOf(simulator)).toEqual(foreign);
  });

  it("finds ours behind more than a page of others, by its address", async () => {
    const simulator = await startSimulator(quiet);
    for (let n = 0; n < 70; n += 1) simulator.addWebhook({ url: `https://else.example/${n}`, madeByApp: true });
    const { url, events, connect } = await startProcess(simulator, { on });
    simulator.addWebhook({ url, madeByApp: true, events: ["call.ended", "integration.deleted"] });
    const before = structuredClone(webhooksOf(simulator));
    await connect();
    expect(await events.check(simulator.companies[0].id)).toMatchObject({ made: 0, changed: 0, failed: [] });
    expect(webhooksOf(simulator)).toEqual(before);
  });

  it("takes along a webhook whose address has changed", async () => {
    const { simulator, auth } = await startSubscribed();
    const [before] = structuredClone(webhooksOf(simulator));
    const url = "http://127.0.0.1:9/moved";
    const moved = withEnd(aircallWebhooks({ auth, url, on }));
    await moved.check();
    expect(webhooksOf(simulator)).toEqual([{ ...before, url }]);
  });

  it("switches on what Aircall has switched off, and catches up", async () => {
    const simulator = await startSimulator(quiet);
    const seen: AircallEvent<"call.ended">[] = [];
    const handlers = { "call.ended": (event: AircallEvent<"call.ended">) => void seen.push(event) };
    const { url, events, connect } = await startProcess(simulator, { on: handlers });
    const { id } = simulator.companies[0];
    await connect();
    await events.subscribe(id);
    const [webhook] = webhooksOf(simulator);
    const now = Math.floor(Date.now() / 1_000);
    await post(url, JSON.stringify(delivery({ token: webhook!.token, timestamp: now - 600 })));
    webhook!.active = false;
    const times = { started_at: now - 400, ended_at: now - 300 };
    const [missed] = simulator.addCalls([{ ...times, answered_at: null, status: "done" }]);
    expect(await events.check(id)).toMatchObject({ checked: 1, made: 0, changed: 0, switchedOn: 1, failed: [] });
    expect(webhooksOf(simulator)[0]).toMatchObject({ active: true, events: ["call.ended", "integration.deleted"] });
    const caughtUp = seen.filter(({ source }) => source === "caughtUp");
    expect(caughtUp.map(({ data }) => data.id)).toEqual([missed!.id]);
  });

  it("makes none for a company that was unsubscribed, until it is subscribed again", async () => {
    const { simulator, id, events } = await startSubscribed();
    await events.unsubscribe(id);
    expect(await events.check()).toMatchObject({ checked: 1, made: 0 });
    expect(webhooksOf(simulator)).toEqual([]);
    await events.subscribe(id);
    expect(webhooksOf(simulator)).toHaveLength(1);
  });

  it("says for whom it failed, and works on the others", async () => {
    const { simulator, id, events, connect } = await startSubscribed();
    await connect(simulator.companies[1].id);
    await events.subscribe(simulator.companies[1].id);
    simulator.revoke(id);
    const { checked, failed } = await events.check();
    expect(checked).toBe(2);
    expect(failed.map(({ companyId }) => companyId)).toEqual([id]);
  });

  it("says whether the receiver answers at its address", async () => {
    const { auth } = companiesAuth();
    const { url } = await startServer();
    const answers = { "another route of the app": url, "no server": "http://127.0.0.1:9/hook" };
    for (const [name, url] of Object.entries(answers)) {
      const events = withEnd(aircallWebhooks({ auth, url, on }));
      expect({ name, ...(await events.check()) }).toMatchObject({ name, reachable: false });
    }
    const { events } = await startSubscribed();
    expect(await events.check()).toMatchObject({ reachable: true });
  });

  it("needs an address, events, and to be told which company", async () => {
    const { auth } = companiesAuth();
    const withoutUrl = withEnd(aircallWebhooks({ auth, path: "/hook", on }));
    await expect(withoutUrl.check()).rejects.toThrow("aircallWebhooks({ url })");
    const withoutEvents = withEnd(aircallWebhooks({ auth, url: "https://app.example/hook", onAny: noop }));
    await expect(withoutEvents.subscribe({ ref: "acme" })).rejects.toThrow("on names no event");
    await expect(withoutEvents.subscribe(null)).rejects.toThrow(ConfigError);
    const misspelt = () => aircallWebhooks({ auth, url: "https://app.example/hook", on, events: ["Call ended"] });
    expect(misspelt).toThrow("events must be a list of names");
  });
});

describe("events.subscribe(null)", () => {
  it("makes the webhook of the app's one company, whose token this process then knows", async () => {
    const simulator = await startSimulator(quiet);
    const seen: AircallEvent<"call.ended">[] = [];
    const server = await startServer();
    const auth = withEnd(aircallAuth(simulator.basic));
    const handlers = { "call.ended": (event: AircallEvent<"call.ended">) => void seen.push(event) };
    const events = aircallWebhooks({ auth, url: server.url, on: handlers });
    server.use(events);
    await events.subscribe(null);
    await events.subscribe(null);
    expect(webhooksOf(simulator)).toMatchObject([{ url: server.url, events: ["call.ended"] }]);
    simulator.emit("call.ended");
    await simulator.settled();
    expect(seen.map(({ companyId, companyRef }) => [companyId, companyRef])).toEqual([[null, null]]);
    const { token } = webhooksOf(simulator)[0]!;
    await events.unsubscribe(null);
    expect(webhooksOf(simulator)).toEqual([]);
    expect((await post(server.url, JSON.stringify(delivery({ token })))).status).toBe(401);
  });
});

describe("a webhook that cannot be made", () => {
  it("is told of by its error's code", async () => {
    const simulator = await startSimulator(quiet);
    simulator.fail({ match: { method: "POST", path: "/v1/webhooks" }, status: 403 });
    const heard: unknown[] = [];
    const hear = (event: unknown) => void heard.push(event);
    subscribe("express-aircall:subscription-failure", hear);
    const { connect } = await startProcess(simulator, { on });
    await connect();
    await until(() => heard.length > 0);
    unsubscribe("express-aircall:subscription-failure", hear);
    expect(heard[0]).toEqual({ code: "not_entitled" });
  });
});
