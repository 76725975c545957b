import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import express from "express";
import { aircallAuth } from "express-aircall";
import { createSimulator, type SimulatorOptions } from "express-aircall/simulator";
import type { BoardCompany } from "../../../example-app/mirror/company";
import { keepByEvents } from "../../../example-app/mirror/events";
import { memoryState } from "../../../example-app/mirror/memory-state";
import { createMirror, type MirrorOptions } from "../../../example-app/mirror/mirror";

const closers: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A mirror of the simulator's first company, whose events come to it. */
export async function openMirror(
  simulated: SimulatorOptions = {},
  { toldBy = "events", ...options }: Partial<MirrorOptions> & Partial<Pick<BoardCompany, "toldBy">> = {},
) {
  const simulator = createSimulator({ rateLimit: 10_000, ...simulated });
  await simulator.listen();
  const auth = aircallAuth(simulator.basic);
  const mirror = createMirror({ state: memoryState(), everyMs: 50, ...options });
  const company: BoardCompany = {
    key: "own",
    client: auth.clientFor(1),
    toldBy,
    catchUp: (since) => events.catchUp(null, { since }),
  };
  const app = express();
  const server = createServer(app).listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`;
  const events = keepByEvents({
    auth,
    mirror,
    url: toldBy === "lists" ? null : url,
    companyOf: () => company,
    log: (error) => void logged.push(error),
  });
  const logged: unknown[] = [];
  app.use(events);
  closers.push(async () => {
    server.close();
    server.closeAllConnections();
    await events.close();
    await mirror.close();
    await auth.close();
    await simulator.close();
  });
  return { simulator, mirror, company, events, logged, calls: () => mirror.calls("own") };
}

export async function until(isSo: () => boolean): Promise<void> {
  const endsAt = performance.now() + 20_000;
  while (!isSo()) {
    if (performance.now() > endsAt) throw new Error(`It did not come about: ${isSo.toString()}`);
    await wait(10);
  }
}
