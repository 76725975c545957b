import { StoreError } from "../../../errors/errors";
import type { Exclusive, Memory } from "../../../http/exclusive";
import { createRedis } from "../../../redis/client";
import { createLeaseLock } from "../lease-lock";
import { createTaking } from "./taking";
import { read, remove, set } from "./scripts";
import type { RedisPlace } from "./redis";

const operation = "work alone on it";
const patienceMs = 30_000;

/** Over all processes that share this Redis. @throws {ConfigError} it is no client of a kind that is known. */
export function createRedisExclusive({ client, prefix }: RedisPlace): Exclusive {
  const redis = createRedis(client);
  const keyOf = (key: string, what: "lock" | "memory") => `${prefix}{exclusive:${key}}:${what}`;
  const busy = () => new StoreError(operation, "somebody else is still at work on it");
  const options = { operation, busy, patienceMs };
  const withLock = createLeaseLock(createTaking(redis), (key) => keyOf(key, "lock"), options);

  function memoryOf(key: string): Memory {
    const keys = [keyOf(key, "memory")];
    return {
      async recall() {
        const value = await redis.run("read what was remembered", { script: read, keys });
        return typeof value === "string" ? value : null;
      },
      async remember(value, lifeMs) {
        await redis.run("remember it", { script: set, keys, args: [value, lifeMs], writes: true });
      },
      async forget() {
        await redis.run("forget it", { script: remove, keys, writes: true });
      },
    };
  }

  return (key, work) => withLock(key, (lock) => work(memoryOf(key), () => lock.remainingMs()));
}
