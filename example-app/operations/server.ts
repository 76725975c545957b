import cluster from "node:cluster";
import { listen } from "./listen";
import { readSettings } from "./settings";
import { startSimulator } from "./simulator";
import { startWorkers } from "./workers";

async function main(): Promise<void> {
  const settings = readSettings(process.env);
  const simulator = settings.hasAccount ? null : await startSimulator();
  const serve = settings.workers > 1 && cluster.isPrimary ? startWorkers : listen;
  const board = await serve(settings, simulator);

  if (cluster.worker) cluster.worker.send("ready");
  else console.log(`The missed-call board is at ${board.address}`);
  if (simulator) {
    const { user, password } = simulator.basic;
    console.log(`The simulator is at ${simulator.url}: a pretend Aircall, for which you need no account.`);
    console.log("There you can miss a call or let something go wrong; calls come in by themselves, too.");
    console.log(`To connect by API key in place of OAuth: API ID ${user}, API token ${password}`);
  }

  let stopping = false;
  async function stop(): Promise<void> {
    if (stopping) return;
    stopping = true;
    await board.stop();
    await simulator?.close();
    cluster.worker?.disconnect();
    // A call that the simulator lets ring would keep the process for some seconds.
    if (simulator) process.exit(0);
  }

  process.once("SIGTERM", () => void stop());
  process.once("SIGINT", () => void stop());
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? `${error.name}: ${error.message}` : error);
  process.exit(1);
});
