import request from "supertest";
import { createSimulator } from "express-aircall/simulator";
import { startSimulator } from "../support/servers/simulated";

const asked = {
  client_id: "simulator-client",
  redirect_uri: "https://app.example/callback?tenant=1",
  response_type: "code",
  scope: "public_api",
  state: "a b&c=<é>",
};

describe("consent page", () => {
  it("offers every company, the first one chosen, and no script", async () => {
    const simulator = await startSimulator();

    const page = await request(simulator.url).get("/oauth/authorize").query(asked);

    expect(page.text.match(/type="radio"/g)).toHaveLength(simulator.companies.length);
    expect(page.text).toContain(`value="${simulator.companies[0].id}" checked`);
    expect(page.text).toContain("app.example");
    expect(page.text).not.toMatch(/<script|\son\w+=/i);
    expect(page.get("Content-Security-Policy")).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']+'; base-uri 'none'/,
    );
  });

  it("returns with a code and the state unchanged when the person authorizes", async () => {
    const simulator = await startSimulator({ issuer: "https://issuer.example" });

    const answer = await request(simulator.url)
      .post("/oauth/authorize")
      .query(asked)
      .type("form")
      .send({ company_id: simulator.companies[1].id, decision: "authorize" });

    const callback = new URL(String(answer.get("Location")));
    expect([answer.status, callback.origin, callback.searchParams.get("tenant")]).toEqual([
      303,
      "https://app.example",
      "1",
    ]);
    expect(callback.searchParams.get("state")).toBe(asked.state);
    expect(callback.searchParams.get("code")).toMatch(/^[0-9a-f]{64}$/);
    expect(callback.searchParams.get("iss")).toBe("https://issuer.example");
  });

  it("returns access_denied and the state when the person denies", async () => {
    const simulator = await startSimulator();

    const answer = await request(simulator.url)
      .post("/oauth/authorize")
      .query(asked)
      .type("form")
      .send({ decision: "deny" });

    const { searchParams } = new URL(String(answer.get("Location")));
    expect(Object.fromEntries(searchParams)).toEqual({ tenant: "1", error: "access_denied", state: asked.state });
  });

  it.each([
    ["an unknown app", { client_id: "<b>nobody</b>" }],
    ["an address that was not registered", { redirect_uri: "https://evil.example/callback" }],
    ["a script as address", { redirect_uri: "javascript:alert(1)" }],
    ["no address", { redirect_uri: undefined }],
    ["a fragment in the address", { redirect_uri: "https://app.example/callback?tenant=1#x" }],
    ["another response type", { response_type: "token" }],
    ["another scope", { scope: "everything" }],
    ["a weaker PKCE method", { code_challenge: "abc", code_challenge_method: "plain" }],
    ["a parameter twice", { state: ["one", "two"] }],
  ])("shows its own page for %s and sends nobody anywhere", async (_what, change) => {
    const simulator = await startSimulator({ redirectUris: [asked.redirect_uri] });
    const query = { ...asked, ...change };

    const shown = await request(simulator.url).get("/oauth/authorize").query(query);
    const posted = await request(simulator.url)
      .post("/oauth/authorize")
      .query(query)
      .type("form")
      .send({ company_id: simulator.companies[0].id, decision: "authorize" });

    for (const answer of [shown, posted]) {
      expect([answer.status, answer.type, answer.get("Location")]).toEqual([400, "text/html", undefined]);
      expect(answer.text).not.toMatch(/<b>nobody|evil\.example|javascript:/);
    }
  });

  it.each([[{}], [{ decision: "authorize" }], [{ decision: "authorize", company_id: "1" }], [{ decision: "maybe" }]])(
    "asks again when the form says %j",
    async (form) => {
      const simulator = await startSimulator();

      const answer = await request(simulator.url).post("/oauth/authorize").query(asked).type("form").send(form);

      expect([answer.status, answer.get("Location")]).toEqual([400, undefined]);
    },
  );

  it("shows names as text, whatever they contain", async () => {
    const simulator = await startSimulator({ clientId: `"><img src=x onerror='a'>&` });

    const page = await request(simulator.url)
      .get("/oauth/authorize")
      .query({ ...asked, client_id: `"><img src=x onerror='a'>&` });

    expect(page.text).toContain("&quot;&gt;&lt;img src=x onerror=&#39;a&#39;&gt;&amp;");
    expect(page.text).not.toContain("<img");
  });

  it("ends an installation on a page of its own", async () => {
    const simulator = await startSimulator();

    const page = await request(simulator.url).get("/oauth/success");

    expect([page.status, page.text]).toEqual([200, expect.stringContaining("You are connected")]);
  });
});

describe("consent without a browser", () => {
  const address = `http://simulator.example/oauth/authorize?${new URLSearchParams(asked).toString()}`;

  it("gives the address the app is called back on", () => {
    const { searchParams } = new URL(createSimulator().consent(address));

    expect([searchParams.get("state"), searchParams.get("code")]).toEqual([asked.state, expect.any(String)]);
  });

  it("can say no", () => {
    const { searchParams } = new URL(createSimulator().consent(address, { deny: true }));

    expect(searchParams.get("error")).toBe("access_denied");
  });

  it("throws what the page would have said", () => {
    const simulator = createSimulator({ clientId: "another" });

    expect(() => simulator.consent(address)).toThrow("No app is registered with this client_id.");
  });
});
