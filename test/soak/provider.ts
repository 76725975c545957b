import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { AircallAuthOptions } from "express-aircall";
import { createSimulator, type SimulatorOptions } from "express-aircall/simulator";
import { Agent } from "undici";
import { startOidcProvider } from "../support/servers/oidc-provider";
import { createVisitor } from "../support/browser/visitor";

/** Where browsers believe every worker to be. */
export const origin = "http://localhost:1234";
export const callbackUrl = `${origin}/auth/aircall/callback`;

/** Who gives consent, tokens and answers. */
export interface Provider {
  readonly auth: AircallAuthOptions & { readonly tokenUrl: string };
  /** Consents, and answers the callback's address. */
  consent(authorizeUrl: string): Promise<string>;
  close(): Promise<void>;
}

export async function startSimulator(options: SimulatorOptions): Promise<Provider> {
  const simulator = createSimulator({ kind: true, tokens: "rotating", rateLimit: 1e9, callsPerDay: 0, ...options });
  await simulator.listen();
  return {
    auth: simulator.oauth,
    // oxlint-disable-next-line typescript/require-await -- others have to ask over the network
    consent: async (authorizeUrl) => simulator.consent(authorizeUrl),
    close: () => simulator.close(),
  };
}

/** The npm package oidc-provider, rotating and strict, before an API that takes any token. */
export async function startIndependentProvider(): Promise<Provider> {
  const client = { clientId: "a-client", clientSecret: "a-secret-of-the-client" };
  const provider = await startOidcProvider({ ...client, redirectUri: callbackUrl });
  const agent = new Agent();
  const api = createServer((_req, res) => {
    res.writeHead(200, { "content-type": "application/json", "X-AircallApi-Limit": "100000" }).end('{"ping":"pong"}');
  }).listen(0, "127.0.0.1");
  await once(api, "listening");

  return {
    auth: {
      authScheme: "OAuth",
      apiUrl: `http://127.0.0.1:${(api.address() as AddressInfo).port}`,
      authorizeUrl: provider.authorizeUrl,
      tokenUrl: provider.tokenUrl,
      oauthClientId: client.clientId,
      oauthClientSecret: client.clientSecret,
      tokenRequest: "form",
      skipUserProfile: true,
    },
    async consent(authorizeUrl) {
      const browser = createVisitor(provider.issuer, agent);
      let { location } = await browser.visit(authorizeUrl);
      while (!location.startsWith(callbackUrl)) ({ location } = await browser.visit(location));
      return location;
    },
    async close() {
      api.closeAllConnections();
      api.close();
      await Promise.all([agent.close(), provider.stop()]);
    },
  };
}
