import { createHash } from "node:crypto";
import request from "supertest";
import type { Simulator } from "express-aircall/simulator";
import { startSimulator, stoppedClock } from "../support/servers/simulated";

const redirect_uri = "https://app.example/callback";
const client = { client_id: "simulator-client", client_secret: "simulator-secret" };

function codeFrom(simulator: Simulator, more: Record<string, string> = {}): string {
  const asked = { ...more, client_id: client.client_id, redirect_uri, response_type: "code", scope: "public_api" };
  const callback = simulator.consent(`${simulator.oauth.authorizeUrl}?${new URLSearchParams(asked).toString()}`);
  return String(new URL(callback).searchParams.get("code"));
}

function exchange(simulator: Simulator, body: object, type: "json" | "form" = "json") {
  const complete = { grant_type: "authorization_code", redirect_uri, ...client, ...body };
  return request(simulator.oauth.tokenUrl).post("").type(type).send(complete);
}

function renew(simulator: Simulator, refresh_token: unknown) {
  return exchange(simulator, { grant_type: "refresh_token", refresh_token });
}

async function statusOf(simulator: Simulator, accessToken: unknown): Promise<number> {
  const { status } = await request(simulator.url).get("/v1/ping").auth(String(accessToken), { type: "bearer" });
  return status;
}

describe("token endpoint", () => {
  it.each(["json", "form"] as const)("gives a permanent token for a code sent as %s", async (type) => {
    const clock = stoppedClock();
    const simulator = await startSimulator({ now: clock.now });

    const { status, body } = await exchange(simulator, { code: codeFrom(simulator) }, type);

    expect(status).toBe(200);
    expect(body).toEqual({
      access_token: expect.any(String),
      token_type: "Bearer",
      created_at: Math.floor(clock.now() / 1000),
    });
    clock.forward(400 * 86_400_000);
    expect(await statusOf(simulator, body.access_token)).toBe(200);
  });

  it("gives the token of the company that was chosen", async () => {
    const simulator = await startSimulator();
    const asked = new URLSearchParams({ ...client, redirect_uri, response_type: "code", scope: "public_api" });
    const callback = simulator.consent(`${simulator.url}/oauth/authorize?${asked.toString()}`, {
      companyId: simulator.companies[1].id,
    });

    const { body } = await exchange(simulator, { code: new URL(callback).searchParams.get("code") });

    const company = await request(simulator.url).get("/v1/company").auth(String(body.access_token), { type: "bearer" });
    expect(company.body.company).toEqual({ name: simulator.companies[1].name, users_count: 8, numbers_count: 3 });
  });

  it.each([
    ["an unknown code", { code: "made-up" }, 400, "invalid_grant"],
    ["no code", { code: undefined }, 400, "invalid_grant"],
    ["another redirect_uri", { redirect_uri: "https://app.example/other" }, 400, "invalid_grant"],
    ["a wrong secret", { client_secret: "guess" }, 401, "invalid_client"],
    ["no client", { client_id: undefined }, 401, "invalid_client"],
    ["no grant type", { grant_type: undefined }, 400, "invalid_request"],
    ["a password", { grant_type: "password" }, 400, "unsupported_grant_type"],
    ["a refresh token it never gave", { grant_type: "refresh_token" }, 400, "unsupported_grant_type"],
  ])("refuses %s", async (_what, change, status, error) => {
    const simulator = await startSimulator();

    const answer = await exchange(simulator, { code: codeFrom(simulator), ...change });

    expect([answer.status, answer.body]).toEqual([status, { error }]);
  });

  it("honours a code for ten minutes", async () => {
    const clock = stoppedClock();
    const simulator = await startSimulator({ now: clock.now });
    const [early, late] = [codeFrom(simulator), codeFrom(simulator)];

    clock.forward(599_999);
    expect((await exchange(simulator, { code: early })).status).toBe(200);
    clock.forward(1);
    expect((await exchange(simulator, { code: late })).body).toEqual({ error: "invalid_grant" });
  });

  it.each([
    ["strict", 403],
    ["tolerant", 200],
  ] as const)("refuses a code that was used; %s then answers its token %i", async (reuseDetection, status) => {
    const simulator = await startSimulator({ reuseDetection });
    const code = codeFrom(simulator);
    const { body } = await exchange(simulator, { code });

    expect((await exchange(simulator, { code })).body).toEqual({ error: "invalid_grant" });

    expect(await statusOf(simulator, body.access_token)).toBe(status);
  });

  it("wants the verifier of a code that was asked for with PKCE", async () => {
    const simulator = await startSimulator();
    const code_verifier = "v".repeat(43);
    const code_challenge = createHash("sha256").update(code_verifier).digest("base64url");
    const code = codeFrom(simulator, { code_challenge, code_challenge_method: "S256" });

    expect((await exchange(simulator, { code })).body).toEqual({ error: "invalid_grant" });
    expect((await exchange(simulator, { code, code_verifier: "w".repeat(43) })).body).toEqual({
      error: "invalid_grant",
    });
    expect((await exchange(simulator, { code, code_verifier })).status).toBe(200);
  });
});

describe("rotating tokens", () => {
  it("come with a life and a refresh token, and renewing gives a new pair", async () => {
    const simulator = await startSimulator({ tokens: "rotating", expiresInSeconds: 90 });
    const { body: first } = await exchange(simulator, { code: codeFrom(simulator) });

    const { body: second } = await renew(simulator, first.refresh_token);

    expect([first.expires_in, second.expires_in]).toEqual([90, 90]);
    expect(new Set([first.access_token, first.refresh_token, second.access_token, second.refresh_token]).size).toBe(4);
    expect(await statusOf(simulator, second.access_token)).toBe(200);
  });

  it("strict: a used refresh token ends everything that came of the grant", async () => {
    const simulator = await startSimulator({ tokens: "rotating" });
    const first = simulator.issueToken();
    const { body: second } = await renew(simulator, first.refresh_token);

    expect((await renew(simulator, first.refresh_token)).body).toEqual({ error: "invalid_grant" });

    expect((await renew(simulator, second.refresh_token)).body).toEqual({ error: "invalid_grant" });
    expect(await statusOf(simulator, second.access_token)).toBe(403);
  });

  it("tolerant: the previous refresh token is answered once more, with the current pair", async () => {
    const clock = stoppedClock();
    const settings = { tokens: "rotating", reuseDetection: "tolerant", expiresInSeconds: 90, now: clock.now } as const;
    const simulator = await startSimulator(settings);
    const first = simulator.issueToken();
    const { body: second } = await renew(simulator, first.refresh_token);

    clock.forward(30_000);
    const { body: again } = await renew(simulator, first.refresh_token);

    expect(again).toEqual({ ...second, expires_in: 60 });
    expect((await renew(simulator, first.refresh_token)).body).toEqual({ error: "invalid_grant" });
    expect((await renew(simulator, second.refresh_token)).status).toBe(200);
  });

  it("are not renewed once revoked", async () => {
    const simulator = await startSimulator({ tokens: "rotating" });
    const { access_token, refresh_token } = simulator.issueToken();

    expect(simulator.revoke(access_token)).toBe(1);

    expect((await renew(simulator, refresh_token)).body).toEqual({ error: "invalid_grant" });
    expect(simulator.revoke(access_token)).toBe(0);
  });
});
