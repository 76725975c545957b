import cluster, { type Worker } from "node:cluster";
import { once } from "node:events";
import type { Simulator } from "express-aircall/simulator";
import type { Running } from "./listen";
import type { Settings } from "./settings";
import { accountAt } from "./simulator";

/** Long enough for one that cannot start not to keep the machine busy. */
const replaceAfterMs = 1_000;

/** Serves the board in several processes that share the port; one that ends is replaced. */
export async function startWorkers(settings: Settings, simulator: Simulator | null): Promise<Running> {
  const { port, sessionSecret, grantsKey, workers } = settings;
  const address = `http://localhost:${port}`;
  const account = simulator ? accountAt(address, simulator) : {};
  let stopping = false;

  /** With what all have to agree on in its environment. */
  function start(): Worker {
    return cluster.fork({ ...account, SESSION_SECRET: sessionSecret, GRANTS_KEY: grantsKey ?? "" });
  }

  function replace({ process }: Worker, code: number, signal: string | null): void {
    if (stopping) return;
    console.error(`Process ${process.pid} has ended (${signal ?? code}); another takes its place.`);
    setTimeout(() => stopping || start(), replaceAfterMs);
  }

  async function stop(): Promise<void> {
    stopping = true;
    const running = Object.values(cluster.workers ?? {}).filter((worker) => worker && !worker.isDead()) as Worker[];
    for (const worker of running) worker.process.kill("SIGTERM");
    await Promise.all(running.map((worker) => once(worker, "exit")));
  }

  cluster.on("exit", replace);
  await Promise.all(Array.from({ length: workers }, () => ready(start())));
  return { address, stop };
}

/** A worker's first message says that it serves. */
async function ready(worker: Worker): Promise<void> {
  const ended = once(worker, "exit").then(() => {
    throw new Error("A process could not start; it says why above.");
  });
  await Promise.race([once(worker, "message"), ended]);
}
