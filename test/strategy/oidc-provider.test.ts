import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import session from "express-session";
import { Agent } from "undici";
import { AircallStrategy, type SettingsOptions } from "express-aircall";
import { startOidcProvider, type OidcProvider, type OidcProviderSettings } from "../support/servers/oidc-provider";
import { createPassport } from "../support/apps/passport";
import { callbackPath } from "../support/apps/sign-in-app";
import { createVisitor, type Visitor } from "../support/browser/visitor";

const agent = new Agent();
let server: Server;
let origin: string;
let provider: OidcProvider;

beforeEach(async () => {
  server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  await provider.stop();
  server.closeAllConnections();
  server.close();
});

afterAll(() => agent.close());

/** An app that signs in at a server we did not write, which has neither companies nor an API. */
async function startApp(
  wanted: Partial<OidcProviderSettings>,
  changes: (provider: OidcProvider) => SettingsOptions = () => ({}),
): Promise<void> {
  const callbackUrl = origin + callbackPath;
  provider = await startOidcProvider({ redirectUri: callbackUrl, ...wanted });
  const { authorizeUrl, tokenUrl } = provider;
  const client = { oauthClientId: "a-client", oauthClientSecret: "a-secret-of-the-client" };
  const settings = {
    ...client,
    authorizeUrl,
    tokenUrl,
    callbackUrl,
    tokenRequest: "form",
    skipUserProfile: true,
  } as const;

  const passport = createPassport(new AircallStrategy({ ...settings, ...changes(provider) }, ({ tokens }) => tokens));
  const app = express();
  app.use(session({ secret: "for tests only", resave: false, saveUninitialized: false }));
  app.get("/auth/aircall", passport.authenticate());
  app.get(callbackPath, passport.authenticate(), (req, res) => void res.json(req.user));
  server.on("request", app);
}

/** Follows every redirect, with a jar per origin, until there is a page. */
async function signIn(): Promise<{ status: number; text: string }> {
  const jars: Record<string, Visitor> = {};
  let address = `${origin}/auth/aircall`;
  for (let hops = 0; hops < 10; hops += 1) {
    const visitor = (jars[new URL(address).origin] ??= createVisitor(new URL(address).origin, agent));
    const answer = await visitor.visit(address);
    if (!answer.location) return answer;
    address = new URL(answer.location, address).href;
  }
  throw new Error("The redirects did not end.");
}

describe("a sign-in at oidc-provider, a server we did not write", () => {
  it("succeeds with state", async () => {
    await startApp({});
    const { status, text } = await signIn();
    expect(status).toBe(200);
    expect(JSON.parse(text)).toMatchObject({ accessToken: expect.any(String), refreshToken: expect.any(String) });
  });

  it("succeeds with PKCE where the server insists on it, and with its issuer checked", async () => {
    await startApp({ pkceRequired: true }, ({ issuer }) => ({ pkce: true, issuer }));
    expect((await signIn()).status).toBe(200);
  });

  it("is refused when it answers for another issuer than the configured one", async () => {
    await startApp({}, () => ({ issuer: "https://dashboard.aircall.io" }));
    expect((await signIn()).status).toBe(400);
  });

  it("fails without PKCE where the server insists on it", async () => {
    await startApp({ pkceRequired: true });
    const { status } = await signIn();
    expect(status).toBe(502);
  });
});
