import type { Redis } from "../../../redis/client";
import type { RedisKeys } from "./keys";
import { claim, read, renewClaim, set, unclaim } from "./scripts";
import { outcomeIn } from "../record";
import type { GrantStore } from "../../store";

/** Claims that are exact over all processes. */
export function createRedisClaims(
  redis: Redis,
  names: RedisKeys,
): Pick<GrantStore, "claim" | "renewClaim" | "settle" | "outcome"> {
  return {
    async claim(key, owner, ttlMs) {
      const keys = [names.claim(key)];
      const undo = () => redis.run("give a claim back", { script: unclaim, keys, args: [owner] });
      const call = { script: claim, keys, args: [owner, Math.ceil(ttlMs)], writes: true, undo };
      const reply = await redis.run("claim a sign-in", call);
      const [ours, ageMs] = Array.isArray(reply) ? reply.map(Number) : [];
      return { ours: ours === 1, ageMs: Math.max(0, ageMs ?? 0) };
    },
    async renewClaim(key, owner, ttlMs) {
      const call = { script: renewClaim, keys: [names.claim(key)], args: [owner, Math.ceil(ttlMs)], writes: true };
      return Number(await redis.run("renew a claim", call)) === 1;
    },
    async settle(key, outcome, keepMs) {
      const args = [JSON.stringify(outcome), Math.ceil(keepMs)];
      const call = { script: set, keys: [names.outcome(key)], args, writes: true };
      await redis.run("keep a sign-in's outcome", call);
    },
    async outcome(key) {
      const value = await redis.run("read a sign-in's outcome", { script: read, keys: [names.outcome(key)] });
      return outcomeIn(value);
    },
  };
}
