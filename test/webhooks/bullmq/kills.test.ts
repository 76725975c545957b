import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { Redis } from "ioredis";
import { isLater, progressOf } from "../../../src/webhooks/call-progress";
import { describeWith } from "../../support/programs";
import { rounds } from "../../support/promised";
import { freePort, startRedisServer } from "../../support/redis/redis-server";
import { eventOf, until } from "./queued";

const token = "c".repeat(32);
const log = "log";
const life = [
  ["call.created", "initial"],
  ["call.answered", "answered"],
  ["call.hungup", "done"],
  ["call.ended", "done"],
] as const;

interface Noted {
  readonly pid: number;
  readonly begun?: string;
  readonly event?: string;
  readonly call?: number;
  readonly late?: boolean;
  readonly done?: string;
  readonly killed?: true;
}

jest.setTimeout(rounds(300_000, 1_800_000));

describeWith("redis-server", "four processes that share BullMQ, killed again and again", () => {
  const calls = rounds(12, 675);
  const kills = rounds(2, 25);
  const endings: (() => unknown)[] = [];

  afterEach(async () => {
    for (const end of endings.splice(0).reverse()) await end();
  });

  async function stage() {
    const server = await startRedisServer();
    endings.push(() => server.close());
    const redis = new Redis(server.url).on("error", () => undefined);
    endings.push(() => redis.disconnect());
    const name = "killed";
    const trouble: unknown[] = [];
    const ports = await Promise.all([1, 2, 3, 4].map(() => freePort()));
    const start = async (port: number) => {
      const settings = { redis: server.url, port, name, token, handleMs: rounds(20, 100), log };
      const execArgv = ["--require", join(__dirname, "../../support/typescript-sources.cjs")];
      const child = fork(join(__dirname, "receiving-process.cjs"), [JSON.stringify(settings)], { execArgv });
      child.on("message", (message: { trouble?: unknown }) => message.trouble && trouble.push(message.trouble));
      await once(child, "message");
      return child;
    };
    const processes = await Promise.all(ports.map(start));
    endings.push(() => Promise.all(processes.map((child) => stop(child))));

    async function killAndStart(place: number): Promise<void> {
      const child = processes[place]!;
      const exited = once(child, "exit");
      child.kill("SIGKILL");
      await exited;
      await redis.rpush(log, JSON.stringify({ pid: child.pid, killed: true }));
      processes[place] = await start(ports[place]!);
    }

    const noted = async () => (await redis.lrange(log, 0, -1)).map((line) => JSON.parse(line) as Noted);
    return { ports, noted, killAndStart, trouble, redis, name };
  }

  it("lose nothing that they accepted, handle twice only what was at work, and no two of a call at a time", async () => {
    const { ports, noted, killAndStart, trouble, redis, name } = await stage();
    const bodies = Array.from({ length: calls }, (_, call) =>
      life.map(([event, status]) => bodyOf(call, event, status)),
    );
    const twice = bodies.flat().filter((_, index) => index % 10 === 0);
    const queue = [...shuffleNear(bodies.flat()), ...twice];

    const sending = inLanes(8, queue, async (body, index) => {
      for (let tries = 0; !(await accepted(ports[(index + tries) % 4]!, body)); tries += 1) await pause(100);
    });
    for (let n = 0; n < kills; n += 1) {
      await pause(rounds(300, 1_000));
      await killAndStart(n % 4);
    }
    await sending;
    const expected = calls * life.length;
    await until(async () => new Set((await noted()).flatMap(({ done }) => done ?? [])).size >= expected);

    const seen = await noted();
    expect(trouble).toEqual([]);
    expect(handledTwiceWithoutKill(seen)).toEqual([]);
    expect(overlaps(seen)).toEqual([]);
    expect(inversions(seen)).toEqual([]);
    expect(seen.filter(({ killed }) => killed)).toHaveLength(kills);
    expect(await redis.zcard(`{aircall}:${name}:failed`)).toBe(0);
  });
});

function bodyOf(call: number, event: string, status: string): object {
  return { resource: "call", event, timestamp: 1_790_000_000, token, data: { id: call + 1, status } };
}

async function accepted(port: number, body: object): Promise<boolean> {
  const headers = { "content-type": "application/json" };
  const sent = fetch(`http://127.0.0.1:${port}/events`, { method: "POST", headers, body: JSON.stringify(body) });
  return (await sent.catch(() => null))?.status === 200;
}

/** What has ended twice, although nobody was killed after it had begun and before it ended. */
function handledTwiceWithoutKill(seen: readonly Noted[]): string[] {
  const killedRunning = new Set<string>();
  const running = new Map<string, number>();
  const doneOnce = new Set<string>();
  const strays: string[] = [];
  for (const { pid, begun, done, killed } of seen) {
    if (begun) running.set(begun, pid);
    if (killed) for (const [id, owner] of running) if (owner === pid) killedRunning.add(id);
    if (!done) continue;
    if (doneOnce.has(done) && !killedRunning.has(done)) strays.push(done);
    doneOnce.add(done);
  }
  return strays;
}

/** Begins of a call while another of its events was at work in a process that lived. */
function overlaps(seen: readonly Noted[]): string[] {
  const running = new Map<string, { readonly pid: number; readonly call: number }>();
  const found: string[] = [];
  for (const { pid, begun, call = 0, done, killed } of seen) {
    if (killed) for (const [id, owner] of running) if (owner.pid === pid) running.delete(id);
    if (done) running.delete(done);
    if (!begun) continue;
    for (const [id, other] of running) if (other.call === call && id !== begun) found.push(`${begun} beside ${id}`);
    running.set(begun, { pid, call });
  }
  return found;
}

/** Earlier states of a call that were done after later ones, and did not say so. */
function inversions(seen: readonly Noted[]): string[] {
  const statuses: Record<string, string> = Object.fromEntries(life);
  const begun = new Map<string, Noted>();
  const furthest = new Map<number, NonNullable<ReturnType<typeof progressOf>>>();
  const found: string[] = [];
  for (const one of seen) {
    if (one.begun) begun.set(one.begun, one);
    const ended = one.done && begun.get(one.done);
    if (!ended) continue;
    const progress = progressOf(eventOf(ended.call!, ended.event, statuses[ended.event!]))!;
    const known = furthest.get(ended.call!);
    if (known && isLater(known, progress) && !ended.late) found.push(ended.begun!);
    if (!known || isLater(progress, known)) furthest.set(ended.call!, progress);
  }
  return found;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGTERM");
  await exited;
}

/** Events of a call mostly in their order, as Aircall sends them. */
function shuffleNear<T>(list: readonly T[]): T[] {
  return list
    .map((one, index) => ({ one, place: index + ((index * 7_919) % 6) }))
    .sort((one, other) => one.place - other.place)
    .map(({ one }) => one);
}

async function inLanes<T>(lanes: number, list: readonly T[], work: (one: T, index: number) => Promise<void>) {
  let next = 0;
  const lane = async () => {
    for (let index = next++; index < list.length; index = next++) await work(list[index]!, index);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
