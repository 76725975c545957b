import { once } from "node:events";
import type { AddressInfo } from "node:net";
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from "express";
import { aircallAuth, aircallWebhooks, memoryGrants, type AircallWebhooks, type GrantStore } from "express-aircall";
import type { AircallWebhooksOptions } from "express-aircall";
import { createTokenBook } from "../../src/webhooks/token-book";
import { appKey } from "../../src/grants/session-grants";
import { newGrant } from "../support/grants";
import { token } from "./parse/deliveries";

const endings: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

export type Hooks = Omit<AircallWebhooksOptions, "auth">;

interface Stage {
  /** What stands before the receiver. */
  readonly before?: readonly RequestHandler[];
  /** Default: an API key. */
  readonly auth?: ReturnType<typeof aircallAuth>;
}

export interface Receiving {
  readonly events: AircallWebhooks;
  readonly url: string;
  /** What came to Express's error handler. */
  readonly errors: unknown[];
  /** Sends a delivery as Aircall does; its status. */
  readonly send: (body: object) => Promise<number>;
}

export const keyAuth = () => withEnd(aircallAuth({ user: "id", password: "secret", apiUrl: "http://127.0.0.1:9" }));

/** A real app that receives at `/aircall/events`, until the test ends. */
export async function startReceiving(hooks: Hooks, { before = [], auth = keyAuth() }: Stage = {}): Promise<Receiving> {
  const events = aircallWebhooks({ path: "/aircall/events", tokens: [token], ...hooks, auth });
  const errors: unknown[] = [];
  const app = express();
  for (const one of before) app.use(one);
  const failed: ErrorRequestHandler = (error: { status?: number }, _req, res, _next) => {
    errors.push(error);
    res.status(error.status ?? 500).end();
  };
  const server = await listen(app.use(events).use(failed));
  endings.push(() => events.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/aircall/events`;
  return { events, url, errors, send: async (body) => (await post(url, JSON.stringify(body))).status };
}

export function post(
  url: string,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(url, { method: "POST", body, headers: { "Content-Type": "application/json", ...headers } });
}

async function listen(app: Express) {
  const server = app.listen(0, "127.0.0.1");
  await once(server, "listening");
  endings.push(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  });
  return server;
}

const clientId = "client-1";
export const app = appKey(clientId);

/** An app whose companies connect, with a store of its own. */
export function companiesAuth(grants: GrantStore = memoryGrants(), apiUrl = "http://127.0.0.1:9") {
  const oauth = {
    oauthClientId: clientId,
    oauthClientSecret: "client-secret-1",
    callbackUrl: "http://localhost/callback",
  };
  const auth = withEnd(aircallAuth({ ...oauth, apiUrl, hold: "company", grants }));
  const book = createTokenBook(grants.records(`webhook-tokens:${app}`));
  return {
    auth,
    grants,
    connect: (companyId: number, connectedAt = new Date(), accessToken = "access-0", ref: string | null = null) =>
      grants.create(
        newGrant({
          app,
          account: { id: companyId, name: null, user: null },
          ...{ ref, accessToken, refreshToken: null, expiresAt: null, connectedAt, obtainedAt: connectedAt },
        }),
        3_600_000,
      ),
    keepToken: (companyId: number, kept = token, companyRef: string | null = null) =>
      book.keep(kept, { companyId, companyRef, webhookId: "w-1" }),
    keepTokenOf: (companyRef: string, kept = token) =>
      book.keep(kept, { companyId: null, companyRef, webhookId: "w-1" }),
  };
}

export function withEnd<T extends { close(): Promise<void> }>(auth: T): T {
  endings.push(() => auth.close());
  return auth;
}

/** Something that is waited for, and brought about from outside. */
export function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open: () => open() };
}
