import { once } from "node:events";
import type { AddressInfo } from "node:net";
import express from "express";
import { aircallWebhooks, memoryGrants, type AircallWebhooks, type GrantStore } from "express-aircall";
import type { Simulator } from "express-aircall/simulator";
import { watchedStore } from "../../../src/companies/hooks/watched-store";
import { newGrant } from "../../support/grants";
import { app, companiesAuth, type Hooks, withEnd } from "../receiving";

/** An app at an address of its own, to which what receives is put once that is known. */
export async function startServer() {
  const server = express().listen(0, "127.0.0.1");
  await once(server, "listening");
  const handler = express();
  server.removeAllListeners("request").on("request", handler);
  withEnd({
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/aircall/events`;
  return { url, use: (events: AircallWebhooks) => handler.use(withEnd(events)) };
}

/** A process of an app whose companies connect, with a receiver that subscribes by itself. */
export async function startProcess(simulator: Simulator, hooks: Hooks, grants: GrantStore = memoryGrants()) {
  const { auth } = companiesAuth(grants, simulator.basic.apiUrl);
  const server = await startServer();
  const { url = server.url } = hooks;
  const events = aircallWebhooks({ ...hooks, url, auth });
  server.use(events);
  const connect = (companyId = simulator.companies[0].id) =>
    watchedStore(grants, app).store.create(grantOf(simulator, companyId), 3_600_000);
  return { auth, url, events, grants, connect };
}

export function grantOf(simulator: Simulator, companyId: number, id = companyId) {
  const accessToken = simulator.issueToken({ companyId }).access_token;
  return newGrant({
    ...{ app, account: { id, name: null, user: null }, accessToken },
    ...{ refreshToken: null, expiresAt: null, connectedAt: new Date(), obtainedAt: new Date() },
  });
}

export const webhooksOf = (simulator: Simulator, index: 0 | 1 = 0) =>
  simulator.companies[index].webhooks.map(({ webhook }) => webhook);

export async function until(reached: () => boolean): Promise<void> {
  while (!reached()) await new Promise((resolve) => setTimeout(resolve, 5));
}
