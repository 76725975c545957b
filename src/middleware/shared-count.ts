import type { Request } from "express";
import { createRedisCounter, type SharedCounter } from "../budget/redis-counter";
import { isRedisClient } from "../grants/redis-client";
import { redisBehind, type RedisPlace } from "../grants/redis-store";
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
  const place = chosen && redisBehind(chosen);
  let found = place ? counterAt(place) : undefined;

  return {
    counter: () => found ?? null,
    lookIn(req, grants) {
      if (found !== undefined) return;
      const place = (grants && redisBehind(grants)) ?? redisOfSessions(req);
      // A request outside the session shows nothing, and settles nothing.
      if (place) found = counterAt(place);
    },
  };
}

/** Beside the grants, so that one rule of Redis's access list covers both. */
function counterAt({ client, prefix }: RedisPlace): SharedCounter | null {
  return createRedisCounter(client, { prefix });
}

function redisOfSessions(req: Request): RedisPlace | null {
  const { sessionStore } = req as { sessionStore?: unknown };
  const { client } = Object(sessionStore) as { client?: unknown };
  return isRedisClient(client) ? { client, prefix: "aircall:" } : null;
}
