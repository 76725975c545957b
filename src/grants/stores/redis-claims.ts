import { isGrantId } from "../grant";
import type { Redis } from "../../redis/client";
import { claim, read, renewClaim, set, unclaim } from "./redis-scripts";
import type { ClaimOutcome, GrantStore } from "../store";

const idLength = 32;

/** Claims that are exact over all processes. */
export function createRedisClaims(
  redis: Redis,
  prefix: string,
): Pick<GrantStore, "claim" | "renewClaim" | "settle" | "outcome"> {
  /** What concerns a grant lies where that grant does. */
  function keyOf(key: string, what: "claim" | "outcome"): string {
    const id = key.slice(0, idLength);
    const named = isGrantId(id) && key[idLength] === ":" ? `{${id}}${key.slice(idLength)}` : `{${key}}`;
    return `${prefix}${named}:${what}`;
  }

  return {
    async claim(key, owner, ttlMs) {
      const keys = [keyOf(key, "claim")];
      const undo = () => redis.run("give a claim back", { script: unclaim, keys, args: [owner] });
      const call = { script: claim, keys, args: [owner, Math.ceil(ttlMs)], writes: true, undo };
      const reply = await redis.run("claim a sign-in", call);
      const [ours, ageMs] = Array.isArray(reply) ? reply.map(Number) : [];
      return { ours: ours === 1, ageMs: Math.max(0, ageMs ?? 0) };
    },
    async renewClaim(key, owner, ttlMs) {
      const call = { script: renewClaim, keys: [keyOf(key, "claim")], args: [owner, Math.ceil(ttlMs)], writes: true };
      return Number(await redis.run("renew a claim", call)) === 1;
    },
    async settle(key, outcome, keepMs) {
      const args = [JSON.stringify(outcome), Math.ceil(keepMs)];
      const call = { script: set, keys: [keyOf(key, "outcome")], args, writes: true };
      await redis.run("keep a sign-in's outcome", call);
    },
    async outcome(key) {
      const value = await redis.run("read a sign-in's outcome", { script: read, keys: [keyOf(key, "outcome")] });
      return outcomeIn(value);
    },
  };
}

function outcomeIn(value: unknown): ClaimOutcome | null {
  try {
    const { grantId, error } = Object(JSON.parse(String(value))) as Record<string, unknown>;
    if (typeof grantId === "string") return { grantId };
    return typeof error === "string" ? { error } : null;
  } catch {
    return null;
  }
}
