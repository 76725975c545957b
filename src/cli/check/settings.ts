import { readConfig, type Config } from "../../config/config";
import { type Setting, settingNames, settings, type SettingName } from "../../config/settings";
import { gatherSettings, type Door, type GivenSettings } from "../../config/sources";
import { suggest } from "../../config/suggest";
import { ConfigError } from "../../errors/errors";
import type { Settings } from "../connection";
import { doubtful, fine, wrong, type Finding } from "./finding";

/** A setting that was given: never its value, where that might be secret. */
export interface SettingRow {
  readonly name: string;
  /** What its source calls it. */
  readonly from: string;
  readonly value: string | null;
}

export interface SettingsRead {
  readonly rows: readonly SettingRow[];
  readonly findings: readonly Finding[];
  /** Null where they cannot be used. */
  readonly config: Config | null;
}

const about = "settings";
const addresses: readonly SettingName[] = ["callbackUrl", "apiUrl", "authorizeUrl", "tokenUrl"];
const others = ["AIRCALL_CONNECTION", "AIRCALL_ENCRYPTION_KEYS", "AIRCALL_WEBHOOK_TOKEN"];

/** Reads settings as aircallAuth(), or as createAircallClient() where they name a file with a grant, or hold a token. */
export function readSettingsAsTheApp({ connection, env }: Settings): SettingsRead {
  const strays = strayVariables(env);
  try {
    const given = gatherSettings({ connection }, { door: "client", otherOptions: [], env });
    const rows = settingNames.filter((name) => given.has(name)).map((name) => rowOf(given, name));
    const faults = settingNames.flatMap((name) => faultOf(() => given.read(name)));
    const door: Door = given.has("oauthSettingsLocation") || given.has("oauthAccessToken") ? "client" : "middleware";
    const { config, fault } = configOf({ connection, env }, door);
    const all = fault === null || faults.includes(fault) ? faults : [...faults, fault];
    const findings = all.map((says) => wrong(about, says, null));
    const whole = config ? [fine(about, `Complete, for ${config.scheme}, as ${doors[door]} reads them.`)] : [];
    return { rows, findings: [...whole, ...findings, ...strays, ...doubtsOf(config)], config };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { rows: [], findings: [wrong(about, error.message, null), ...strays], config: null };
  }
}

const doors = { middleware: "aircallAuth()", client: "createAircallClient()", strategy: "AircallStrategy" };

function configOf({ connection, env }: Settings, door: Door): { config: Config | null; fault: string | null } {
  try {
    return { config: readConfig({ connection }, { door, env }), fault: null };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { config: null, fault: error.message };
  }
}

function faultOf(read: () => unknown): string[] {
  try {
    read();
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return [error.message];
  }
}

function rowOf(given: GivenSettings, name: SettingName): SettingRow {
  const { property, closed }: Setting = settings[name];
  const shows = closed === true || addresses.includes(name);
  const [value = null] = shows ? readable(() => given.read(name)) : [];
  return { name: property ?? name, from: given.nameOf(name), value };
}

/** A value as it may be shown: a URL's query may hold a secret. */
function readable(read: () => unknown): string[] {
  try {
    const value = String(read());
    return [URL.canParse(value) ? new URL(value).origin + new URL(value).pathname : value];
  } catch {
    return [];
  }
}

/** Variables that nobody reads, and that look like one that is read. An app may well have others of its own. */
function strayVariables(env: NodeJS.ProcessEnv): Finding[] {
  const variables = settingNames.map((name) => settings[name].variable).filter((name) => name !== null);
  const known = [...variables, ...others].map(withoutPrefix);
  const strays = Object.keys(env).filter((name) => /^AIRCALL_./i.test(name) && !known.includes(withoutPrefix(name)));
  return strays.flatMap((name) => {
    const meant = suggest(withoutPrefix(name), known);
    return meant === null ? [] : [doubtful(about, `Nobody reads ${name}.`, `Did you mean AIRCALL_${meant}?`)];
  });
}

function withoutPrefix(name: string): string {
  return name.slice("AIRCALL_".length);
}

function doubtsOf(config: Config | null): Finding[] {
  if (config?.scheme !== "OAuth" || !config.callbackUrl) return [];
  const { protocol, hostname } = new URL(config.callbackUrl);
  if (protocol === "https:" || new URL(config.authorizeUrl).hostname === hostname) return [];
  if (!config.authorizeUrl.startsWith("https:")) return [];
  return [
    doubtful(about, "CallbackURL is not https, and Aircall registers no other.", "Use a tunnel's https address."),
  ];
}
