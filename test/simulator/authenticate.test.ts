import request from "supertest";
import { startSimulator, stoppedClock } from "../support/servers/simulated";

describe("credentials at the simulator", () => {
  it("lets a company in by its API key", async () => {
    const simulator = await startSimulator({ apiId: "our-id", apiToken: "our:token" });

    const answer = await request(simulator.url).get("/v1/ping").auth("our-id", "our:token");

    expect([answer.status, answer.body]).toEqual([200, { ping: "pong" }]);
  });

  it("lets an app in by its token, and shows it the company that connected", async () => {
    const simulator = await startSimulator();
    const [, company] = simulator.companies;
    const { access_token } = simulator.issueToken({ companyId: company.id });

    const me = await request(simulator.url).get("/v1/integrations/me").auth(access_token, { type: "bearer" });

    expect(me.body.integration).toMatchObject({
      company_id: company.id,
      active: true,
      user: { id: company.users[0]?.id },
    });
  });

  it.each([
    ["no Authorization header", undefined, 401, "Unauthorized"],
    ["an unknown token", "Bearer nobodys", 403, "Forbidden"],
    ["an unknown key", `Basic ${Buffer.from("id:wrong").toString("base64")}`, 403, "Forbidden"],
    ["a scheme it does not know", "Digest x", 403, "Forbidden"],
    ["nothing but a scheme", "Bearer", 403, "Forbidden"],
  ])("answers %s as Aircall was measured to", async (_what, authorization, status, message) => {
    const simulator = await startSimulator();

    const answer = await request(simulator.url)
      .get("/v1/ping")
      .set(authorization === undefined ? {} : { Authorization: authorization });

    expect([answer.status, answer.body]).toEqual([status, { message }]);
  });

  it("answers an unknown path 404 before it asks who is there", async () => {
    const simulator = await startSimulator();

    const answer = await request(simulator.url).get("/v1/nothing");

    expect([answer.status, answer.body]).toEqual([404, { message: "Not Found" }]);
  });

  it("forbids a revoked token, and leaves the other company's alone", async () => {
    const simulator = await startSimulator();
    const [mine, theirs] = simulator.companies.map(({ id }) => simulator.issueToken({ companyId: id }).access_token);

    expect(simulator.revoke(simulator.companies[0].id)).toBe(1);

    const refused = await request(simulator.url).get("/v1/ping").auth(String(mine), { type: "bearer" });
    const accepted = await request(simulator.url).get("/v1/ping").auth(String(theirs), { type: "bearer" });
    expect([refused.status, refused.body, accepted.status]).toEqual([403, { message: "Forbidden" }, 200]);
  });

  it("tells an expired token from a revoked one", async () => {
    const clock = stoppedClock();
    const simulator = await startSimulator({ now: clock.now, tokens: "rotating", expiresInSeconds: 60 });
    const { access_token } = simulator.issueToken();

    clock.forward(60_000);

    const answer = await request(simulator.url).get("/v1/ping").auth(access_token, { type: "bearer" });
    expect([answer.status, answer.body]).toEqual([401, { message: "Unauthorized" }]);
  });

  it("keeps integrations for apps: an API key is told so", async () => {
    const simulator = await startSimulator();
    const { user, password } = simulator.basic;

    const answer = await request(simulator.url).get("/v1/integrations/me").auth(user, password);

    expect(answer.status).toBe(403);
    expect(answer.body).toMatchObject({ error: "Forbidden", success: false });
  });
});
