import { homedir } from "node:os";
import { resolve } from "node:path";
import type { OAuthConfig } from "../config/config";
import { kindOf } from "../config/values";
import { ConfigError } from "../errors/errors";
import { propertyOf } from "../errors/property";
import { keysIn, sealsWith } from "../grants/encryption-keys";
import { createSeal, type Seal } from "../grants/seal";
import type { GrantStore } from "../grants/store";
import { createFileGrants } from "../grants/stores/file/file";

/**
 * The store that was given in place of a path; undefined where none was.
 * @throws {ConfigError} it is neither.
 */
export function givenStore(location: string | GrantStore | undefined): GrantStore | undefined {
  if (location === undefined || typeof location === "string") return undefined;
  if (typeof propertyOf(location, "companies") === "function") return location;
  throw new ConfigError(
    `oauthSettingsLocation takes the path of a file, memory:// or a grant store; got ${kindOf(location)}.`,
  );
}

export interface LocatedGrants {
  readonly store: GrantStore;
  /** Absolute. */
  readonly path: string;
}

/**
 * The grants at OAuthSettingsLocation, sealed with `encryptionKeys`, else with a key made of the client's secret.
 * @throws {ConfigError} there is no such place, or a key is too short.
 */
export function grantsAtLocation(
  config: OAuthConfig,
  encryptionKeys: readonly string[] = keysIn(process.env),
): LocatedGrants {
  const { settingsLocation } = config;
  if (settingsLocation === null) throw new ConfigError("OAuthSettingsLocation names no file that keeps a grant.");
  const path = resolve(settingsLocation.replace(/^~(?=[\\/])/, homedir()));
  const [first, ...others] = sealsOf(config, encryptionKeys);
  if (!first) throw new ConfigError("Nothing to seal the grant with: set OAuthClientSecret or encryptionKeys.");
  return { store: createFileGrants({ path, seals: [first, ...others] }), path };
}

function sealsOf({ client, previousClientSecret }: OAuthConfig, encryptionKeys: readonly string[]): Seal[] {
  if (!Array.isArray(encryptionKeys) || encryptionKeys.length > 0) return sealsWith(encryptionKeys, "file of grants");
  const secrets = [client?.secret, previousClientSecret].filter((secret) => typeof secret === "string");
  return secrets.map((secret) => createSeal(secret, `file of grants of ${client?.id}`));
}
