import { isGrantId } from "./grant";
import type { Redis } from "./redis-client";
import { addMember, liveMembers, removeMember } from "./redis-scripts";

/** Which grants belong to a company. Without a company there is nothing to note. */
export interface RedisIndex {
  /** The id is forgotten after `lifeMs`, with its grant. */
  note(companyId: number | null, id: string, lifeMs: number): Promise<void>;
  forget(companyId: number | null, id: string): Promise<void>;
  idsOf(companyId: number): Promise<string[]>;
}

export function createRedisIndex(redis: Redis, keyOf: (companyId: number) => string): RedisIndex {
  return {
    async note(companyId, id, lifeMs) {
      if (companyId === null) return;
      await redis.run("note a company's grant", { script: addMember, key: keyOf(companyId), args: [id, lifeMs] });
    },
    async forget(companyId, id) {
      if (companyId === null) return;
      await redis.run("forget a company's grant", { script: removeMember, key: keyOf(companyId), args: [id] });
    },
    async idsOf(companyId) {
      const ids = await redis.run("find a company's grants", { script: liveMembers, key: keyOf(companyId) });
      return Array.isArray(ids) ? ids.map(String).filter(isGrantId) : [];
    },
  };
}
