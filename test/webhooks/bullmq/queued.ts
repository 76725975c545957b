import { Redis } from "ioredis";
import { createClient } from "redis";
import { bullQueue, type BullQueueOptions } from "express-aircall/bullmq";
import type { Engine } from "../../../src/webhooks/engine";
import type { EventJson } from "../../../src/webhooks/event";
import { openQueue, type QueueEngine } from "../../../src/webhooks/event-queue";
import { startRedisServer, type RedisServer } from "../../support/redis/redis-server";

type Handle = (json: EventJson, late: boolean) => unknown;
type Client = BullQueueOptions["connection"];

export const families = { "node-redis": nodeRedis, ioredis: ioRedis };
export type Family = keyof typeof families;

let server: RedisServer | undefined;
let endings: (() => unknown)[] = [];

afterEach(async () => {
  const toEnd = endings.reverse();
  endings = [];
  for (const end of toEnd) await end();
});

afterAll(async () => {
  await server?.close();
  server = undefined;
});

/** Of this file, without a disk. */
export async function redisOfFile(): Promise<RedisServer> {
  return (server ??= await startRedisServer());
}

export function atEnd(end: () => unknown): void {
  endings.push(end);
}

async function nodeRedis(url: string): Promise<Client> {
  const client = createClient({ url });
  client.on("error", () => undefined);
  await client.connect();
  atEnd(() => client.destroy());
  return client;
}

async function ioRedis(url: string): Promise<Client> {
  const client = new Redis(url);
  client.on("error", () => undefined);
  atEnd(() => client.disconnect());
  return Promise.resolve(client);
}

interface Queued {
  readonly connection: Client;
  readonly name: string;
  readonly engine: QueueEngine;
  readonly failures: [error: unknown, event: string][];
  /** What was handled in this process while Redis was away. */
  readonly inProcess: string[];
}

interface Stage extends Partial<Omit<BullQueueOptions, "connection">> {
  readonly family?: Family;
  readonly handle?: Handle;
  readonly url?: string;
  /** Handles at a time; 0 where this process only receives. */
  readonly concurrency?: number;
}

let names = 0;
export const newName = () => `events-${process.pid}-${++names}`;

/** A queue of a test's own, worked on by this process. */
export async function startQueue({
  family = "node-redis",
  handle = () => undefined,
  ...given
}: Stage = {}): Promise<Queued> {
  const { url = (await redisOfFile()).url, concurrency = 10, name = newName(), ...options } = given;
  const failures: Queued["failures"] = [];
  const inProcess: string[] = [];
  const handlers = {
    run: async (json: EventJson, late: boolean) => void (await handle(json, late)),
    tellFailure: (error: unknown, { id }: EventJson) => void failures.push([error, id]),
  };
  const fallback = fallbackThat((json) => void inProcess.push(json.id));
  const connection = await families[family](url);
  const engine = bullQueue({ connection, name, ...options })[openQueue]({ app: "app", handlers, fallback });
  atEnd(() => engine.close());
  if (concurrency > 0) engine.work({ concurrency });
  return { connection, name, engine, failures, inProcess };
}

function fallbackThat(take: (json: EventJson) => void): Engine {
  const never = () => Promise.reject(new Error("not of this test"));
  return {
    take: async (json) => {
      take(json);
      return Promise.resolve("handled" as const);
    },
    ...{ handle: never, stats: never, retry: never, discard: never, close: () => Promise.resolve() },
    failed: () => {
      throw new Error("not of this test");
    },
  };
}

let ids = 0;

/** An event of a call, as it is kept. */
export function eventOf(call: number, name = "call.tagged", status?: string): EventJson {
  const common = {
    kind: "webhook",
    resource: "call",
    companyId: 7,
    companyRef: null,
    sentAt: 1,
    receivedAt: 1,
  } as const;
  const data = { id: call, ...(status && { status }) };
  return { ...common, id: `id:7/${name}:${call}:${++ids}`, name, source: "webhook", data };
}

export async function until(reached: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await reached())) await new Promise((resolve) => setTimeout(resolve, 20));
}
