import { createServer } from "node:http";
import fc from "fast-check";
import { aircallAuth, memoryGrants, type GrantStore } from "express-aircall";
import { createCompanyLeft } from "../../src/companies/company-left";
import { keepForCompany } from "../../src/grants/ownership";
import type { Grant } from "../../src/grants/grant";
import { describeOnEveryStore } from "../support/every-store";
import { newGrant, start } from "../support/grants";
import { rounds } from "../support/promised";
import { startSimulator } from "../support/servers/simulated";
import { delivery } from "./parse/deliveries";
import { app, companiesAuth, startReceiving } from "./receiving";

const minute = 60_000;
const removed = (companyId: unknown, at = start) =>
  delivery({
    resource: "integration",
    event: "integration.deleted",
    timestamp: at / 1000,
    data: { integration_id: 1, company_id: companyId },
  });

/** An Aircall that accepts these tokens only. */
async function startPing(...accepted: string[]) {
  let asked = 0;
  const server = createServer((req, res) => {
    asked += 1;
    const isAccepted = accepted.includes((req.headers.authorization ?? "").replace("Bearer ", ""));
    res.writeHead(isAccepted ? 200 : 403, { "Content-Type": "application/json" }).end('{"ping":"pong"}');
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  return { apiUrl: `http://127.0.0.1:${port}`, asked: () => asked, close: () => server.close() };
}

describe("integration.deleted", () => {
  it("ends the grants of that company that are older than ten minutes, and its webhooks' tokens, and no other's", async () => {
    const { auth, grants, connect, keepToken } = companiesAuth();
    await connect(7, new Date(start - 11 * minute));
    await connect(8, new Date(start - 11 * minute));
    await keepToken(7);
    await keepToken(8, "token-of-8");
    const seen: string[] = [];
    const { send } = await startReceiving(
      { on: { "integration.deleted": ({ name }) => void seen.push(name) }, tokens: [] },
      { auth },
    );
    expect(await send(removed(7))).toBe(200);
    expect([await grants.idsOf(app, 7), (await grants.idsOf(app, 8)).length]).toEqual([[], 1]);
    expect(seen).toEqual(["integration.deleted"]);
    expect(await send(delivery({ token: "token-of-8" }))).toBe(200);
    const other = await startReceiving({ onAny: () => undefined, tokens: [] }, { auth });
    expect(await other.send(delivery())).toBe(401);
  });

  it.each([
    ["names another company than its token's", removed(8)],
    ["names none", removed(undefined)],
    ["names what is none", removed({ id: 7 })],
    ["has no moment that can be read", { ...removed(7), timestamp: "now" }],
    [
      "comes by the token of a number",
      { ...removed(7), event: undefined, event_name: "integration.deleted", token: "number" },
    ],
  ])("ends nothing and is answered with 200 when it %s", async (_, body) => {
    const { auth, grants, connect, keepToken } = companiesAuth();
    await connect(7, new Date(start - 60 * minute));
    await connect(8, new Date(start - 60 * minute));
    await keepToken(7);
    const { send } = await startReceiving({ onAny: () => undefined, tokens: [], numberTokens: ["number"] }, { auth });
    expect(await send(body)).toBe(200);
    expect([...(await grants.idsOf(app, 7)), ...(await grants.idsOf(app, 8))]).toHaveLength(2);
  });

  it.each([
    ["accepts", "access-0", -9, 1],
    ["accepts", "access-0", 9, 1],
    ["refuses", "other", -9, 0],
    ["refuses", "other", 9, 0],
  ])(
    "asks Aircall about what is as old as itself: what it %s (%s, %s min) stays or ends",
    async (_, accepted, minutes, left) => {
      const aircall = await startPing(accepted);
      const { auth, grants, connect, keepToken } = companiesAuth(memoryGrants(), aircall.apiUrl);
      await connect(7, new Date(start + minutes * minute));
      await keepToken(7);
      const { send } = await startReceiving({ onAny: () => undefined, tokens: [] }, { auth });
      expect(await send(removed(7))).toBe(200);
      expect([(await grants.idsOf(app, 7)).length, aircall.asked()]).toEqual([left, 1]);
      expect(await send(delivery())).toBe(left === 1 ? 200 : 401);
      aircall.close();
    },
  );

  it("leaves a later connection alone, and asks nobody", async () => {
    const { auth, grants, connect, keepToken } = companiesAuth();
    await connect(7, new Date(start + 11 * minute));
    await keepToken(7);
    const { send } = await startReceiving({ onAny: () => undefined, tokens: [] }, { auth });
    expect(await send(removed(7))).toBe(200);
    expect(await grants.idsOf(app, 7)).toHaveLength(1);
  });

  it("ends nothing while Aircall does not answer", async () => {
    const { auth, grants, connect, keepToken } = companiesAuth();
    await connect(7, new Date(start));
    await keepToken(7);
    const { send } = await startReceiving({ onAny: () => undefined, tokens: [] }, { auth });
    expect(await send(removed(7))).toBe(200);
    expect(await grants.idsOf(app, 7)).toHaveLength(1);
  });

  it("is sent again where the store is away, and ends then what it ends", async () => {
    const { auth, grants, connect, keepToken } = companiesAuth();
    await connect(7, new Date(start - 60 * minute));
    await keepToken(7);
    const { send } = await startReceiving({ onAny: () => undefined, onError: () => undefined, tokens: [] }, { auth });
    const store = { ...grants };
    Object.assign(grants, { idsOf: () => Promise.reject(new Error("away")) });
    expect(await send(removed(7))).toBe(503);
    Object.assign(grants, store);
    expect(await send(removed(7))).toBe(200);
    expect(await grants.idsOf(app, 7)).toEqual([]);
  });

  it("ends nothing of an app with one key", async () => {
    const simulator = await startSimulator();
    const auth = aircallAuth(simulator.basic);
    const { send } = await startReceiving({ onAny: () => undefined }, { auth });
    expect(await send(removed(simulator.companies[0].id))).toBe(200);
    await auth.close();
  });
});

/** What happens at Aircall, in its order; deliveries come in any. */
type Step = { readonly do: "connect"; readonly waitMs: number } | { readonly do: "remove"; readonly waitMs: number };

describeOnEveryStore("integration.deleted, among reconnections", (open) => {
  const waits = fc.constantFrom(1_000, 5 * minute, 9 * minute, 11 * minute, 60 * minute);
  const steps = fc.array(fc.record({ do: fc.constantFrom("connect" as const, "remove" as const), waitMs: waits }), {
    minLength: 1,
    maxLength: 6,
  });
  const delays = fc.array(fc.nat(5), { minLength: 6, maxLength: 6 });
  const skews = fc.constantFrom(0, -4 * minute, 4 * minute);

  /** Plays it: grants are kept as they are made, removals are heard in any later order. Whether what is kept is what Aircall accepts. */
  async function play(
    { grants, company }: { grants: GrantStore; company: number },
    { history, late, skewMs }: { history: readonly Step[]; late: readonly number[]; skewMs: number },
  ): Promise<boolean> {
    let now = start;
    let accepted: string | null = null;
    const probe = (credential: { secret: string }) =>
      Promise.resolve(credential.secret === accepted ? "accepted" : "refused");
    const companyLeft = createCompanyLeft({ app, grants, probe: probe as never });
    const heard: { readonly at: Date; readonly turn: number }[] = [];
    const work: Promise<unknown>[] = [];
    for (const [index, step] of history.entries()) {
      now += step.waitMs;
      if (step.do === "connect") {
        accepted = `token-${index}`;
        const connectedAt = new Date(now + skewMs);
        const times = { connectedAt, obtainedAt: connectedAt, expiresAt: null, refreshToken: null };
        const grant = newGrant({
          app,
          account: { id: company, name: null, user: null },
          accessToken: accepted,
          ...times,
        });
        work.push(keepForCompany(grants, grant, { company }));
      } else {
        accepted = null;
        heard.push({ at: new Date(now), turn: index + late[index]! });
      }
      // The last of these may still be at work.
      if (late[index]! % 2 === 0) await Promise.all(work);
      for (const one of heard.filter(({ turn }) => turn === index)) work.push(companyLeft(company, one.at));
    }
    await Promise.all(work);
    for (const { at } of heard) await companyLeft(company, at);
    const kept = await Promise.all((await grants.idsOf(app, company)).map((id) => grants.get(id)));
    return accepted === null || kept.some((grant: Grant | null) => grant?.accessToken === accepted);
  }

  it("never ends a connection that Aircall accepts", async () => {
    const { grants } = await open();
    let company = 0;
    const check = (history: readonly Step[], late: readonly number[], skewMs: number) =>
      play({ grants, company: (company += 1) }, { history, late, skewMs });
    await fc.assert(fc.asyncProperty(steps, delays, skews, check), { numRuns: rounds(40, 5_000) });
  });

  it("ends what Aircall has refused since, once it is heard", async () => {
    const { grants } = await open();
    const companyLeft = createCompanyLeft({ app, grants, probe: () => Promise.resolve("refused") });
    const grant = newGrant({ app, expiresAt: null, connectedAt: new Date(start - minute) });
    await keepForCompany(grants, grant, { company: 7 });
    expect(await companyLeft(7, new Date(start))).toEqual({ ended: 1, remaining: 0 });
    expect(await grants.idsOf(app, 7)).toEqual([]);
  });
});
