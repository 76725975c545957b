import { linkLife, usualLinkMs, type RecordingLinkSettings } from "../companies/recording-links";
import { conceal } from "../config/conceal";
import type { Config, KeysConfig } from "../config/config";
import { knownOptions } from "../config/own-options";
import { endpointUrl } from "../config/urls";
import { ConfigError } from "../errors/errors";

/** Option `recordingLinks` of `aircallAuth()`. */
export interface RecordingLinksOption {
  /**
   * Where links lead, absolute, such as `https://app.example.com/recordings/shared`. Its path, as this process sees it, is
   * a route that this library serves, with all that lies below; `aircallAuth()` has to be mounted at or above it.
   */
  url: string;
  /** Secret texts of at least 32 characters. The first signs, all verify: a link ends when its key is taken away. */
  keys: readonly string[];
  /** Milliseconds for which links are good that say nothing of it; 7 days by default, 90 at most. */
  expiresInMs?: number | undefined;
}

const minKeyLength = 32;

/** @throws {ConfigError} something is missing, misspelt or impossible. */
export function readRecordingLinks(
  option: RecordingLinksOption | undefined,
  { config, needsStore }: { readonly config: Config | KeysConfig; readonly needsStore: boolean },
): RecordingLinkSettings | null {
  if (option === undefined) return null;
  const {
    url,
    keys,
    expiresInMs = usualLinkMs,
  } = knownOptions(option, "recordingLinks", ["url", "keys", "expiresInMs"]);
  if (needsStore) throw new ConfigError(noStore);
  const settings = {
    url: readUrl(url, config),
    keys: requireKeys(keys),
    expiresInMs: linkLife({ value: expiresInMs, name: "recordingLinks.expiresInMs", fromText: false }),
  };
  return conceal(settings, "keys");
}

const noStore =
  "recordingLinks are opened by people without a session, so the store of grants must be known: " +
  "aircallAuth({ grants: redisGrants(client), recordingLinks }), or postgresGrants(pool).";

function readUrl(value: unknown, config: Config | KeysConfig): string {
  const name = "recordingLinks.url";
  const url = endpointUrl({ value, name, fromText: false }).replace(/\/+$/, "");
  const { pathname, search } = new URL(url);
  if (search !== "") throw new ConfigError(`${name} must not have a query: a link's own part follows it.`);
  if (pathname === "/") throw new ConfigError(`${name} needs a path of its own, such as /recordings/shared.`);
  const routes = config.scheme === "OAuth" ? [config.signInPath, config.callbackPath] : [];
  const taken = routes.find(
    (route) => route !== null && `${route}/`.toLowerCase().startsWith(`${pathname}/`.toLowerCase()),
  );
  if (taken) throw new ConfigError(`${name}'s path ${pathname} would take the place of ${taken}. Give it another one.`);
  return url;
}

function requireKeys(keys: unknown): readonly string[] {
  if (!Array.isArray(keys) || keys.length === 0) {
    throw new ConfigError("recordingLinks.keys must list at least one secret text, such as [process.env.LINKS_KEY].");
  }
  return Array.from(keys, (key: unknown, index) => {
    if (typeof key === "string" && key.length >= minKeyLength) return key;
    throw new ConfigError(`recordingLinks.keys[${index}] must be a text of at least ${minKeyLength} characters.`);
  });
}
