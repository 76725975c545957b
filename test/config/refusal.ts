import { ConfigError } from "../../src/errors/errors";

/** The ConfigError that `attempt` must throw. */
export function refusalOf(attempt: () => unknown): ConfigError {
  const refusal = refusalIn(attempt);
  if (!refusal) throw new Error("It was not refused.");
  return refusal;
}

/** The ConfigError that `attempt` may throw; null when it throws nothing. */
export function refusalIn(attempt: () => unknown): ConfigError | null {
  try {
    attempt();
    return null;
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return error as ConfigError;
  }
}
