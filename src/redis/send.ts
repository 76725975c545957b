/** node-redis 5 or 6: what createClient, createClientPool, createCluster and createSentinel answer. */
export interface NodeRedisClient {
  readonly isOpen: boolean;
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
}

/** ioredis 5: a Redis or a Cluster. */
export interface IoRedisClient {
  defineCommand(name: string, definition: { lua: string }): unknown;
  eval(script: string, keyCount: number, ...keysAndArguments: string[]): Promise<unknown>;
}

/** The app's own client. The library sends `EVAL` and nothing else, and never configures or closes it. */
export type RedisClient = NodeRedisClient | IoRedisClient;

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

export type SendScript = (script: string, keys: readonly string[], args: string[]) => Promise<unknown>;

/** `EVAL`, in the way of either family. */
export function senderFor(client: RedisClient): SendScript {
  if (isIoRedis(client)) return async (script, keys, args) => client.eval(script, keys.length, ...keys, ...args);
  return async (script, keys, args) => client.eval(script, { keys: [...keys], arguments: args });
}

/** The client that a session store shows, as connect-redis 9 does; null where it shows none. */
export function redisClientOf(sessionStore: object): RedisClient | null {
  return "client" in sessionStore && isRedisClient(sessionStore.client) ? sessionStore.client : null;
}

export function has(value: unknown, method: string): value is object {
  if ((typeof value !== "object" && typeof value !== "function") || value === null) return false;
  return typeof Reflect.get(value, method) === "function";
}
