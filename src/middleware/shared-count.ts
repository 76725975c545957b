import type { Request } from "express";
import { createRedisCounter, type SharedCounter } from "../budget/redis-counter";
import { isRedisClient, type RedisClient } from "../grants/redis-client";
import { redisBehind } from "../grants/redis-store";
import type { GrantStore } from "../grants/store";

/** Where all processes of an app count its requests to Aircall together: in the Redis that it has anyway. */
export interface SharedCount {
  /** Null without Redis, and until it is known. */
  counter(): SharedCounter | null;
  /** Looks for Redis where grants are kept, then where sessions are; the first request settles it. */
  lookIn(req: Request, grants: GrantStore | null): void;
}

export function createSharedCount(): SharedCount {
  let found: SharedCounter | null | undefined;

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
