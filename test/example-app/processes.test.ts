import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { Agent, request } from "undici";
import { describeWith } from "../support/programs";
import { freePort, startRedisServer, type RedisServer } from "../support/redis/redis-server";
import { createVisitor, type Answer, type Visitor } from "../support/browser/visitor";
import { serveBoard, type ServedBoard } from "./served-board";
import { promised } from "../support/promised";

const sayProcess = { NODE_OPTIONS: `--require "${join(__dirname, "say-process.cjs")}"` };
/** Every request on a connection of its own, for processes take turns at connections; lost is one that a process took along. */
const agent = new Agent({ pipelining: 0, headersTimeout: withinMs(3_000, 10_000) });

afterAll(() => agent.close());

describeWith("redis-server", "npm start with REDIS_URL and WORKERS=2", () => {
  let redis: RedisServer;
  let board: ServedBoard;

  beforeAll(async () => {
    redis = await startRedisServer();
    const port = String(await freePort());
    board = await serveBoard({ REDIS_URL: redis.url, WORKERS: "2", PORT: port, ...sayProcess });
  });
  afterAll(async () => {
    await board?.stop();
    await redis?.close();
  });

  it("shows the board to who signed in once, whichever process answers", async () => {
    const { person } = await signIn(board);
    const answers = await visitOften(person, "/missed-calls", 4);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(answers.every(({ text }) => text.includes("Brightwater Supplies"))).toBe(true);
    expect(processesOf(answers).size).toBe(2);
  });

  it("disconnects in every process, for an old cookie too", async () => {
    const { person } = await signIn(board);
    const thief = person.copy();
    const sameOrigin = { "sec-fetch-site": "same-origin" };
    expect((await person.visit("/auth/aircall/logout", { method: "POST", headers: sameOrigin })).status).toBe(303);
    const answers = await visitOften(thief, "/missed-calls", 8);
    expect(new Set(answers.map(({ location }) => location))).toEqual(
      new Set(["/auth/aircall?return_to=%2Fmissed-calls"]),
    );
    expect(processesOf(answers).size).toBe(2);
  });

  it("puts a new process in the place of one that was killed, where everybody is still connected", async () => {
    const { person } = await signIn(board);
    const before = processesOf(await visitOften(person, "/", 4));
    process.kill([...before][0]!, "SIGKILL");
    const answers: Answer[] = [];
    await withinFiveSeconds(async () => {
      answers.push(await person.visit("/"));
      return processesOf(answers).size === 2;
    });
    expect([...processesOf(answers)].filter((id) => before.has(id))).toHaveLength(1);
    expect(new Set(answers.map(({ location }) => location))).toEqual(new Set(["/missed-calls"]));
  });

  it("asks for a moment while Redis hangs, and goes on within 5 s of its return", async () => {
    const { person } = await signIn(board);
    process.kill(redis.pid, "SIGSTOP");
    const startedAt = performance.now();
    const answers = await Promise.all(Array.from({ length: 8 }, () => person.visit("/missed-calls")));
    const tookMs = performance.now() - startedAt;
    process.kill(redis.pid, "SIGCONT");

    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([503]));
    expect(answers.every(({ text }) => text.includes("One moment, please"))).toBe(true);
    expect(answers[0]?.headers["retry-after"]).toBe("2");
    expect(tookMs).toBeLessThan(promised(2_500));
    await withinFiveSeconds(async () => (await person.visit("/missed-calls")).status === 200);
  });

  it("stops when it is told to", async () => {
    await expect(board.stop()).resolves.toEqual({ code: 0, signal: null });
  });
});

describeWith("redis-server", "npm start with REDIS_URL", () => {
  it("starts without Redis, asks for a moment at sign-in, and goes on within 5 s when Redis comes", async () => {
    const port = await freePort();
    const board = await serveBoard({ REDIS_URL: `redis://localhost:${port}`, SESSION_SECRET: "for tests only" });
    // Before anybody consents: what they bring back could not be kept.
    const answer = await createVisitor(board.origin, agent).visit("/auth/aircall");
    expect(answer.status).toBe(503);
    expect(answer.text).toContain("One moment, please");

    const redis = await startRedisServer({ findPort: () => port });
    await withinFiveSeconds(async () => (await signIn(board)).answer.status === 302);
    await expect(board.stop()).resolves.toEqual({ code: 0, signal: null });
    await redis.close();
  });
});

describe("npm start with a PORT that cannot be used", () => {
  it("says so in one line when another program listens there", async () => {
    const other = createServer().listen(0);
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    const line = new RegExp(`^Error: PORT=${port} cannot be used: another program listens there\\. .*\\n$`);
    await expect(serveBoard({ PORT: String(port) })).rejects.toThrow(line);
    other.close();
  });

  it("says so in one line when it is no number", async () => {
    await expect(serveBoard({ PORT: "abc" })).rejects.toThrow(/^Error: PORT is a number.*got "abc"\.\n$/);
  });
});

describe("npm start with WORKERS=2", () => {
  it("says in one line that it needs REDIS_URL", async () => {
    await expect(serveBoard({ WORKERS: "2" })).rejects.toThrow(/^Error: WORKERS=2 needs REDIS_URL.*\n$/);
  });
});

/** Signs somebody in, who allows access at the consent page; with what the board says when Aircall sends them back. */
async function signIn({ origin }: ServedBoard): Promise<{ person: Visitor; answer: Answer }> {
  const person = createVisitor(origin, agent);
  const { location: consentPage } = await person.visit("/auth/aircall");
  const { headers } = await request(consentPage, {
    dispatcher: agent,
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: `decision=authorize&company_id=${await firstCompany(consentPage)}`,
  });
  return { person, answer: await person.visit(String(headers["location"])) };
}

async function firstCompany(consentPage: string): Promise<string> {
  const { body } = await request(consentPage, { dispatcher: agent });
  return /name="company_id" value="(\d+)"/.exec(await body.text())?.[1] ?? "";
}

async function visitOften(visitor: Visitor, path: string, times: number): Promise<Answer[]> {
  const answers: Answer[] = [];
  while (answers.length < times) answers.push(await visitor.visit(path));
  return answers;
}

/** So long where the machine does nothing else; elsewhere longer. */
function withinMs(ms: number, elsewhere = 60_000): number {
  return Math.min(promised(ms), elsewhere);
}

/** Tries until it is so. What becomes of single connections meanwhile is no matter. */
async function withinFiveSeconds(isSo: () => Promise<boolean>): Promise<void> {
  const endsAt = performance.now() + withinMs(5_000);
  while (!(await isSo().catch(() => false))) {
    if (performance.now() > endsAt) throw new Error("It did not come about within five seconds.");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function processesOf(answers: readonly Answer[]): Set<number> {
  return new Set(answers.map(({ headers }) => Number(headers["x-process"])));
}
