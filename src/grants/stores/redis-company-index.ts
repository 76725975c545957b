import { isGrantId } from "../grant";
import type { GivenBy } from "../encryption";
import type { Redis } from "../../redis/client";
import { addMember, liveMembers, removeMember } from "./redis-scripts";

/** Which grants a company gave to an app. Without a company there is nothing to note. */
export interface RedisIndex {
  /** The id is forgotten after `lifeMs`, with its grant. */
  note(by: GivenBy | null, id: string, lifeMs: number): Promise<void>;
  forget(by: GivenBy | null, id: string): Promise<void>;
  idsOf(by: GivenBy): Promise<string[]>;
}

export function createRedisIndex(redis: Redis, keyOf: (by: GivenBy) => string): RedisIndex {
  return {
    async note(by, id, lifeMs) {
      if (!by) return;
      await redis.run("note a company's grant", {
        script: addMember,
        keys: [keyOf(by)],
        args: [id, lifeMs],
        writes: true,
      });
    },
    async forget(by, id) {
      if (!by) return;
      await redis.run("forget a company's grant", {
        script: removeMember,
        keys: [keyOf(by)],
        args: [id],
        writes: true,
      });
    },
    async idsOf(by) {
      const ids = await redis.run("find a company's grants", { script: liveMembers, keys: [keyOf(by)] });
      return Array.isArray(ids) ? ids.map(String).filter(isGrantId) : [];
    },
  };
}
