import { randomInt } from "node:crypto";
import { knownOptions } from "../../config/own-options";
import { isGrantId, newGrantId, type Grant } from "../grant";
import { createGrantText, givenBy, givenByGrant, type GivenBy, type SealingOptions } from "../encryption";
import { checkRedis } from "./redis-check";
import { createRedis, type RedisClient } from "../../redis/client";
import { createRedisClaims } from "./redis-claims";
import { createRedisIndex } from "./redis-company-index";
import { createRedisLock, createTaking } from "./redis-lock";
import { create, link as linkScript, prolong, read, remove, setIfVersion, take } from "./redis-scripts";
import type { GrantStore } from "../store";

export interface RedisGrantsOptions extends SealingOptions {
  /** Begins every key. Default `aircall:`; apps that share a Redis need one each. */
  prefix?: string | undefined;
}

const longestLifeMs = 3_155_760_000_000;

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
  const index = createRedisIndex(redis, (by) => `${prefix}{company:${nameOf(by)}}:grants`);
  const text = createGrantText(sealing);
  const keyOf = (id: string) => `${prefix}{${id}}:grant`;
  const lockKeyOf = (name: string) => `${prefix}{${name}}:lock`;
  const linkKeyOf = (id: string, link: string) => `${prefix}{${id}}:link:${link}`;

  function keysOf(id: string, link?: string): string[] {
    return link === undefined ? [keyOf(id)] : [keyOf(id), linkKeyOf(id, link)];
  }

  async function find(id: string, link?: string): Promise<Grant | null> {
    if (!isGrantId(id)) return null;
    const value = await redis.run("read a grant", { script: read, keys: keysOf(id, link) });
    const [version, mark, body] = partsOf(value);
    const grant = body === undefined ? null : text.decode(body, contextOf(id, mark!));
    return grant?.version === Number(version) ? grant : null;
  }

  function valueOf(id: string, grant: Grant): string {
    const mark = newMark();
    return `${grant.version} ${mark} ${text.encode(grant, contextOf(id, mark))}`;
  }

  /** With today's key: an older one can be taken away once every living grant was prolonged. */
  async function sealAnew(id: string): Promise<void> {
    const stored = await find(id);
    if (stored) await write(id, stored.version, valueOf(id, stored));
  }

  async function write(id: string, expectedVersion: number, value: string): Promise<boolean> {
    const call = { script: setIfVersion, keys: [keyOf(id)], args: [expectedVersion, value], writes: true };
    return Number(await redis.run("keep a grant", call)) === 1;
  }

  async function removeGrant(id: string): Promise<void> {
    const [, , body] = partsOf(await redis.run("delete a grant", { script: take, keys: [keyOf(id)] }));
    // An id left behind in the index leads nowhere, and is forgotten when its time comes.
    if (body) await index.forget(givenBy(body), id).catch(() => undefined);
  }

  /** False where it ended between the two writes: it was noted once more after it had been forgotten. */
  async function noteProlonged(id: string, body: string, lifeMs: number): Promise<boolean> {
    await index.note(givenBy(body), id, lifeMs);
    const [, , still] = partsOf(await redis.run("read a grant", { script: read, keys: keysOf(id) }));
    if (still === undefined) await index.forget(givenBy(body), id);
    return still !== undefined;
  }

  const store: GrantStore = {
    longestLifeMs,
    get: find,
    async create(grant, lifeMs, link) {
      const id = newGrantId();
      await index.note(givenByGrant(grant), id, twice(lifeMs));
      const args = [valueOf(id, { ...grant, version: 1 }), twice(lifeMs)];
      const call = { script: create, keys: keysOf(id, link), args, writes: true, undo: () => removeGrant(id) };
      await redis.run("keep a grant", call);
      return id;
    },
    async replace(id, expectedVersion, grant) {
      const stored = await find(id);
      if (stored?.version !== expectedVersion) return false;
      return write(id, expectedVersion, valueOf(id, { ...grant, version: expectedVersion + 1 }));
    },
    async prolong(id, lifeMs, link) {
      if (!isGrantId(id)) return false;
      const call = { script: prolong, keys: keysOf(id, link), args: [twice(lifeMs)], writes: true };
      const [, mark, body] = partsOf(await redis.run("prolong a grant", call));
      if (body === undefined) return false;
      if (!(await noteProlonged(id, body, twice(lifeMs)))) return false;
      if (!text.isCurrent(body, contextOf(id, mark!))) await sealAnew(id);
      return true;
    },
    async delete(id) {
      if (isGrantId(id)) await removeGrant(id);
    },
    async link(id, link, lifeMs, former) {
      if (!isGrantId(id)) return false;
      const undo = () => store.unlink(id, link);
      const keys = [...keysOf(id, link), ...(former === undefined ? [] : [linkKeyOf(id, former)])];
      const call = { script: linkScript, keys, args: [twice(lifeMs)], writes: true, undo };
      return Number(await redis.run("link a session to a grant", call)) === 1;
    },
    async unlink(id, link) {
      if (!isGrantId(id)) return;
      await redis.run("end a session's link", { script: remove, keys: [linkKeyOf(id, link)] });
    },
    idsOf: (app, companyId) => index.idsOf({ app, companyId }),
    ...createRedisClaims(redis, prefix),
    check() {
      const id = newGrantId();
      const claims = [`${id}}:claim`, `${id}}:outcome`, `attempt:${id}}:claim`].map((key) => `${prefix}{${key}`);
      // The budget counts over the same client.
      const counts = [`${prefix}{company:${id}}:budget`, `${prefix}{company:${id}}:limit`];
      const values = [...keysOf(id, "tried"), ...claims, lockKeyOf(id), ...counts];
      return checkRedis(redis, { values, indexes: [`${prefix}{company:${id}}:grants`], prefix });
    },
    withLock: createRedisLock(createTaking(redis), lockKeyOf),
  };
  places.set(store, { client, prefix });
  return store;
}

/** No two writes have the same: so each knows its own again when a client sends it twice. */
function newMark(): string {
  return String(randomInt(2 ** 47));
}

/** Version and mark stand before the grant; a script reads the first. A life stood there before sessions prolonged it. */
function partsOf(value: unknown): string[] {
  return /^(\d+) (\d+) (.*)$/s.exec(String(value))?.slice(1) ?? [];
}

/** What a sealed grant is bound to beside its company: it can be read under no other id. */
function contextOf(id: string, mark: string): string {
  return `${id} ${mark}`;
}

function twice(lifeMs: number): number {
  return 2 * Math.min(Math.max(Math.ceil(lifeMs), 1), longestLifeMs / 2);
}

/** As it was before grants knew their app, where there is none. */
function nameOf({ app, companyId }: GivenBy): string {
  return app === null ? `${companyId}` : `${app}:id:${companyId}`;
}
