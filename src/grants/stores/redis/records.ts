import type { GrantText } from "../../encryption";
import { isGrantId, type Grant } from "../../grant";
import type { Redis } from "../../../redis/client";
import { contextOf, newMark } from "../record";
import type { RedisKeys } from "./keys";
import { read, setIfVersion } from "./scripts";

/** Version and mark stand before the grant's text; a script reads the first. A life stood there before sessions prolonged it. */
interface RedisRecord {
  readonly version: number;
  /** No two writes have the same: so each knows its own again when a client sends it twice. */
  readonly mark: string;
  readonly text: string;
}

/** Grants as Redis keeps them. */
export interface RedisRecords {
  find(id: string, link?: string): Promise<Grant | null>;
  /** What is to be kept for this grant, at its version. */
  encode(id: string, grant: Grant): string;
  /** Compare and set. */
  write(id: string, expectedVersion: number, grant: Grant): Promise<boolean>;
  /** Writes with today's key what is kept with another: that can be taken away once every living grant was prolonged. */
  sealAnew(id: string, record: RedisRecord): Promise<void>;
}

export interface RedisRecordsParts {
  readonly redis: Redis;
  readonly keys: RedisKeys;
  readonly text: GrantText;
}

export function createRedisRecords({ redis, keys, text }: RedisRecordsParts): RedisRecords {
  async function find(id: string, link?: string): Promise<Grant | null> {
    if (!isGrantId(id)) return null;
    const value = await redis.run("read a grant", { script: read, keys: keys.grantAndLink(id, link) });
    const record = readRecord(value);
    const grant = record && text.decode(record.text, contextOf(id, record.mark));
    return grant && grant.version === record?.version ? grant : null;
  }

  function encode(id: string, grant: Grant): string {
    const mark = newMark();
    return `${grant.version} ${mark} ${text.encode(grant, contextOf(id, mark))}`;
  }

  async function write(id: string, expectedVersion: number, grant: Grant): Promise<boolean> {
    const args = [expectedVersion, encode(id, grant)];
    const call = { script: setIfVersion, keys: [keys.grant(id)], args, writes: true };
    return Number(await redis.run("keep a grant", call)) === 1;
  }

  async function sealAnew(id: string, { mark, text: kept }: RedisRecord): Promise<void> {
    if (text.isCurrent(kept, contextOf(id, mark))) return;
    const stored = await find(id);
    if (stored) await write(id, stored.version, stored);
  }

  return { find, encode, write, sealAnew };
}

/** Null for everything that is no record of a grant. */
export function readRecord(value: unknown): RedisRecord | null {
  const [, version, mark, text] = /^(\d+) (\d+) (.*)$/s.exec(String(value)) ?? [];
  return mark === undefined || text === undefined ? null : { version: Number(version), mark, text };
}
