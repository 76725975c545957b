import { join } from "node:path";
import { stringifyCookie } from "cookie";
import { Agent, request } from "undici";
import { createSimulator, type Simulator } from "express-aircall/simulator";
import { accountAt } from "../../example-app/operations/simulator";
import { describeWith } from "../support/programs";
import { promised, rounds } from "../support/promised";
import { createVisitor, type Visitor } from "../support/browser/visitor";
import { freePort, startRedisServer, type RedisServer } from "../support/redis/redis-server";
import { serveBoard, type ServedBoard } from "./served-board";

const callsPerDay = rounds(60, 1_000);
const viewsOfEach = rounds(5, 50);

describeWith("redis-server", `a board of ${callsPerDay} calls a day, in two processes`, () => {
  const agent = new Agent({ connections: 20, pipelining: 0 });
  const viewers: Visitor[] = [];
  let redis: RedisServer;
  let simulator: Simulator;
  let board: ServedBoard;

  beforeAll(async () => {
    redis = await startRedisServer();
    const port = await freePort();
    simulator = createSimulator({ callsPerDay });
    await simulator.listen();
    board = await serveBoard({
      ...accountAt(`http://localhost:${port}`, simulator),
      NODE_OPTIONS: `--require "${join(__dirname, "say-process.cjs")}"`,
      ...{ PORT: String(port), WORKERS: "2", REDIS_URL: redis.url, GRANTS_KEY: "of a test, and of 32 characters…" },
    });
  });
  afterAll(async () => {
    await board?.stop();
    await simulator?.close();
    await redis?.close();
    await agent.close();
  });

  async function signIn(): Promise<void> {
    const viewer = createVisitor(board.origin, agent);
    const { location } = await viewer.visit("/auth/aircall");
    expect(await viewer.visit(simulator.consent(location))).toMatchObject({
      status: 302,
      location: expect.stringMatching(/^http:.*\/$/),
    });
    viewers.push(viewer);
  }

  async function onceThereIs(isSo: (page: string) => boolean): Promise<void> {
    while (!isSo((await viewers[0]!.visit("/missed-calls")).text)) await pause(100);
  }

  it("shows its newest day, and then the week, while it reads", async () => {
    await signIn();
    const connectedAt = performance.now();
    await onceThereIs((page) => isFull(page) || readSoFar(page) >= callsPerDay);
    const newestDayMs = performance.now() - connectedAt;
    await onceThereIs(isFull);

    expect(newestDayMs).toBeLessThan(promised(3_000));
    expect(performance.now() - connectedAt).toBeLessThan(promised(90_000));
  });

  it(`asks Aircall for nothing as ${20 * viewsOfEach} times somebody looks`, async () => {
    while (viewers.length < 20) await signIn();
    await onceNothingIsAsked();
    const before = simulator.counts.requests;
    const pages = await Promise.all(viewers.map(lookOften));

    expect(before).toBeGreaterThan(callsPerDay / 50);
    expect(pages.flat().filter((page) => !/<h1>\d+ callers are waiting/.test(page))).toEqual([]);
    expect(simulator.counts.requests - before).toBe(0);
  });

  it("shows a missed call, who is on them, and that they were called back, whichever process is asked", async () => {
    const [digits, key, row] = ["+44 7700 900999", "+447700900999", 'id="caller-447700900999"'];
    const [who] = simulator.companies[0].users;
    const took: number[] = [];

    await simulator.playCall({ outcome: "missed", call: { raw_digits: digits, contact: null } });
    took.push(await onceBothShow((page) => page.includes(row)));
    await send(viewers[0]!, "/board/take", { caller: key, agent: String(who!.id) });
    took.push(await onceBothShow((page) => page.includes(`With ${who!.name} since`)));
    simulator.addCalls([{ raw_digits: digits, status: "answered" }]);
    took.push(await onceBothShow((page) => !page.includes(row)));

    expect(Math.max(...took)).toBeLessThan(promised(1_000));
  });

  /** Answers after how many milliseconds. */
  async function onceBothShow(isSo: (page: string) => boolean): Promise<number> {
    const beganAt = performance.now();
    const processes = new Set<unknown>();
    while (processes.size < 2) {
      const { text, headers } = await viewers[1]!.visit("/missed-calls?q=900999");
      if (isSo(text)) processes.add(headers["x-process"]);
    }
    return performance.now() - beganAt;
  }

  async function send({ cookies }: Visitor, path: string, fields: Record<string, string>): Promise<void> {
    const cookie = stringifyCookie(Object.fromEntries(cookies));
    const headers = { cookie, "content-type": "application/x-www-form-urlencoded", "sec-fetch-site": "same-origin" };
    const body = new URLSearchParams(fields).toString();
    const { statusCode } = await request(board.origin + path, { method: "POST", dispatcher: agent, headers, body });
    expect(statusCode).toBe(303);
  }

  async function lookOften(viewer: Visitor): Promise<string[]> {
    const pages: string[] = [];
    while (pages.length < viewsOfEach) pages.push((await viewer.visit("/missed-calls")).text);
    return pages;
  }

  /** What belongs to a beginning, agents and webhooks, was asked for. */
  async function onceNothingIsAsked(): Promise<void> {
    let seen = -1;
    while (seen !== simulator.counts.requests) {
      seen = simulator.counts.requests;
      await pause(1_000);
    }
  }
});

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function isFull(page: string): boolean {
  return page.includes('id="board"') && !page.includes("Reading the week");
}

function readSoFar(page: string): number {
  const [, read = "0"] = /from Aircall: ([\d,]+) of/.exec(page) ?? [];
  return Number(read.replace(",", ""));
}
