import { MemoryStore } from "express-session";
import { sessionGrants, type AircallAuthOptions, type Arrival } from "express-aircall";
import type { Request } from "express";
import { requireSameTenant, tenantOf } from "../../src/sign-in/tenant";
import type { Keeping } from "../../src/sign-in/runtime";
import { browserAt, createConnectedApp, getAndRefresh, signIn } from "../support/apps/connected-app";
import { pathOf } from "../support/browser/browser";
import { startSimulator } from "../support/servers/simulated";

/** An app whose tenant is what the header `X-Tenant` says. */
async function startTenantApp(options: Partial<AircallAuthOptions> = {}) {
  const simulator = await startSimulator();
  const grants = sessionGrants(new MemoryStore());
  const company: AircallAuthOptions["company"] = (req) => {
    const ref = req.get("x-tenant");
    return ref ? { ref } : null;
  };
  const app = createConnectedApp({ ...getAndRefresh(simulator), grants, hold: "company", company, ...options });
  const as = (tenant: string | null) => {
    const browser = browserAt(app);
    if (tenant !== null) browser.agent.set("X-Tenant", tenant);
    return browser;
  };
  return { simulator, app, as };
}

async function connectedTo(app: Awaited<ReturnType<typeof startTenantApp>>["app"]) {
  const found: [id: number | null, ref: string | null][] = [];
  for await (const { companyId, companyRef } of app.auth.companies()) found.push([companyId, companyRef]);
  return found;
}

describe("the tenant of a request", () => {
  const req = {} as Request;
  const answering = (answer: unknown) => ({ company: () => answer }) as unknown as Keeping;

  it.each<[unknown, string | undefined]>([
    [{ ref: "acme" }, "acme"],
    [Promise.resolve({ ref: "acme" }), "acme"],
    [7, undefined],
    [null, undefined],
    [undefined, undefined],
  ])("is what company(req) answers: %p", async (answer, tenant) => {
    expect(await tenantOf(req, answering(answer))).toBe(tenant);
  });

  it("is none where nobody says so, and no other thing", async () => {
    expect(await tenantOf(req, { company: null } as Keeping)).toBeUndefined();
    await expect(tenantOf(req, answering({}))).rejects.toThrow("company(req)");
  });

  it("is that which signing in began for", async () => {
    const attempt = { state: "s", codeVerifier: null, returnTo: null, add: false, install: false, startedAt: 0 };
    await requireSameTenant(req, answering({ ref: "acme" }), { ...attempt, ref: "acme" });
    await requireSameTenant(req, answering(7), attempt);
    const begun = requireSameTenant(req, answering({ ref: "other" }), { ...attempt, ref: "acme" });
    await expect(begun).rejects.toMatchObject({
      code: "sign_in_state",
      message:
        "This sign-in was begun for another tenant of this app than it came back to. Nothing was kept. Begin again.",
    });
  });
});

describe("signing in for a tenant of the app", () => {
  it("connects the tenant that company(req) names, who is found by that name and by Aircall's id", async () => {
    const arrivals: Arrival[] = [];
    const { app, as, simulator } = await startTenantApp({ verify: (arrival) => (arrivals.push(arrival), true) });
    const [{ id }] = simulator.companies;
    expect((await signIn(as("acme"), simulator)).status).toBe(302);

    expect(arrivals).toMatchObject([{ companyRef: "acme", account: { id } }]);
    expect(await connectedTo(app)).toEqual([[id, "acme"]]);
    for (const company of [{ ref: "acme" }, id]) {
      expect((await app.auth.clientFor(company).users.list()).items).not.toEqual([]);
    }
    expect((await as("acme").visit("/calls")).status).toBe(200);
    expect((await as("other").visit("/open")).status).toBe(302);
  });

  it.each([
    ["another tenant", "acme", "other"],
    ["nobody's", "acme", null],
    ["a tenant where it was nobody's", null, "acme"],
  ])("keeps nothing where it comes back as %s", async (_what, before, after) => {
    const { app, as, simulator } = await startTenantApp();
    const browser = as(before);
    const { headers } = await browser.visit("/auth/aircall");
    const callback = pathOf(simulator.consent(headers["location"]!));
    browser.agent.set("X-Tenant", after ?? "");
    const { status, text } = await browser.visit(callback);

    expect([status, JSON.parse(text)]).toEqual([400, expect.objectContaining({ code: "sign_in_state" })]);
    expect(text).not.toContain("acme");
    expect(await connectedTo(app)).toEqual([]);
  });

  it("gives two tenants a grant each, of the same company too, and ends one of them", async () => {
    const { app, as, simulator } = await startTenantApp();
    const [{ id }] = simulator.companies;
    await signIn(as("acme"), simulator);
    await signIn(as("other"), simulator);
    expect(await app.auth.disconnectCompany({ ref: "acme" })).toBe(1);
    expect((await as("other").visit("/calls")).status).toBe(200);
    expect((await as("acme").visit("/open")).status).toBe(302);
    expect(await connectedTo(app)).toEqual([[id, "other"]]);
  });

  it("takes the place of what the tenant had connected before, another company or a key", async () => {
    const { app, as, simulator } = await startTenantApp();
    const [{ id: first }, { id: second }] = simulator.companies;
    await signIn(as("acme"), simulator);
    await signIn(as("acme"), simulator, { companyId: second });
    expect(await connectedTo(app)).toEqual([[second, "acme"]]);
    expect((await app.auth.clientFor(second).users.list()).items).not.toEqual([]);
    await expect(app.auth.clientFor(first).ping()).rejects.toMatchObject({ code: "not_connected" });

    const { user, password } = simulator.basic;
    await app.auth.connectKey({ ref: "acme" }, { user, password }, { replace: true });
    expect(await connectedTo(app)).toEqual([[null, "acme"]]);
    await signIn(as("acme"), simulator);
    expect(await connectedTo(app)).toEqual([[first, "acme"]]);
  });
});
