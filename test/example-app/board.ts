import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { AircallAuthOptions } from "express-aircall";
import { createSimulator, type Call, type Simulator, type SimulatorOptions } from "express-aircall/simulator";
import { createApp, type BoardConfig } from "../../example-app/app";
import { pretendOf } from "../../example-app/operations/simulator";
import { createBrowser, pathOf, type Browser } from "../support/browser/browser";

const closers: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

export interface OpenBoard {
  readonly origin: string;
  readonly simulator: Simulator;
  /** One that has not been there yet. */
  readonly browser: Browser;
  /** What the operator was told. */
  readonly logged: unknown[];
}

/** The example app before a simulator of its own; both end after the test. */
export async function openBoard(
  settings: (simulator: Simulator) => AircallAuthOptions = (simulator) => simulator.oauth,
  options: SimulatorOptions = {},
  {
    tellsOfSimulator = false,
    ...config
  }: Pick<BoardConfig, "store" | "keys" | "grants" | "live"> & { tellsOfSimulator?: boolean } = {},
): Promise<OpenBoard> {
  const simulator = createSimulator(options);
  await simulator.listen();
  const server = createServer();
  await once(server.listen(0, "127.0.0.1"), "listening");
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const logged: unknown[] = [];
  const callbackUrl = `${origin}/auth/aircall/callback`;
  const aircall = { callbackUrl, initiateOAuth: "GETANDREFRESH" as const, ...settings(simulator) };
  const log = (error: unknown) => void logged.push(error);
  const pretend = tellsOfSimulator ? pretendOf(simulator) : null;
  const others = { publicUrl: origin, log, pretend, ...config };
  const board = createApp({ aircall, sessionSecret: "for tests only", ...others });
  server.on("request", board.app);
  closers.push(async () => {
    server.close();
    server.closeAllConnections();
    await board.close();
    await simulator.close();
  });
  return { origin, simulator, browser: createBrowser(server), logged };
}

/** The latest call with a voicemail, or a recording, that Aircall has handed out already: it does so a minute later. */
export function heardCall({ simulator }: Pick<OpenBoard, "simulator">, what: "voicemail" | "recording"): Call {
  const tenMinutesAgo = Date.now() / 1000 - 600;
  const { calls } = simulator.companies[0];
  const call = calls.findLast((call) => call[what] !== null && Number(call.ended_at) < tenMinutesAgo);
  if (!call) throw new Error(`No call has a ${what}.`);
  return call;
}

/** Signs in; answers what the app says when Aircall has sent the browser back. */
export async function connect({ simulator, browser }: OpenBoard, options: { deny?: boolean } = {}) {
  const { headers } = await browser.visit("/auth/aircall");
  return browser.visit(pathOf(simulator.consent(String(headers["location"]), options)));
}

/** The same board, connected. */
export async function openConnected(...how: Parameters<typeof openBoard>): Promise<OpenBoard> {
  const board = await openBoard(...how);
  await connect(board);
  return board;
}

/** Visits that page of the board once the week's calls are there; answers its text. */
export async function readBoard({ browser }: Pick<OpenBoard, "browser">, path = "/missed-calls"): Promise<string> {
  const endsAt = performance.now() + 20_000;
  for (;;) {
    const { text, status } = await browser.visit(path);
    if (status === 200 && !text.includes("Reading")) return text;
    if (performance.now() > endsAt) throw new Error(`The board did not fill: ${status} ${text.slice(0, 300)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Resolves once the board has done at Aircall what it does by itself: the webhook is made, and nothing is on its way. */
export async function settledBoard({ simulator }: Pick<OpenBoard, "simulator">): Promise<void> {
  let [seen, since] = [-1, performance.now()];
  while (simulator.companies[0].webhooks.length === 0 || performance.now() - since < 300) {
    if (simulator.counts.requests !== seen) [seen, since] = [simulator.counts.requests, performance.now()];
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
