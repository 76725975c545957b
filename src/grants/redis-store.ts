import { isGrantId, newGrantId, type Grant } from "./grant";
import { companyIn, createGrantText, type SealingOptions } from "./grant-text";
import { createRedis, type Redis, type RedisClient } from "./redis-client";
import { createRedisIndex } from "./redis-index";
import { createRedisLock, createTaking } from "./redis-lock";
import { read, set, setIfVersion, take } from "./redis-scripts";
import type { GrantStore, Outcome } from "./store";

export interface RedisGrantsOptions extends SealingOptions {
  /** Begins every key. Default `aircall:`; apps that share a Redis need one each. */
  prefix?: string;
}

const outcomeMs = 60_000;
const longestLifeMs = 3_155_760_000_000;

const clients = new WeakMap<GrantStore, RedisClient>();

/** The Redis that a store keeps its grants in; null for every other store. */
export function redisBehind(store: GrantStore): RedisClient | null {
  return clients.get(store) ?? null;
}

/**
 * Keeps grants in Redis, exact over all processes that share it. Takes the app's own client: node-redis 5 or 6 (client,
 * pool, cluster, sentinel) or ioredis 5 (single, cluster). It is never configured or closed. All keys of a grant have
 * one hash tag. Nothing is ever kept in memory instead.
 * @throws {ConfigError} this is no such client, or an encryption key is too short.
 */
export function redisGrants(
  client: RedisClient,
  { prefix = "aircall:", encryptionKeys = [] }: RedisGrantsOptions = {},
): GrantStore {
  const redis = createRedis(client);
  const taking = createTaking(redis);
  const index = createRedisIndex(redis, (companyId) => `${prefix}{company:${companyId}}:grants`);
  const text = createGrantText({ encryptionKeys });
  const keyOf = (id: string, what: "grant" | "lock" | "claim" | "outcome") => `${prefix}{${id}}:${what}`;

  async function find(id: string): Promise<Stored | null> {
    const found = await readText(redis, "read a grant", keyOf(id, "grant"));
    const [version, life, body] = partsOf(found?.value);
    if (!found || !body) return null;
    const grant = text.decode(body, contextOf(id, Number(life)));
    return grant?.version === Number(version) ? { grant, lifeMs: Number(life), leftMs: found.leftMs } : null;
  }

  function valueOf(id: string, grant: Grant, lifeMs: number): string {
    return `${grant.version} ${lifeMs} ${text.encode(grant, contextOf(id, lifeMs))}`;
  }

  /** The index first: it must not forget a grant that lives. Written anew, so that it is sealed with today's key. */
  async function extend(id: string, { grant, lifeMs }: Stored): Promise<void> {
    await index.note(grant.account.id, id, 2 * lifeMs);
    const args = [grant.version, valueOf(id, grant, lifeMs), 2 * lifeMs];
    const call = { script: setIfVersion, key: keyOf(id, "grant"), args };
    const outcome = Number(await redis.run("extend a grant's life", call));
    if (outcome === -1) await index.forget(grant.account.id, id);
  }

  async function remove(id: string): Promise<void> {
    const removed = await redis.run("delete a grant", { script: take, key: keyOf(id, "grant") });
    const [, , body] = partsOf(removed);
    // An id left behind in the index leads nowhere, and is forgotten when its time comes.
    if (body) await index.forget(companyIn(body), id).catch(() => undefined);
  }

  const store: GrantStore = {
    async get(id) {
      const stored = isGrantId(id) ? await find(id) : null;
      if (!stored) return null;
      // A grant that was read can be used, even where its life could not be extended this time.
      if (stored.leftMs <= 1.5 * stored.lifeMs) await extend(id, stored).catch(() => undefined);
      return stored.grant;
    },
    async create(grant, sessionLifeMs) {
      const id = newGrantId();
      const lifeMs = Math.min(Math.max(Math.ceil(sessionLifeMs), 1), longestLifeMs);
      await index.note(grant.account.id, id, 2 * lifeMs);
      const args = [valueOf(id, { ...grant, version: 1 }, lifeMs), 2 * lifeMs];
      await redis.run("keep a grant", { script: set, key: keyOf(id, "grant"), args, undo: () => remove(id) });
      return id;
    },
    async replace(id, expectedVersion, grant) {
      const stored = isGrantId(id) ? await find(id) : null;
      if (stored?.grant.version !== expectedVersion) return false;
      const value = valueOf(id, { ...grant, version: expectedVersion + 1 }, stored.lifeMs);
      const call = { script: setIfVersion, key: keyOf(id, "grant"), args: [expectedVersion, value] };
      return Number(await redis.run("keep a grant", call)) === 1;
    },
    async delete(id) {
      if (isGrantId(id)) await remove(id);
    },
    idsOf: (companyId) => index.idsOf(companyId),
    async claim(key, ttlMs) {
      return (await taking.take("claim a sign-in", keyOf(key, "claim"), ttlMs)) !== null;
    },
    async settle(key, outcome) {
      const args = [JSON.stringify(outcome), outcomeMs];
      await redis.run("keep a sign-in's outcome", { script: set, key: keyOf(key, "outcome"), args });
    },
    async outcome(key) {
      const found = await readText(redis, "read a sign-in's outcome", keyOf(key, "outcome"));
      return found && outcomeIn(found.value);
    },
    withLock: createRedisLock(taking, (id) => keyOf(id, "lock")),
  };
  clients.set(store, client);
  return store;
}

interface Stored {
  readonly grant: Grant;
  readonly lifeMs: number;
  readonly leftMs: number;
}

/** Version and life stand before the grant, so that a script can read them. */
function partsOf(value: unknown): string[] {
  return /^(\d+) (\d+) (.*)$/s.exec(String(value))?.slice(1) ?? [];
}

/** What a sealed grant is bound to beside its company: it can be read under no other id, and for no other life. */
function contextOf(id: string, lifeMs: number): string {
  return `${id} ${lifeMs}`;
}

async function readText(redis: Redis, operation: string, key: string) {
  const reply = await redis.run(operation, { script: read, key });
  if (!Array.isArray(reply)) return null;
  const [value, leftMs] = reply as unknown[];
  return { value: String(value), leftMs: Number(leftMs) };
}

function outcomeIn(value: string): Outcome | null {
  try {
    const { grantId, error } = Object(JSON.parse(value)) as Record<string, unknown>;
    if (typeof grantId === "string") return { grantId };
    return typeof error === "string" ? { error } : null;
  } catch {
    return null;
  }
}
