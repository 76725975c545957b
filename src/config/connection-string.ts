import { ConfigError } from "../errors/errors";
import { cleanText } from "../errors/clean-text";
import { type Pair, readPairs, writePair } from "./connection-pairs";
import { type Setting, type SettingName, settingNames, settings } from "./settings";
import { suggest } from "./suggest";
import { kindOf } from "./values";

/** The settings a connection string can hold, by the names it uses for them. */
export interface ConnectionSettings {
  AuthScheme?: "Basic" | "OAuth" | undefined;
  /** The API ID. */
  User?: string | undefined;
  /** The API token. */
  Password?: string | undefined;
  OAuthClientId?: string | undefined;
  OAuthClientSecret?: string | undefined;
  CallbackURL?: string | undefined;
  InitiateOAuth?: "OFF" | "REFRESH" | "GETANDREFRESH" | undefined;
  OAuthAccessToken?: string | undefined;
  OAuthRefreshToken?: string | undefined;
  /** Seconds, counted from `OAuthTokenTimestamp`. */
  OAuthExpiresIn?: string | undefined;
  /** Milliseconds since 1970. */
  OAuthTokenTimestamp?: string | undefined;
  /** A file, or `memory://`. */
  OAuthSettingsLocation?: string | undefined;
  Scope?: string | undefined;
  /** Accepted when it names AirCall, and then ignored. */
  Profile?: string | undefined;
  /** Seconds. */
  Timeout?: string | undefined;
}

/**
 * Reads `User=my_api_id;Password=my_api_token;`. Names may be in any case and with blanks; a value with special
 * characters stands in `"` or `'`, doubled inside; of duplicates the last counts. The answer holds what was given, under
 * the names of {@link ConnectionSettings}; whether that is enough, and whether a URL is one, is judged when it is used.
 * @throws {ConfigError} a name is unknown, a value is none of the possible ones, or the text is no list of pairs.
 */
export function parseConnectionString(text: string): ConnectionSettings {
  return parseConnection(text, "connection string");
}

/** {@link parseConnectionString} for a string from `source`, which errors name. */
export function parseConnection(text: unknown, source: string): ConnectionSettings {
  if (typeof text !== "string") {
    throw new ConfigError(`The value is no connection string (${source}): it must be text; got ${kindOf(text)}.`);
  }
  const found: Partial<Record<keyof ConnectionSettings, string>> = {};
  let previous: Setting | null = null;
  for (const pair of readPairs(text, source)) {
    const setting = byProperty.get(plain(pair.name));
    if (!setting) throw unknownProperty(pair, previous, source);
    found[setting.property] = judged(setting, pair.value, source);
    previous = pair.quoted ? null : setting;
  }
  return found as ConnectionSettings;
}

/**
 * Writes what {@link parseConnectionString} reads, quoting only where needed; the two round-trip. Properties that are
 * `undefined` are left out.
 * @throws {ConfigError} a name is unknown, or a value is no text or none of the possible ones.
 */
export function formatConnectionString(values: ConnectionSettings): string {
  const source = "connection settings";
  if (typeof values !== "object" || values === null) {
    throw new ConfigError(`Connection settings must be an object; got ${kindOf(values)}.`);
  }
  return Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([name, value], index) => {
      const setting = byProperty.get(plain(name));
      if (!setting) throw unknownProperty({ name, position: index + 1 }, null, source);
      return writePair(setting.property, judged(setting, value, source));
    })
    .join("");
}

interface Property extends Setting {
  readonly property: keyof ConnectionSettings;
}

const byProperty: ReadonlyMap<string, Property> = new Map(
  settingNames.flatMap((name: SettingName) => {
    const setting: Setting = settings[name];
    return isProperty(setting) ? [[plain(setting.property), setting] as const] : [];
  }),
);

const properties = [...byProperty.values()].map(({ property }) => property);

function isProperty(setting: Setting): setting is Property {
  return setting.property !== null;
}

function plain(name: string): string {
  return name.replace(/\s/g, "").toLowerCase();
}

function judged({ closed, read, property }: Property, value: unknown, source: string): string {
  const name = `${property} (${source})`;
  if (closed) return String(read({ value, name, fromText: true }));
  if (typeof value !== "string") throw new ConfigError(`${name} must be text; got ${kindOf(value)}.`);
  return value;
}

function unknownProperty(pair: Pick<Pair, "name" | "position">, previous: Setting | null, source: string): ConfigError {
  const meant = suggest(plain(pair.name), properties);
  // A name like no other may be what followed an unquoted ";" in a secret, or the start of quite another text.
  const harmless = meant !== null || (!previous?.secret && /^[a-z ]{1,30}$/i.test(pair.name));
  const what = harmless ? `Unknown property "${cleanText(pair.name)}"` : `Pair ${pair.position} has an unknown name`;
  const fix = meant ? `Did you mean "${meant}"?` : 'A value with ";" inside needs quotes.';
  return new ConfigError(`${what} (${source}). ${fix} Known: ${properties.join(", ")}.`);
}
