import { companyKey } from "../../../config/company-id";
import { knownOptions } from "../../../config/own-options";
import { isGrantId, newGrantId } from "../../grant";
import { createGrantText, givenBy, givenByGrant, type GivenBy, type SealingOptions } from "../../encryption";
import { checkRedis } from "./check";
import { createRedis } from "../../../redis/client";
import type { RedisClient } from "../../../redis/send";
import { createRedisClaims } from "./claims";
import { createRedisIndex } from "./company-index";
import { createRedisKeys } from "./keys";
import { createRedisKind } from "./kinds";
import { createLeaseLock } from "../lease-lock";
import { createTaking } from "./taking";
import { createRedisRecords, readRecord } from "./records";
import { create, link as linkScript, prolong, read, remove, take } from "./scripts";
import { longestLifeMs, twice } from "../record";
import type { GrantStore } from "../../store";

/** Options of `redisGrants()`. */
export interface RedisGrantsOptions extends SealingOptions {
  /** Begins every key. Default `aircall:`; apps that share a Redis need one each. */
  prefix?: string | undefined;
}

/** Where a store keeps its grants. */
export interface RedisPlace {
  readonly client: RedisClient;
  /** Begins every key. */
  readonly prefix: string;
}

const places = new WeakMap<GrantStore, RedisPlace>();

/** Null for every store that is not in Redis. */
export function redisBehind(store: GrantStore): RedisPlace | null {
  return places.get(store) ?? null;
}

/**
 * Keeps grants in Redis, exact over all processes that share it. Takes the app's own client: node-redis 5 or 6 (client,
 * pool, cluster, sentinel) or ioredis 5 (single, cluster). It is never configured or closed. All keys of a grant have
 * one hash tag. Nothing is ever kept in memory instead.
 * @throws {ConfigError} this is no such client, an encryption key is too short, or an option is misspelt.
 */
export function redisGrants(client: RedisClient, options: RedisGrantsOptions = {}): GrantStore {
  const redis = createRedis(client);
  const known = ["prefix", "encryptionKeys", "acceptUnsealed"] as const;
  const { prefix = "aircall:", ...sealing } = knownOptions(options, "redisGrants(client, options)", known);
  const keys = createRedisKeys(prefix);
  const index = createRedisIndex(redis, keys);
  const text = createGrantText(sealing);
  const records = createRedisRecords({ redis, keys, text });

  async function removeGrant(id: string): Promise<void> {
    const record = readRecord(await redis.run("delete a grant", { script: take, keys: [keys.grant(id)] }));
    // An id left behind in the index leads nowhere, and is forgotten when its time comes.
    if (record) await index.forget(givenBy(record.text), id).catch(() => undefined);
  }

  /** False where it ended between the two writes: it was noted once more after it had been forgotten. */
  async function noteProlonged(id: string, by: readonly GivenBy[], lifeMs: number): Promise<boolean> {
    await index.note(by, id, lifeMs);
    const still = readRecord(await redis.run("read a grant", { script: read, keys: [keys.grant(id)] }));
    if (!still) await index.forget(by, id);
    return still !== null;
  }

  const store: GrantStore = {
    seals: text.seals,
    longestLifeMs,
    get: (id, link) => records.find(id, link),
    async create(grant, lifeMs, link) {
      const id = newGrantId();
      await index.noteFirst(givenByGrant(grant), id, twice(lifeMs));
      const args = [records.encode(id, { ...grant, version: 1 }), twice(lifeMs)];
      const undo = () => removeGrant(id);
      await redis.run("keep a grant", { script: create, keys: keys.grantAndLink(id, link), args, writes: true, undo });
      return id;
    },
    async replace(id, expectedVersion, grant) {
      const stored = await records.find(id);
      if (stored?.version !== expectedVersion) return false;
      return records.write(id, expectedVersion, { ...grant, version: expectedVersion + 1 });
    },
    async prolong(id, lifeMs, link) {
      if (!isGrantId(id)) return false;
      const call = { script: prolong, keys: keys.grantAndLink(id, link), args: [twice(lifeMs)], writes: true };
      const record = readRecord(await redis.run("prolong a grant", call));
      if (!record || !(await noteProlonged(id, givenBy(record.text), twice(lifeMs)))) return false;
      await records.sealAnew(id, record);
      return true;
    },
    async delete(id) {
      if (isGrantId(id)) await removeGrant(id);
    },
    async link(id, link, lifeMs, former) {
      if (!isGrantId(id)) return false;
      const undo = () => store.unlink(id, link);
      const formerKeys = former === undefined ? [] : [keys.link(id, former)];
      const keysOfLink = [...keys.grantAndLink(id, link), ...formerKeys];
      const call = { script: linkScript, keys: keysOfLink, args: [twice(lifeMs)], writes: true, undo };
      return Number(await redis.run("link a session to a grant", call)) === 1;
    },
    async unlink(id, link) {
      if (!isGrantId(id)) return;
      await redis.run("end a session's link", { script: remove, keys: [keys.link(id, link)] });
    },
    companies: (app, cursor, limit) => index.companies(app, cursor, limit),
    idsOf: (app, company) => index.idsOf({ app, company: companyKey(company) }),
    ...createRedisClaims(redis, keys),
    check: () => checkRedis(redis, keys.toTry()),
    withLock: createLeaseLock(createTaking(redis), (name) => keys.lock(name)),
    records: (kind) => createRedisKind(redis, keys, kind),
  };
  places.set(store, { client, prefix });
  return store;
}
