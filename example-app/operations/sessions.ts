import { RedisStore } from "connect-redis";
import { guardSessionStore, redisGrants, type GrantStore } from "express-aircall";
import type { Store } from "express-session";
import { createClient } from "redis";
import { redisState } from "../mirror/redis-state";
import type { SharedState } from "../mirror/shared-state";

export interface Sessions {
  readonly store: Store;
  /** What companies connected with, in the same Redis; null seals nothing. */
  grants(sealedWith: string | null): GrantStore;
  /** What the board's processes share, in the same Redis. */
  state(): SharedState;
  close(): void;
}

/**
 * Sessions in Redis, for every process that shares it. Grants lie there too. While Redis is away, visitors are asked
 * for a moment; nothing has to be started again.
 */
export function redisSessions(url: string, { log = console.error }: { log?: (line: string) => void } = {}): Sessions {
  const client = createClient({ url });
  let away = false;
  // Without a listener, a lost connection would end the process.
  client.on("error", (error: NodeJS.ErrnoException) => {
    if (!away) log(`Redis cannot be used (${error.code ?? error.message}); it is tried again until it can.`);
    away = true;
  });
  client.on("ready", () => {
    if (away) log("Redis is back.");
    away = false;
  });

  // Not waited for: the client goes on trying, and tells of failures above.
  client.connect().catch(() => undefined);
  return {
    store: guardSessionStore(new RedisStore({ client })),
    grants: (sealedWith) => redisGrants(client, sealedWith === null ? {} : { encryptionKeys: [sealedWith] }),
    state: () => redisState(client),
    close: () => client.destroy(),
  };
}
