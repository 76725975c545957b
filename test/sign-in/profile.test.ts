import { browserAt, createConnectedApp, getAndRefresh, signIn } from "../support/apps/connected-app";
import { createFetchTransport } from "../../src/http/transport/fetch";
import { createAccountReader, profileOf, unknownAccount } from "../../src/sign-in/profile";
import { signInConfig } from "../support/apps/sign-in-config";
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

describe("the company that a fresh token belongs to", () => {
  const apiUrl = "https://api.aircall.example";
  const unreached =
    "Signing in reached Aircall, but its API at api.aircall.example did not answer when asked which company this is. " +
    "Try again.";

  /** Asks an API that answers every request so. */
  function ask(answer: () => Response | Promise<Response>, asked: (string | null)[] = [], timeoutMs = 10_000) {
    const fetch = createFetchTransport((_url, init) => {
      asked.push(new Headers(init?.headers).get("authorization"));
      return Promise.resolve().then(answer);
    });
    return createAccountReader(signInConfig({ apiUrl, timeoutMs }), fetch)("fresh");
  }

  it("is asked for with that token", async () => {
    const body = { integration: { company_id: 7, user: { id: 1, name: "Ada" } }, company: { name: "Acme" } };
    const asked: (string | null)[] = [];
    expect(await ask(() => Response.json(body), asked)).toEqual({
      ...{ id: 7, name: "Acme" },
      user: { id: 1, name: "Ada", email: null },
    });
    expect(asked).toEqual(["Bearer fresh", "Bearer fresh"]);
  });

  it.each<[string, () => Response]>([
    ["refuses", () => Response.json({}, { status: 403 })],
    ["refuses the token", () => Response.json({}, { status: 401 })],
  ])("is unknown where Aircall %s", async (_what, answer) => {
    const message = "Aircall did not say which company this is. Try again.";
    await expect(ask(answer)).rejects.toMatchObject({ code: "sign_in_profile", message, cause: expect.any(Error) });
  });

  it.each<[string, () => Response | Promise<Response>]>([
    ["is not reached", () => Promise.reject(new TypeError("fetch failed"))],
    ["is not reached in time", () => new Promise(() => undefined)],
    ["is broken", () => Response.json({}, { status: 500 })],
  ])("is unknown where Aircall's API %s", async (_what, answer) => {
    // There is no time left to try again.
    await expect(ask(answer, [], 50)).rejects.toMatchObject({ code: "sign_in_profile", message: unreached });
  });

  it("is unknown through a bug, which is told as it is", async () => {
    const bug = new TypeError("fetch is not a function");
    await expect(ask(() => Promise.reject(bug))).rejects.toBe(bug);
  });
});

describe("Passport's profile of a company", () => {
  it("has its id as text, its name, and the address of who connected it", () => {
    const account = { id: 7, name: "Acme", user: { id: 1, name: "Ada", email: "ada@acme.example" } };
    expect(profileOf(account)).toEqual({
      ...{ provider: "aircall", id: "7", displayName: "Acme", account },
      emails: [{ value: "ada@acme.example" }],
    });
  });

  it("is empty where nobody asked for it", () => {
    const account = { id: null, name: null, user: null };
    expect(profileOf(unknownAccount)).toEqual({ provider: "aircall", id: "", displayName: "", account });
  });

  it.each([null, { id: 1, name: null, email: null }])("is empty where nothing is known: %j", (user) => {
    const account = { id: null, name: null, user };
    expect(profileOf(account)).toEqual({ provider: "aircall", id: "", displayName: "", account });
  });
});
