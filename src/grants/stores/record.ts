import { randomInt } from "node:crypto";
import { fields } from "../../config/fields";
import type { ClaimOutcome } from "../store";

/** A hundred years. */
export const longestLifeMs = 3_155_760_000_000;

/** No two writes have the same: so each knows its own again when a client sends it twice. */
export function newMark(): string {
  return String(randomInt(2 ** 47));
}

/** Of a record of any kind: no two writes have the same. */
export function newVersion(): number {
  return randomInt(1, 2 ** 47);
}

/** What a sealed grant is bound to beside its company: it can be read under no other id, and in no other write. */
export function contextOf(id: string, mark: string): string {
  return `${id} ${mark}`;
}

/** Whole milliseconds. */
export function twice(lifeMs: number): number {
  return 2 * Math.min(Math.max(Math.ceil(lifeMs), 1), longestLifeMs / 2);
}

/** Whole milliseconds. */
export function once(lifeMs: number): number {
  return Math.min(Math.max(Math.ceil(lifeMs), 1), longestLifeMs);
}

/** Null for what is no outcome of a claim. */
export function outcomeIn(text: unknown): ClaimOutcome | null {
  try {
    const { grantId, error } = fields(JSON.parse(String(text)));
    if (typeof grantId === "string") return { grantId };
    return typeof error === "string" ? { error } : null;
  } catch {
    return null;
  }
}
