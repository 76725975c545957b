import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { AircallAuthOptions } from "express-aircall";
import { createSimulator, type Simulator } from "express-aircall/simulator";
import { createApp } from "./app";

const { env } = process;
const graceMs = 5_000;

async function main(): Promise<void> {
  const server = createServer();
  const simulator = hasAccount() ? null : await startSimulator();
  await once(server.listen(Number(env["PORT"] ?? 3000)), "listening");

  const address = `http://localhost:${(server.address() as AddressInfo).port}`;
  const sessionSecret = env["SESSION_SECRET"] ?? randomBytes(32).toString("hex");
  const { app, close } = createApp({ aircall: settingsFor(simulator, address), sessionSecret });
  server.on("request", app);

  console.log(`The missed-call board is at ${address}`);
  if (simulator) console.log("It connects to the simulator, a pretend Aircall: you need no account.");

  async function stop(): Promise<void> {
    setTimeout(() => server.closeAllConnections(), graceMs).unref();
    await new Promise((closed) => server.close(closed));
    await close();
    await simulator?.close();
  }

  process.once("SIGTERM", () => void stop());
  process.once("SIGINT", () => void stop());
}

/** Whether the environment says how to reach the real Aircall; then `aircallAuth()` reads the rest from there too. */
function hasAccount(): boolean {
  return ["AIRCALL_CONNECTION", "AIRCALL_CLIENT_ID", "AIRCALL_API_ID"].some((name) => env[name]);
}

async function startSimulator(): Promise<Simulator> {
  const simulator = createSimulator();
  await simulator.listen();
  return simulator;
}

function settingsFor(simulator: Simulator | null, address: string): AircallAuthOptions {
  if (!simulator) return { initiateOAuth: "GETANDREFRESH" };
  return { ...simulator.oauth, callbackUrl: `${address}/auth/aircall/callback`, initiateOAuth: "GETANDREFRESH" };
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? `${error.name}: ${error.message}` : error);
  process.exit(1);
});
