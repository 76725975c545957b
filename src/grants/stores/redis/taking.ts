import { randomBytes } from "node:crypto";
import type { Redis } from "../../../redis/client";
import type { Taking } from "../lease-lock";
import { deleteIfEqual, lock } from "./scripts";

/** Keys of Redis, for one owner each. */
export function createTaking(redis: Redis): Taking {
  async function giveBack(key: string, owner: string): Promise<void> {
    await redis.run("release a lock", { script: deleteIfEqual, keys: [key], args: [owner] });
  }

  return {
    async take(operation, key, lifeMs) {
      const owner = randomBytes(16).toString("base64url");
      const undo = () => giveBack(key, owner);
      const args = [owner, Math.ceil(lifeMs)];
      const taken = await redis.run(operation, { script: lock, keys: [key], args, writes: true, undo });
      return Number(taken) === 1 ? owner : null;
    },
    giveBack,
  };
}
