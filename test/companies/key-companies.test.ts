import express from "express";
import request from "supertest";
import { aircallAuth, aircallWebhooks, memoryGrants, type AircallEvent } from "express-aircall";
import type { Simulator } from "express-aircall/simulator";
import { sendError } from "../support/apps/connected-app";
import { startSimulator } from "../support/servers/simulated";
import { withEnd } from "../webhooks/receiving";
import { startServer, until, webhooksOf } from "../webhooks/subscriptions/subscribed";

const [acme, same, other] = [{ ref: "acme" }, { ref: "acme too" }, { ref: "other" }];

function keyOf({ companies }: Simulator, index: 0 | 1) {
  const { apiId, apiToken } = companies[index];
  return { user: apiId, password: apiToken };
}

/** An app with a tenant that has the second company's key, and two that have the first one's. */
async function startApp() {
  const simulator = await startSimulator({ calls: 0, contacts: 0 });
  const { apiUrl } = simulator.basic;
  const auth = withEnd(
    aircallAuth({
      ...{ authScheme: "Basic", hold: "company", apiUrl, grants: memoryGrants() },
      company: (req) => (req.get("x-tenant") === undefined ? null : { ref: req.get("x-tenant")! }),
    }),
  );
  const connect = async () => {
    await auth.connectKey(acme, keyOf(simulator, 0));
    await auth.connectKey(same, keyOf(simulator, 0));
    await auth.connectKey(other, keyOf(simulator, 1));
  };
  return { simulator, auth, connect };
}

describe("a company that brought a key", () => {
  it("is worked for by req.aircall.as({ ref }) in its own name, and not in another tenant's", async () => {
    const { simulator, auth, connect } = await startApp();
    await connect();
    const app = express().use(auth);
    app.get("/of/:ref", async (req, res) => void res.json((await req.aircall.as(req.params).company.get()).name));
    app.use(sendError);

    const named = async (tenant: string, ref: string) =>
      (await request(app).get(`/of/${ref}`).set("X-Tenant", tenant)).body as unknown;
    expect(await named("acme", "acme")).toBe(simulator.companies[0].name);
    expect(await named("other", "other")).toBe(simulator.companies[1].name);
    expect(await named("acme", "other")).toMatchObject({ code: "not_connected" });
    expect(await named("nobody", "nobody")).toMatchObject({ code: "not_connected" });
  });

  it("has the budget of its key: one with all who brought the same, and none with another", async () => {
    const { auth, connect } = await startApp();
    await connect();
    const clients = [acme, same, other].map((company) => auth.clientFor(company));
    for (const client of clients) await client.ping();
    const before = clients.map(({ budget }) => budget.remaining!);
    await clients[0]!.ping();
    expect(before[0]).toBe(before[1]);
    expect(clients.map(({ budget }) => budget.remaining)).toEqual([before[0]! - 1, before[1]! - 1, before[2]]);
  });

  it("gets a webhook by its key, and its events by its own name, until the key ends", async () => {
    const { simulator, auth } = await startApp();
    const { url, use } = await startServer();
    const seen: AircallEvent<"call.ended">[] = [];
    use(aircallWebhooks({ auth, url, on: { "call.ended": (event) => void seen.push(event) } }));
    await auth.connectKey(other, keyOf(simulator, 1));
    await until(() => webhooksOf(simulator, 1).length === 1);
    expect(webhooksOf(simulator, 0)).toEqual([]);

    simulator.emit("call.ended", {}, { companyId: simulator.companies[1].id });
    await simulator.settled();
    await until(() => seen.length > 0);
    const [event] = seen;
    expect([event!.companyRef, (await (await event!.client()).company.get()).name]).toEqual([
      "other",
      simulator.companies[1].name,
    ]);
    expect(await auth.disconnectCompany(other)).toBe(1);
    expect(webhooksOf(simulator, 1)).toEqual([]);
  });
});
