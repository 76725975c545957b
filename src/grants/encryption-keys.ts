import { ConfigError } from "../errors/errors";
import { createSeal, type Seal } from "./seal";

const minKeyLength = 32;

/** @throws {ConfigError} the keys are no list, or one is too short. */
export function sealsWith(encryptionKeys: readonly string[], purpose: string): Seal[] {
  if (!Array.isArray(encryptionKeys)) {
    throw new ConfigError("encryptionKeys must be a list of secret texts, such as [process.env.GRANTS_KEY].");
  }
  return encryptionKeys.map((key: unknown, index) => {
    if (typeof key === "string" && key.length >= minKeyLength) return createSeal(key, purpose);
    throw new ConfigError(`encryptionKeys[${index}] must be a text of at least ${minKeyLength} characters.`);
  });
}

/** Those in an environment's variable, separated by commas; blanks around a key are none of its own. */
export function keysIn(env: NodeJS.ProcessEnv, variable = "AIRCALL_ENCRYPTION_KEYS"): string[] {
  const keys = (env[variable] ?? "").split(",").map((key) => key.trim());
  return keys.filter((key) => key !== "");
}
