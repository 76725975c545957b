import { browserAt, createConnectedApp, getAndRefresh, signIn } from "../support/apps/connected-app";
import { startSimulator } from "../support/servers/simulated";

const me = { path: "/v1/integrations/me" };

describe("the company behind a sign-in", () => {
  it("is its id from the integration and its name from the company", async () => {
    const simulator = await startSimulator();
    const app = createConnectedApp(getAndRefresh(simulator));
    const browser = browserAt(app);
    await signIn(browser, simulator);
    const { id, name } = simulator.companies[0];
    expect((await browser.visit("/account")).body).toMatchObject({ id, name, user: { email: expect.any(String) } });
  });

  it.each([
    ["is broken", { status: 500 }, 502, "sign_in_profile"],
    ["names no company", { status: 200, body: { integration: { company_id: "x" } } }, 502, "sign_in_profile"],
    ["allows no more requests", { rateLimited: { resetInSeconds: 3_600 } }, 429, "rate_limited"],
  ])("stops the sign-in where Aircall %s, and keeps nothing", async (_, fault, status, code) => {
    const simulator = await startSimulator();
    const app = createConnectedApp(getAndRefresh(simulator));
    const browser = browserAt(app);
    simulator.fail({ match: me, ...fault });

    const answer = await signIn(browser, simulator);
    expect([answer.status, (answer.body as { code: string }).code]).toEqual([status, code]);
    simulator.clearFaults();
    expect((await browser.agent.get("/calls")).status).toBe(401);
  });
});
