import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { memoryGrants, type AircallAuthOptions } from "express-aircall";
import type { Simulator } from "express-aircall/simulator";
import { createApp } from "../app";
import { redisSessions } from "./sessions";
import type { Settings } from "./settings";
import { accountAt, readPretend } from "./simulator";

const graceMs = 5_000;

export interface Running {
  readonly address: string;
  /** Resolves when every request has been answered and nothing is left to write. */
  stop(): Promise<void>;
}

/** Serves the board in this process. */
export async function listen(settings: Settings, simulator: Simulator | null): Promise<Running> {
  const { port, redisUrl, sessionSecret, grantsKey } = settings;
  const server = createServer();
  await once(server.listen(port), "listening").catch((error: unknown) => {
    throw portError(port, error);
  });
  const address = `http://localhost:${(server.address() as AddressInfo).port}`;
  if (simulator) Object.assign(process.env, accountAt(address, simulator));

  const sessions = redisUrl === null ? null : redisSessions(redisUrl);
  const grants = sessions?.grants(grantsKey) ?? memoryGrants();
  const aircall: AircallAuthOptions = { initiateOAuth: "GETANDREFRESH" };
  const kept = {
    store: sessions?.store,
    state: sessions?.state(),
    grants,
    keys: grantsKey === null ? undefined : grants,
  };
  const publicUrl = process.env["PUBLIC_URL"];
  const board = createApp({ aircall, sessionSecret, ...kept, publicUrl, pretend: readPretend(process.env) });
  server.on("request", board.app);

  async function stop(): Promise<void> {
    setTimeout(() => server.closeAllConnections(), graceMs).unref();
    await new Promise((closed) => server.close(closed));
    await board.close();
    sessions?.close();
  }

  return { address, stop };
}

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: "another program listens there",
  EACCES: "this user may not listen there",
};

function portError(port: number, error: unknown): unknown {
  const reason = reasons[(error as NodeJS.ErrnoException).code ?? ""];
  return reason ? new Error(`PORT=${port} cannot be used: ${reason}. Set PORT to another number.`) : error;
}
