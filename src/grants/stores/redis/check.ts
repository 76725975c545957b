import { ConfigError, StoreError } from "../../../errors/errors";
import type { Redis } from "../../../redis/client";
import type { KeysToTry } from "./keys";
import { tryIndex, tryValue } from "./scripts";

const operation = "try what Redis allows";

/**
 * Finds out whether Redis lets its user do all that grants need.
 * @throws {ConfigError} which command or which keys it keeps from them.
 * @throws {StoreError} Redis failed in another way.
 */
export async function checkRedis(redis: Redis, { values, indexes, prefix }: KeysToTry): Promise<void> {
  async function tryKey(script: string, key: string): Promise<void> {
    let refusal: unknown;
    const call = { script, keys: [key], onError: (error: unknown) => (refusal = error) };
    const reply = await redis.run(operation, call).catch((error: unknown) => {
      throw faultOf("EVAL", String(refusal), prefix) ?? error;
    });
    if (!Array.isArray(reply)) return;
    const [command = "EVAL", message = ""] = reply.map(String);
    throw faultOf(command, message, prefix) ?? new StoreError(operation, `Redis refused ${command}`);
  }

  await Promise.all([...values.map((key) => tryKey(tryValue, key)), ...indexes.map((key) => tryKey(tryIndex, key))]);
}

/** In the words of Redis 6 and later, sent or run inside a script. */
function faultOf(command: string, message: string, prefix: string): ConfigError | null {
  if (/NOPERM.*\bkeys?\b|can't access at least one of the keys/i.test(message))
    return new ConfigError(keysFault(prefix));
  if (/NOPERM|can't run this command|unknown (?:redis )?command/i.test(message)) {
    return new ConfigError(commandFault(command));
  }
  return null;
}

function keysFault(prefix: string): string {
  return (
    `Redis keeps keys that begin with "${prefix}" from its user, and grants are kept there: allow them, such as ` +
    `ACL SETUSER … ~${prefix}*, or give redisGrants(client, { prefix }) one that is allowed.`
  );
}

function commandFault(command: string): string {
  return (
    `Redis keeps the command ${command} from its user, and grants cannot be kept without: allow it, such as ` +
    `ACL SETUSER … +${command.toLowerCase()}, or use a Redis that runs scripts.`
  );
}
