import type { Request } from "express";
import { createRedisCounter, type SharedCounter } from "../budget/redis-counter";
import { isRedisClient, type RedisClient } from "../grants/redis-client";
import { redisBehind } from "../grants/redis-store";
import type { GrantStore } from "../grants/store";

/** Where all processes of an app count its requests to Aircall together: in the Redis that it has anyway. */
export interface SharedCount {
  /** Null without Redis, and until it is known. */
  counter(): SharedCounter | null;
  /** Looks for Redis where this request's grants are kept, then where its session is; the first one settles it. */
  lookIn(req: Request, grants: GrantStore | null): void;
}

/** `chosen` is the store that the app gave: with Redis behind it, jobs need wait for no request. */
export function createSharedCount(chosen: GrantStore | null): SharedCount {
  const client = chosen && redisBehind(chosen);
  let found = client ? createRedisCounter(client) : undefined;

  return {
    counter: () => found ?? null,
    lookIn(req, grants) {
      if (found !== undefined) return;
      const client = (grants && redisBehind(grants)) ?? redisOfSessions(req);
      found = client && createRedisCounter(client);
    },
  };
}

function redisOfSessions(req: Request): RedisClient | null {
  const { sessionStore } = req as { sessionStore?: unknown };
  const { client } = Object(sessionStore) as { client?: unknown };
  return isRedisClient(client) ? client : null;
}
