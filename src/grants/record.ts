import { decodeGrant, encodeGrant, type Grant } from "./grant";

/** What is kept under a grant's id. */
export interface GrantRecord {
  /** See {@link encodeGrant}. */
  readonly grant: string;
  readonly lifeMs: number;
  /** Epoch milliseconds. */
  readonly endsAt: number;
}

export function firstRecord(grant: Omit<Grant, "version">, lifeMs: number, at: number): GrantRecord {
  return { grant: encodeGrant({ ...grant, version: 1 }), lifeMs, endsAt: at + 2 * lifeMs };
}

/** The record with its next version, or null when `expectedVersion` is not what stands in it. */
export function nextRecord(
  record: GrantRecord,
  expectedVersion: number,
  grant: Omit<Grant, "version">,
): GrantRecord | null {
  if (decodeGrant(record.grant)?.version !== expectedVersion) return null;
  return { ...record, grant: encodeGrant({ ...grant, version: expectedVersion + 1 }) };
}

/** The record with its full life again, or null while too little of it has gone to be worth a write. */
export function extendedRecord(record: GrantRecord, at: number): GrantRecord | null {
  const { lifeMs, endsAt } = record;
  return endsAt - at <= 1.5 * lifeMs ? { ...record, endsAt: at + 2 * lifeMs } : null;
}

/** Null when it has ended, or is not one of ours. */
export function readRecord(value: unknown, at: number): GrantRecord | null {
  const { grant, lifeMs, endsAt } = Object(value) as Record<string, unknown>;
  if (typeof grant !== "string" || typeof lifeMs !== "number" || typeof endsAt !== "number") return null;
  return endsAt > at ? { grant, lifeMs, endsAt } : null;
}
