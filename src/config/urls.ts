import { ConfigError } from "../errors/errors";
import { type Given, text } from "./values";

// A URL is never shown: its user-info or query may hold a secret.

/** Where the API answers; without a trailing slash. */
export function baseUrl(given: Given): string {
  const url = absoluteUrl(given);
  if (/[?#]/.test(url.href)) throw new ConfigError(`${given.name} must not have a query or a fragment.`);
  const base = url.href.replace(/\/+$/, "");
  const [version] = /\/v\d+$/i.exec(base) ?? [];
  if (version)
    throw new ConfigError(`${given.name} must not end in ${version}: every request names its version itself.`);
  return base;
}

/** An address with no fragment (RFC 6749 sections 3.1 to 3.1.2), exactly as it was written. */
export function endpointUrl(given: Given): string {
  const url = absoluteUrl(given);
  if (url.href.includes("#"))
    throw new ConfigError(`${given.name} must not have a fragment: remove "#" and what follows.`);
  return text(given);
}

/** The path of a route the library serves, e.g. `/auth/aircall`. */
export function routePath(given: Given): string {
  const path = requestPath(given);
  if (path.endsWith("/")) throw new ConfigError(`${given.name} must not end in "/". An example: /auth/aircall.`);
  return path;
}

/** A path as a browser sends it. */
export function requestPath(given: Given): string {
  const path = text(given);
  if (/^\/(?!\/)/.test(path) && new URL(path, "http://localhost").pathname === path) return path;
  throw new ConfigError(
    `${given.name} must be a path as browsers send it: one "/" first, no query, fragment, backslash or "..", ` +
      "other letters percent-encoded. An example: /auth/aircall.",
  );
}

function absoluteUrl(given: Given): URL {
  const { name } = given;
  const written = text(given);
  // The URL parser is kinder than servers that compare: it drops blanks and turns `\` into `/`.
  const url = /^[a-z][a-z\d+.-]*:\/\/[^\s\\/][^\s\\]*$/i.test(written) ? parseUrl(written) : null;
  if (!url) {
    throw new ConfigError(
      `${name} is not a URL. Write it in full, such as https://app.example.com/auth/aircall/callback.`,
    );
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    throw new ConfigError(`${name} must begin with https:// (http:// only for this machine).`);
  }
  if (url.username || url.password) throw new ConfigError(`${name} must not hold a user name or a password.`);
  if (url.protocol === "http:" && !isLoopback(url.hostname)) {
    throw new ConfigError(
      `${name} must use https: tokens would cross the network unencrypted. http is for localhost only.`,
    );
  }
  return url;
}

function parseUrl(written: string): URL | null {
  return URL.canParse(written) ? new URL(written) : null;
}

/** Of a parsed URL, whose host is already in its one spelling. */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}
