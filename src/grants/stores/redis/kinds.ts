import { sha256 } from "../../../config/sha256";
import type { Redis } from "../../../redis/client";
import type { KeptRecord, RecordStore } from "../../store";
import { newVersion, once } from "../record";
import type { RedisKeys } from "./keys";
import { deleteRecord, putRecord, read, readRecords, recordNames } from "./scripts";

/** The records of a kind lie in as many parts, each with an index of its own: those of a cluster share the work. */
const parts = 16;

/** Records of one kind, exact over all processes. Version and value stand in one text, in place of a deleted one a mark. */
export function createRedisKind(redis: Redis, keys: RedisKeys, kind: string): RecordStore {
  function keysOf(key: string): string[] {
    const part = partOf(key);
    return [keys.record(kind, part, key), keys.records(kind, part)];
  }

  async function namesIn(part: number, after: string, limit: number): Promise<string[]> {
    const args = [after === "" ? "-" : `(${after}`, limit];
    const names = await redis.run("list records", { script: recordNames, keys: [keys.records(kind, part)], args });
    return Array.isArray(names) ? names.map(String) : [];
  }

  async function readAll(part: number, names: string[]): Promise<KeptRecord[]> {
    if (names.length === 0) return [];
    const all = [keys.records(kind, part), ...names.map((name) => keys.record(kind, part, name))];
    const values = await redis.run("list records", { script: readRecords, keys: all, args: names });
    const found = names.map((name, at) => readRecord(name, Array.isArray(values) ? values[at] : null));
    return found.filter((record) => record !== null);
  }

  return {
    async get(key) {
      const [record = ""] = keysOf(key);
      return readRecord(key, await redis.run("read a record", { script: read, keys: [record] }));
    },
    async put(key, value, { version: expected, lifeMs }) {
      const version = newVersion();
      const args = [key, expected ?? "", `${version} ${value}`, once(lifeMs)];
      const call = { script: putRecord, keys: keysOf(key), args, writes: true };
      return Number(await redis.run("keep a record", call)) === 1 ? version : null;
    },
    async delete(key, version) {
      const args = [key, `- ${newVersion()}`, version ?? ""];
      const call = { script: deleteRecord, keys: keysOf(key), args, writes: true };
      return Number(await redis.run("delete a record", call)) === 1;
    },
    async list(cursor, limit) {
      const found: KeptRecord[] = [];
      let [part, after] = positionOf(cursor);
      while (part < parts) {
        const asked = limit - found.length;
        const names = await namesIn(part, after, asked);
        found.push(...(await readAll(part, names)));
        if (found.length >= limit) return { records: found, cursor: `${part} ${names.at(-1)!}` };
        [part, after] = names.length < asked ? [part + 1, ""] : [part, names.at(-1)!];
      }
      return { records: found, cursor: null };
    },
  };
}

function partOf(key: string): number {
  return Buffer.from(sha256(key), "base64url")[0]! % parts;
}

function readRecord(key: string, value: unknown): KeptRecord | null {
  const [, version, text] = /^(\d+) (.*)$/s.exec(String(value)) ?? [];
  return version === undefined || text === undefined ? null : { key, value: text, version: Number(version) };
}

function positionOf(cursor: string | null): [part: number, after: string] {
  const [, part = "0", after = ""] = /^(\d+) (.*)$/s.exec(cursor ?? "") ?? [];
  return [Number(part), after];
}
