import type { CompanyName } from "../../config/company-id";
import { fields } from "../../config/fields";
import type { RecordStore } from "../../grants/store";
import { createExpiringMap } from "../../time/expiring-map";
import { apartFromRequest } from "../../time/store-time";
import { keyOf } from "../event-company";

const writeEveryMs = 10_000;
const keptMs = 90 * 86_400_000;
const maxKnown = 100_000;

/** How far a company's events have come. Epoch milliseconds. */
export interface Mark {
  /** When the app first listened to this company: what happened before is not caught up. */
  readonly since: number;
  /** When the newest event happened that was handled. */
  readonly newest: number;
}

/** Remembers for each company how far its events have come; written at most every ten seconds. */
export interface Marks {
  /** Null where nobody has listened yet. */
  read(company: CompanyName | null): Promise<Mark | null>;
  /** Notes that an event which happened `at` this moment is in hand. Never rejects. */
  note(company: CompanyName | null, at: number): Promise<void>;
}

export function createMarks(records: RecordStore, now: () => number = Date.now): Marks {
  const newest = createExpiringMap<{ at: number; writtenAt: number }>(maxKnown, now);

  async function read(company: CompanyName | null): Promise<{ mark: Mark | null; version: number | null }> {
    const kept = await records.get(keyOf(company));
    return { mark: kept && readMark(kept.value), version: kept?.version ?? null };
  }

  /** Compare-and-set: what another process has noted meanwhile stays where it is newer. */
  async function write(company: CompanyName | null, at: number): Promise<void> {
    for (let tries = 0; tries < 3; tries += 1) {
      const { mark, version } = await read(company);
      if (mark && mark.newest >= at) return;
      const value = JSON.stringify({ since: mark?.since ?? at, newest: at });
      if ((await records.put(keyOf(company), value, { version, lifeMs: keptMs })) !== null) return;
    }
  }

  return {
    read: async (company) => (await read(company)).mark,
    async note(company, at) {
      const key = keyOf(company);
      const known = newest.get(key) ?? { at: 0, writtenAt: -Infinity };
      if (at > now()) at = now();
      if (at <= known.at) return;
      known.at = at;
      newest.set(key, known, keptMs);
      if (now() - known.writtenAt < writeEveryMs) return;
      known.writtenAt = now();
      await apartFromRequest(() => write(company, at)).catch(() => (known.writtenAt = -Infinity));
    },
  };
}

function readMark(value: string): Mark | null {
  try {
    const { since, newest } = fields(JSON.parse(value));
    return typeof since === "number" && typeof newest === "number" ? { since, newest } : null;
  } catch {
    return null;
  }
}
