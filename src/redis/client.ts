import { ConfigError } from "../errors/errors";
import { createRedisClock } from "./clock";
import { plainReply, type Reply } from "./reply";
import { inTimeOnly } from "./scripts";
import { has, isRedisClient, redisClientOf, senderFor, type RedisClient } from "./send";
import { storeTimeoutMs } from "../time/store-call";
import { createStoreCaller } from "../time/store-caller";

export interface Redis {
  /**
   * Runs a script on keys of one hash tag. Scripts only, reads too: they are the one command that both families of clients always
   * send to the primary, where a read sees every logout.
   * @throws {StoreError} Redis refused, or did not answer within two seconds.
   */
  run(operation: string, call: ScriptCall): Promise<Reply>;
}

export interface ScriptCall {
  readonly script: string;
  readonly keys: readonly string[];
  readonly args?: readonly (string | number)[];
  /** It changes something: given up after two seconds, it is not done later either. */
  readonly writes?: boolean;
  /** Takes back what a failed call may have done all the same; called again when it is answered late. */
  readonly undo?: () => Promise<unknown>;
  /** Hears what Redis answered, of which a StoreError tells a word at most. */
  readonly onError?: (error: unknown) => void;
}

/** @throws {ConfigError} it is not a client this library can speak to. */
export function createRedis(client: RedisClient, { now = () => performance.now() } = {}): Redis {
  if (!isRedisClient(client)) throw new ConfigError(`redisGrants(client): ${whatIsWrongWith(client)}`);
  const send = senderFor(client);
  const call = createStoreCaller(client, redisName, now);
  const clock = createRedisClock(async (script, key) => plainReply(await send(script, [key], [])), now);

  /** A write that is refused as late although it was not is sent again: another server, or another clock, answers now. */
  async function sendInTime(script: string, keys: readonly string[], args: string[]): Promise<unknown> {
    const sentAt = now();
    const sendBefore = async () => {
      const notAfter = await clock.in(storeTimeoutMs - (now() - sentAt), keys[0] ?? "");
      return send(`${inTimeOnly}\n${script}`, keys, [...args, String(notAfter)]);
    };
    return sendBefore().catch((error: unknown) => {
      if (!isLate(error) || now() - sentAt > storeTimeoutMs / 2) throw error;
      clock.forget();
      return sendBefore();
    });
  }

  return {
    async run(operation, { script, keys, args = [], writes = false, undo, onError = ignore }) {
      const texts = args.map(String);
      const ask = () => {
        const sending = writes ? sendInTime(script, keys, texts) : send(script, keys, texts);
        sending.catch(onError);
        return sending;
      };
      return plainReply(await call(operation, ask, undo));
    },
  };
}

const redisName = "Redis (the client of redisGrants(), or of the session store)";

/** What a session store is called in errors: by the Redis that it shows, for that is what to look at. */
export function storeName(sessionStore: object): string {
  return redisClientOf(sessionStore) ? "Redis (the client of the session store)" : "the store";
}

function whatIsWrongWith(value: unknown): string {
  if (has(value, "createSession") && redisClientOf(value)) {
    return "this is the session store; pass its client, redisGrants(store.client).";
  }
  if (has(value, "createSession") || (has(value, "get") && has(value, "mget"))) {
    return "this is a session store, or a part of one; pass the Redis client that you created for it.";
  }
  return "pass a client of node-redis 5 or 6 (createClient, createClientPool, createCluster) or of ioredis 5.";
}

function isLate(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith("LATE ");
}

function ignore(): void {}
