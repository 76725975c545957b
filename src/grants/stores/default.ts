import { ownOptions } from "../../config/own-options";
import type { SealingOptions } from "../encryption";
import { has, redisClientOf } from "../../redis/send";
import { redisGrants } from "./redis/redis";
import { settingsOf, type SessionStore } from "../../session/session";
import { sessionGrants } from "./session";
import type { GrantStore } from "../store";

/** Not a cache: two stores over one session store would not see each other's locks. */
const grantsBySessionStore = new WeakMap<SessionStore, Map<string, GrantStore>>();

const hiddenClient =
  "express-aircall cannot reach the Redis client inside this session store (connect-redis 8 hides it), so grants are kept " +
  "beside the sessions: exact in one process only. With several, pass aircallAuth({ grants: redisGrants(client) }), " +
  "or use connect-redis 9.";

/**
 * The grants kept for this session store: in the Redis behind it when it shows its client, else in the store itself. The
 * same ones for everybody who asks in this process with the same keys.
 */
export function grantsOf(sessionStore: SessionStore, sealing: SealingOptions = {}): GrantStore {
  const known = grantsBySessionStore.get(sessionStore) ?? new Map<string, GrantStore>();
  const { encryptionKeys = [], acceptUnsealed = false } = ownOptions(sealing, "encryptionKeys");
  const keySet = JSON.stringify([encryptionKeys, acceptUnsealed]);
  const grants = known.get(keySet) ?? choose(sessionStore, { encryptionKeys, acceptUnsealed });
  grantsBySessionStore.set(sessionStore, known.set(keySet, grants));
  return grants;
}

function choose(sessionStore: SessionStore, sealing: SealingOptions): GrantStore {
  const client = redisClientOf(sessionStore);
  if (client) return redisGrants(client, { prefix: ownPrefix(settingsOf(sessionStore).prefix), ...sealing });
  if (hidesRedis(sessionStore)) warn(hiddenClient);
  return sessionGrants(sessionStore, sealing);
}

/** connect-redis 8, by the commands that it passes on: a minifier may have changed the name of its class. */
function hidesRedis(sessionStore: SessionStore): boolean {
  const { client } = settingsOf(sessionStore);
  return ["get", "mget", "scanIterator"].every((command) => has(client, command));
}

/** Apps that keep their sessions apart in one Redis keep their grants apart too. */
function ownPrefix(sessionPrefix: unknown): string {
  return typeof sessionPrefix === "string" && sessionPrefix !== "sess:" ? `aircall:${sessionPrefix}` : "aircall:";
}

function warn(message: string): void {
  process.emitWarning(message, { code: "EXPRESS_AIRCALL_REDIS" });
}
