import { grantsAtLocation, type LocatedGrants } from "../client/settings-location";
import { readConfig, type Config, type OAuthConfig } from "../config/config";
import type { SettingName } from "../config/settings";
import { gatherSettings, whereToSet } from "../config/sources";
import { propertyOf } from "../errors/property";
import { keysIn } from "../grants/encryption-keys";
import { Failure, UsageError, type Terminal } from "./terminal";

export const connectionHelp = `  --connection <text>      a connection string; else the variable AIRCALL_CONNECTION, or those of single settings
  --json                   for programs
`;

/** Where the settings are: what was typed, else the environment. */
export interface Settings {
  readonly connection: string | undefined;
  readonly env: NodeJS.ProcessEnv;
}

export const commonOptions = {
  connection: { type: "string" },
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

interface Parsed {
  readonly values: { help?: boolean | undefined };
  readonly positionals: readonly string[];
}

/** @throws {UsageError} something was typed that the command does not know. */
export function readArguments<P extends Parsed>(parse: () => P): P["values"] {
  const { values, positionals } = readParsed(parse);
  const [stray] = positionals;
  if (stray !== undefined && stray !== "help") throw new UsageError("It takes options only.");
  return stray === "help" ? { ...values, help: true } : values;
}

/** The same for a command that takes more than options. @throws {UsageError} */
export function readParsed<P>(parse: () => P): P {
  try {
    return parse();
  } catch (error) {
    if (!String(propertyOf(error, "code")).startsWith("ERR_PARSE_ARGS")) throw error;
    const [sentence = ""] = String(propertyOf(error, "message")).split(". ");
    throw new UsageError(`${sentence.replace(/\.$/, "")}.`);
  }
}

/** The settings, as createAircallClient() reads them. */
export function readSettings({ connection, env }: Settings): Config {
  return readConfig({ connection }, { door: "client", env });
}

/**
 * Settings by which a grant is kept. `names` are those without which the command cannot do its work.
 * @throws {Failure} which are missing, one a line, or why nothing is kept.
 */
export function readKeeping(settings: Settings, names: readonly SettingName[]): OAuthConfig {
  const { connection, env } = settings;
  const given = gatherSettings({ connection }, { door: "client", otherOptions: [], env });
  if (given.read("authScheme") === "Basic") throw new Failure(basic);
  const missing = names.filter((name) => !given.has(name));
  if (missing.length > 0) throw new Failure(missing.map((name) => `Missing: ${whereToSet(name)}.`).join("\n"));
  if (/^memory:/i.test(given.read("oauthSettingsLocation") ?? "")) throw new Failure(inMemory);
  const config = readSettings(settings);
  if (config.scheme === "Basic") throw new Failure(basic);
  if (config.settingsLocation === null) throw new Failure(tokenElsewhere);
  return config;
}

export const toKeep = ["oauthSettingsLocation", "oauthClientId", "oauthClientSecret"] as const;

export function grantsOf(config: OAuthConfig, { env }: Pick<Terminal, "env">): LocatedGrants {
  return grantsAtLocation(config, keysIn(env));
}

const basic = "These settings are for Basic: an API key works as it is, and nobody signs in. Set AuthScheme=OAuth.";
const inMemory = "OAuthSettingsLocation is memory://, which is gone as soon as this command ends: name a file.";
const tokenElsewhere = "OAuthAccessToken is a token obtained elsewhere, and no grant is kept. Remove it.";
