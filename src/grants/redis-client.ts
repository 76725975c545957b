import { ConfigError, StoreError } from "../errors";
import { plainReply, type Reply } from "./redis-reply";
import { silenceOf } from "./silence";
import { inTime } from "./store-call";
import { apartFromRequest, currentStoreTime } from "./store-time";

/** node-redis 5 or 6: what createClient, createClientPool, createCluster and createSentinel answer. */
interface NodeRedisClient {
  readonly isOpen: boolean;
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
}

/** ioredis 5: a Redis or a Cluster. */
interface IoRedisClient {
  defineCommand(name: string, definition: { lua: string }): unknown;
  eval(script: string, keyCount: number, ...keysAndArguments: string[]): Promise<unknown>;
}

/** The app's own client. The library sends `EVAL` and nothing else, and never configures or closes it. */
export type RedisClient = NodeRedisClient | IoRedisClient;

export interface Redis {
  /**
   * Runs a script on one key. Scripts only, reads too: they are the one command that both families of clients always
   * send to the primary, where a read sees every logout.
   * @throws {StoreError} Redis refused, or did not answer within two seconds.
   */
  run(operation: string, call: ScriptCall): Promise<Reply>;
}

export interface ScriptCall {
  readonly script: string;
  readonly key: string;
  readonly args?: readonly (string | number)[];
  /** Takes back what a failed call may have done all the same; called again when it is answered late. */
  readonly undo?: () => Promise<unknown>;
}

const maxOverdue = 100;
const tryAgainAfterMs = 1_000;

/** @throws {ConfigError} it is not a client this library can speak to. */
export function createRedis(client: RedisClient, { now = () => performance.now() } = {}): Redis {
  if (!isRedisClient(client)) throw new ConfigError(`redisGrants(client): ${whatIsWrongWith(client)}`);
  const send = senderFor(client);
  const silence = silenceOf(client);
  let overdue = 0;
  let triedAt = 0;

  /**
   * Once somebody waited in vain, no request does. Clients queue without end for a server that is away: beyond a hundred
   * calls jobs do not either. One call a second finds out if it is back.
   */
  function refuseWhileStuck(operation: string): void {
    const at = now();
    const stuck = overdue >= maxOverdue && at - triedAt < tryAgainAfterMs;
    if (stuck || (currentStoreTime() && silence.keepsAway(tryAgainAfterMs))) {
      throw new StoreError(operation, "Redis has stopped answering");
    }
    triedAt = at;
  }

  function waitOn(asked: Promise<unknown>): void {
    overdue += 1;
    asked.catch(ignore).finally(() => (overdue -= 1));
  }

  return {
    async run(operation, { script, key, args = [], undo = () => Promise.resolve() }) {
      refuseWhileStuck(operation);
      const askedAt = performance.now();
      let asked: Promise<unknown> | undefined;
      let settled = false;

      function ask(): Promise<unknown> {
        asked = send(script, key, args.map(String)).finally(() => {
          settled = true;
          silence.heardFrom();
        });
        return asked;
      }

      try {
        const onSilence = () => silence.waitedInVain(askedAt, tryAgainAfterMs);
        return plainReply(await inTime(operation, ask, { onSilence }));
      } catch (error) {
        if (!asked) throw error;
        apartFromRequest(undo).catch(ignore);
        if (!settled) apartFromRequest(() => waitOn(asked!.then(undo)));
        throw error;
      }
    },
  };
}

export function isRedisClient(value: unknown): value is RedisClient {
  return isNodeRedis(value) || isIoRedis(value);
}

function isNodeRedis(value: unknown): value is NodeRedisClient {
  // node-redis 4 has a "v4" where it answers by callback, as version 3 did.
  return has(value, "eval") && "isOpen" in value && !("v4" in value);
}

function isIoRedis(value: unknown): value is IoRedisClient {
  return has(value, "eval") && has(value, "defineCommand");
}

type Send = (script: string, key: string, args: string[]) => Promise<unknown>;

function senderFor(client: RedisClient): Send {
  if (isIoRedis(client)) return async (script, key, args) => client.eval(script, 1, key, ...args);
  return async (script, key, args) => client.eval(script, { keys: [key], arguments: args });
}

function whatIsWrongWith(value: unknown): string {
  const client = Object(value) as { client?: unknown };
  if (has(value, "createSession") && isRedisClient(client.client)) {
    return "this is the session store; pass its client, redisGrants(store.client).";
  }
  if (has(value, "createSession") || (has(value, "get") && has(value, "mget"))) {
    return "this is a session store, or a part of one; pass the Redis client that you created for it.";
  }
  return "pass a client of node-redis 5 or 6 (createClient, createClientPool, createCluster) or of ioredis 5.";
}

function has(value: unknown, method: string): value is object {
  return typeof (Object(value) as Record<string, unknown>)[method] === "function";
}

function ignore(): void {}
