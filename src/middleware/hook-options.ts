import type { ConnectedEvent, DisconnectedEvent, HookFailure, Hooks } from "../companies/hooks/app-hooks";
import type { Config, KeysConfig } from "../config/config";
import { kindOf } from "../config/values";
import { ConfigError } from "../errors/errors";
import type { GrantStore } from "../grants/store";

/** What the app does when companies come and go. With `grants` only. */
export interface HookOptions {
  /**
   * Told of each company that connects, at least once over crashes too: what it does must be idempotent by `id`. The
   * sign-in waits five seconds for it; where it rejects, the sign-in stands, `onHookError` hears why, and it is tried
   * again, eight times in half a day. Default: nothing is done.
   */
  onConnect?: ((event: ConnectedEvent) => unknown) | undefined;
  /**
   * Told, in the same way, when the last that a company connected to this app has ended or is refused, whichever process
   * or job found that out; not of sessions that expire unused, and not where the company has come back meanwhile.
   */
  onDisconnect?: ((event: DisconnectedEvent) => unknown) | undefined;
  /** Told why a hook failed. Default: a warning, once. */
  onHookError?: ((error: unknown, failure: HookFailure) => unknown) | undefined;
}

/** The names above, so that a misspelled option can be told what was meant. */
export const hookOptionNames = ["onConnect", "onDisconnect", "onHookError"];

export interface HookPlace {
  readonly config: Config | KeysConfig;
  /** Null where the app gave none. */
  readonly grants: GrantStore | null;
  readonly keepsGrants: boolean;
}

/** @throws {ConfigError} one is no function, `onHookError` stands alone, or nobody would ever be told. */
export function readHookOptions(options: HookOptions, { config, grants, keepsGrants }: HookPlace): Hooks {
  const { onConnect = null, onDisconnect = null, onHookError = null } = options;
  for (const [name, hook] of Object.entries({ onConnect, onDisconnect, onHookError })) {
    if (hook === null || typeof hook === "function") continue;
    throw new ConfigError(`${name} must be a function; got ${kindOf(hook)}.`);
  }
  const hooks = { onConnect, onDisconnect, onHookError };
  if (!onConnect && !onDisconnect) {
    if (onHookError) throw new ConfigError(nothingFails);
    return hooks;
  }
  const name = onConnect ? "onConnect" : "onDisconnect";
  if (!keepsGrants) {
    throw new ConfigError(
      `${name} is told of companies that connect, but an API key, or a token obtained elsewhere, is one company's. Remove one of them.`,
    );
  }
  if (!grants) throw new ConfigError(`${name} needs to know where grants are kept: ${line}`);
  if (typeof grants.records !== "function") throw new ConfigError(`${name}: ${noRecords}`);
  if (config.scheme === "OAuth" && config.skipUserProfile) {
    throw new ConfigError(`${name} must know the company: leave skipUserProfile off.`);
  }
  return hooks;
}

const line = "aircallAuth({ grants: redisGrants(client), … }), or postgresGrants(pool).";
const nothingFails = "onHookError hears why a hook failed: give onConnect or onDisconnect too, or leave it out.";
const noRecords = "the store in grants has no records(kind), where it is noted what is still to be told.";
