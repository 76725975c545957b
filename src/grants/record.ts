import type { Grant, NewGrant } from "./grant";
import type { GrantText } from "./grant-text";

/** What is kept under a grant's id. */
export interface GrantRecord {
  /** See {@link GrantText}. */
  readonly grant: string;
  readonly lifeMs: number;
  /** Epoch milliseconds. */
  readonly endsAt: number;
}

/** Makes the records of one store, and reads the grants in them. */
export interface GrantRecords {
  first(id: string, grant: NewGrant, lifeMs: number, at: number): GrantRecord;
  /** With the next version; null when `expectedVersion` is not what stands in it. */
  next(id: string, record: GrantRecord, expectedVersion: number, grant: NewGrant): GrantRecord | null;
  /** With its full life again; null while too little of it has gone to be worth a write. */
  extended(id: string, record: GrantRecord, at: number): GrantRecord | null;
  /** Null when what stands there is no grant, or was put there by somebody else. */
  grantIn(id: string, record: GrantRecord): Grant | null;
}

export function createGrantRecords(text: GrantText): GrantRecords {
  function record(id: string, grant: Grant, lifeMs: number, endsAt: number): GrantRecord {
    return { grant: text.encode(grant, contextOf(id, lifeMs, endsAt)), lifeMs, endsAt };
  }

  function grantIn(id: string, { grant, lifeMs, endsAt }: GrantRecord): Grant | null {
    return text.decode(grant, contextOf(id, lifeMs, endsAt));
  }

  return {
    first: (id, grant, lifeMs, at) => record(id, { ...grant, version: 1 }, lifeMs, at + 2 * lifeMs),
    next(id, current, expectedVersion, grant) {
      if (grantIn(id, current)?.version !== expectedVersion) return null;
      return record(id, { ...grant, version: expectedVersion + 1 }, current.lifeMs, current.endsAt);
    },
    extended(id, current, at) {
      if (current.endsAt - at > 1.5 * current.lifeMs) return null;
      const grant = grantIn(id, current);
      return grant && record(id, grant, current.lifeMs, at + 2 * current.lifeMs);
    },
    grantIn,
  };
}

/** Null when it has ended, or is not one of ours. */
export function readRecord(value: unknown, at: number): GrantRecord | null {
  const { grant, lifeMs, endsAt } = Object(value) as Record<string, unknown>;
  if (typeof grant !== "string" || typeof lifeMs !== "number" || typeof endsAt !== "number") return null;
  return endsAt > at ? { grant, lifeMs, endsAt } : null;
}

/** What a sealed grant is bound to beside its company. */
function contextOf(id: string, lifeMs: number, endsAt: number): string {
  return `${id} ${lifeMs} ${endsAt}`;
}
