import { knownOptions } from "../../config/own-options";
import { positive } from "../../config/values";
import { ConfigError } from "../../errors/errors";
import { isRedisClient, type RedisClient } from "../../redis/send";
import { openQueue, type EventQueue } from "../event-queue";
import { BullEngine } from "./bull-engine";

/** Options of `bullQueue()`. */
export interface BullQueueOptions {
  /** The app's own client: of node-redis 5 or 6, connected, or of ioredis 5. It is never closed. */
  connection: RedisClient;
  /** The queue's name, in dashboards and in Redis. Default: `aircall-events`, and the app it is for. */
  name?: string | undefined;
  /** What all of its keys in Redis begin with. In a cluster it needs a hash tag. Default `{aircall}`. */
  prefix?: string | undefined;
  /** How often an event is tried before it is a dead letter. Default 5. */
  attempts?: number | undefined;
  /** Milliseconds before the second try; twice as long before each one after it. Default 1,000. */
  backOffMs?: number | undefined;
}

const known: readonly (keyof BullQueueOptions)[] = ["connection", "name", "prefix", "attempts", "backOffMs"];

/**
 * Keeps events in BullMQ 6, on the app's own Redis: `aircallWebhooks({ …, queue: bullQueue({ connection: client }) })`.
 * Aircall is answered once Redis has the event. Any process with the same `on` handles it, those of one call never two at a
 * time; a failed one is tried again, later and later, and is then a dead letter. What Redis loses is lost, but for its
 * last five seconds, which this process adds again: it should have `appendonly yes` and `maxmemory-policy noeviction`.
 * @throws {ConfigError} when this is no client, or an option is misspelt or impossible.
 * @see https://docs.bullmq.io
 */
export function bullQueue(options: BullQueueOptions): EventQueue {
  const own = knownOptions(options, "bullQueue()", known);
  const { connection, name, prefix = "{aircall}", attempts = 5, backOffMs = 1_000 } = own;
  if (!isRedisClient(connection)) throw new ConfigError(noClient);
  if (name !== undefined && (typeof name !== "string" || !/^[^:]+$/.test(name))) throw new ConfigError(badName);
  if (typeof prefix !== "string" || prefix === "") throw new ConfigError("prefix must be text, such as {aircall}.");
  const settings = {
    connection,
    prefix,
    attempts: positive("tries", 100)({ value: attempts, name: "attempts", fromText: false }),
    backOffMs: positive("milliseconds", 3_600_000)({ value: backOffMs, name: "backOffMs", fromText: false }),
  };
  return { [openQueue]: (parts) => new BullEngine({ ...settings, ...parts, name: name ?? nameFor(parts.app) }) };
}

/** BullMQ allows no colon. */
function nameFor(app: string | null): string {
  return app === null ? "aircall-events" : `aircall-events-${app.replace(/[^\w.-]/g, "_")}`;
}

const noClient =
  "bullQueue({ connection }) takes the app's own Redis client: what createClient() of node-redis 5 or 6 answered, or " +
  "an ioredis 5 Redis.";

const badName = "name must be text without a colon.";
