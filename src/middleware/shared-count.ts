import type { Request } from "express";
import { createSharedWindow, type SharedWindow } from "../budget/shared-window";
import { createRedisExclusive } from "../grants/stores/redis/exclusive";
import { redisClientOf } from "../redis/send";
import { redisBehind, type RedisPlace } from "../grants/stores/redis/redis";
import type { GrantStore } from "../grants/store";
import { createExclusive, type Exclusive } from "../http/exclusive";
import { sessionStoreOf } from "../session/session";

/** Where all processes of an app count its requests to Aircall, and take turns: in the Redis that it has anyway. */
export interface SharedCount {
  /** Null without Redis, and until it is known. */
  counter(): SharedWindow | null;
  /** As `counter`; until it is known, each process takes turns with itself. */
  readonly exclusive: Exclusive;
  /** Looks for Redis where this request's grants are kept, then where its session is; the first one settles it. */
  lookIn(req: Request, grants: GrantStore | null): void;
}

/** `chosen` is the store that the app gave: with Redis behind it, jobs need wait for no request. */
export function createSharedCount(chosen: GrantStore | null): SharedCount {
  const place = chosen && redisBehind(chosen);
  const local = createExclusive();
  let found = place ? sharedAt(place) : null;

  return {
    counter: () => found?.counter ?? null,
    exclusive: (key, work) => (found?.exclusive ?? local)(key, work),
    lookIn(req, grants) {
      if (found) return;
      const place = (grants && redisBehind(grants)) ?? redisOfSessions(req);
      // A request outside the session shows nothing, and settles nothing.
      if (place) found = sharedAt(place);
    },
  };
}

/** Beside the grants, so that one rule of Redis's access list covers both. */
function sharedAt({ client, prefix }: RedisPlace) {
  const exclusive = createRedisExclusive({ client, prefix });
  return { counter: createSharedWindow(client, { prefix }), exclusive };
}

function redisOfSessions(req: Request): RedisPlace | null {
  const client = redisClientOf(sessionStoreOf(req) ?? {});
  return client && { client, prefix: "aircall:" };
}
