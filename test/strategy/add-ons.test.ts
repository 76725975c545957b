import { promisify } from "node:util";
import { AircallStrategy, SignInError } from "express-aircall";
import { AuthTokenRefresh } from "passport-oauth2-refresh";
import { callbackPath, useSignInApps } from "../support/apps/sign-in-app";
import { createPassport } from "../support/apps/passport";

const start = useSignInApps();

describe("passport-oauth2-refresh", () => {
  async function signedIn() {
    const addOn = new AuthTokenRefresh();
    const app = await start(
      (express, settings) => {
        const strategy = new AircallStrategy(settings, ({ tokens }) => tokens);
        addOn.use("aircall", strategy);
        const passport = createPassport(strategy);
        express.get("/auth/aircall", passport.authenticate());
        express.get(callbackPath, passport.authenticate({ session: false }), (req, res) => void res.json(req.user));
      },
      { simulator: { tokens: "rotating", expiresInSeconds: 600 } },
    );
    const tokens = JSON.parse((await app.signIn(app.visitor())).text) as { accessToken: string; refreshToken: string };
    const renew = (refreshToken: string, params = {}) =>
      new Promise<unknown[]>((resolve) => {
        addOn.requestNewAccessToken("aircall", refreshToken, params, (...told) => resolve(told));
      });
    return { app, tokens, renew };
  }

  it("renews a token that signing in gave, again and again", async () => {
    const { app, tokens, renew } = await signedIn();

    const [error, access, refresh, params] = await renew(tokens.refreshToken);
    expect(error).toBeNull();
    expect([access, refresh]).not.toEqual([tokens.accessToken, tokens.refreshToken]);
    expect(params).toMatchObject({ access_token: access, refresh_token: refresh, expires_in: 600 });

    const [, next] = await renew(String(refresh), { anything: "of the app's own" });
    const ping = await fetch(`${app.simulator.url}/v1/ping`, { headers: { Authorization: `Bearer ${String(next)}` } });
    expect(ping.status).toBe(200);
  });

  it("is told of a refusal by an error that holds no token", async () => {
    const { renew } = await signedIn();
    const [error, ...rest] = await renew("s3nt1nel-refresh-token");
    expect(error).toBeInstanceOf(SignInError);
    expect(error).toMatchObject({ code: "sign_in_exchange", message: expect.stringContaining("400 invalid_grant") });
    expect(JSON.stringify([error, rest]) + String((error as Error).stack)).not.toContain("s3nt1nel");
  });
});

describe("strategy._oauth2", () => {
  it("exchanges a code as it does in any other strategy", async () => {
    const app = await start(() => undefined);
    const callbackUrl = app.origin + callbackPath;
    const strategy = new AircallStrategy({ ...app.simulator.oauth, callbackUrl });
    const { _oauth2: oauth2 } = strategy as unknown as {
      _oauth2: { getOAuthAccessToken(code: string, params: object, done: (...told: unknown[]) => void): void };
    };
    const asked = { client_id: app.simulator.oauth.oauthClientId, redirect_uri: callbackUrl, response_type: "code" };
    const query = new URLSearchParams({ ...asked, scope: "public_api" });
    const code = new URL(
      app.simulator.consent(`${app.simulator.url}/oauth/authorize?${query.toString()}`),
    ).searchParams.get("code");

    const exchange = promisify(oauth2.getOAuthAccessToken.bind(null));
    expect(await exchange(String(code), { redirect_uri: callbackUrl })).toEqual(expect.any(String));
    await expect(exchange(String(code), { redirect_uri: callbackUrl })).rejects.toThrow("invalid_grant");
  });
});
