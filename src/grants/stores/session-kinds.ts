import { fields } from "../../config/fields";
import { sha256 } from "../../config/sha256";
import { createMutex } from "../../time/mutex";
import type { SessionRecords } from "../../session/records";
import type { KeptRecord, RecordStore } from "../store";
import { newVersion, once } from "./record";

/** The records of a kind are noted in as many parts, so that none grows large. */
const parts = 16;

export interface SessionKindsLimits {
  readonly now: () => number;
  /** The longest that the session store keeps a record. */
  readonly longestLifeMs: number;
}

interface Found extends KeptRecord {
  /** Epoch milliseconds. */
  readonly endsAt: number;
}

/** Records of any kind, for stores that can only be asked by key. Exact in one process. */
export function createSessionKinds(
  documents: SessionRecords,
  { now, longestLifeMs }: SessionKindsLimits,
): (kind: string) => RecordStore {
  const exclusively = createMutex();
  const index = createKeyIndex(documents, now);

  async function find(kind: string, key: string): Promise<Found | null> {
    const { value, version, endsAt } = fields(await documents.read(keyOf(kind, key)));
    if (typeof value !== "string" || typeof version !== "number") return null;
    return typeof endsAt === "number" && endsAt > now() ? { key, value, version, endsAt } : null;
  }

  return (kind) => {
    const indexOf = (key: string) => indexKeyOf(kind, partOf(key));

    /** Under what its part is changed by: nobody finds a key noted whose record is still to come. */
    function change<T>(key: string, work: (found: Found | null) => Promise<T>): Promise<T> {
      return exclusively(indexOf(key), async () => work(await find(kind, key)));
    }

    function readOrForget(key: string): Promise<KeptRecord | null> {
      return change(key, async (found) => {
        if (!found) await index.forget(indexOf(key), key);
        return found && plain(found);
      });
    }

    return {
      async get(key) {
        const found = await find(kind, key);
        return found && plain(found);
      },
      put: (key, value, { version: expected, lifeMs }) =>
        change(key, async (found) => {
          if ((found?.version ?? null) !== expected) return null;
          const [version, leftMs] = [newVersion(), Math.min(once(lifeMs), longestLifeMs)];
          await index.note(indexOf(key), key, now() + leftMs);
          await documents.write(keyOf(kind, key), { value, version, endsAt: now() + leftMs }, leftMs);
          return version;
        }),
      delete: (key, version) =>
        change(key, async (found) => {
          if (!found || (version !== undefined && version !== found.version)) return false;
          await documents.remove(keyOf(kind, key));
          // A key left behind in the index leads nowhere, and is forgotten when somebody lists it.
          await index.forget(indexOf(key), key).catch(() => undefined);
          return true;
        }),
      async list(cursor, limit) {
        const found: KeptRecord[] = [];
        let [part, after] = positionOf(cursor);
        for (; part < parts; part += 1, after = "") {
          const keys = (await index.keysIn(indexKeyOf(kind, part))).filter((key) => key > after).sort();
          for (const key of keys) {
            const record = await readOrForget(key);
            if (record) found.push(record);
            if (found.length >= limit) return { records: found, cursor: `${part} ${key}` };
          }
        }
        return { records: found, cursor: null };
      },
    };
  };
}

/** Which keys are noted in a part, each until the moment at which its record ends. */
function createKeyIndex(documents: SessionRecords, now: () => number) {
  async function read(index: string): Promise<Map<string, number>> {
    const entries = Object.entries(fields(await documents.read(index)));
    return new Map(entries.map(([key, endsAt]) => [key, Number(endsAt)]));
  }

  async function write(index: string, keys: Map<string, number>): Promise<void> {
    if (keys.size === 0) return documents.remove(index);
    await documents.write(index, Object.fromEntries(keys), Math.max(...keys.values()) - now());
  }

  return {
    keysIn: async (index: string) => [...(await read(index)).keys()],
    async note(index: string, key: string, endsAt: number): Promise<void> {
      const keys = await read(index);
      if ((keys.get(key) ?? 0) >= endsAt) return;
      const live = [...keys].filter(([, until]) => until > now());
      await write(index, new Map(live).set(key, endsAt));
    },
    async forget(index: string, key: string): Promise<void> {
      const keys = await read(index);
      if (keys.delete(key)) await write(index, keys);
    },
  };
}

function plain({ key, value, version }: Found): KeptRecord {
  return { key, value, version };
}

function partOf(key: string): number {
  return Buffer.from(sha256(key), "base64url")[0]! % parts;
}

/** Some session stores allow 36 characters. */
function keyOf(kind: string, key: string): string {
  return `ac_r${sha256(`${kind} ${key}`).slice(0, 32)}`;
}

function indexKeyOf(kind: string, part: number): string {
  return `ac_records_${sha256(`${kind} ${part}`).slice(0, 20)}`;
}

function positionOf(cursor: string | null): [part: number, after: string] {
  const [, part = "0", after = ""] = /^(\d+) (.*)$/s.exec(cursor ?? "") ?? [];
  return [Number(part), after];
}
