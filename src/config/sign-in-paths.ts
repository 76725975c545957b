import { ConfigError } from "../errors/errors";

interface Paths {
  readonly callbackUrl: string;
  readonly callbackPath: string;
}

const reserved = ["code", "state", "error", "iss"];

/** Refuses an address that Aircall's answer could not be recognised at. */
export function requireCallback({ callbackUrl, callbackPath }: Paths): void {
  if (/^\/+$/.test(callbackPath)) {
    throw new ConfigError(
      "CallbackURL has no path, so that every visit of the home page would be taken for Aircall's answer. Give it one, " +
        "such as /auth/aircall/callback, here and at Aircall.",
    );
  }
  const taken = reserved.find((name) => new URL(callbackUrl).searchParams.has(name));
  if (taken) {
    throw new ConfigError(`CallbackURL's query holds "${taken}", which is part of Aircall's answer. Remove it.`);
  }
}

/** Refuses a way to sign in whose own routes below it would be mistaken for others. */
export function requireSignInPath(signInPath: string): void {
  const [last = ""] = /[^/]*$/.exec(comparable(signInPath))!;
  if (last !== "install" && last !== "logout") return;
  throw new ConfigError(
    `signInPath must not end in "/${last}": the library serves ${last} below it. An example: /auth/aircall.`,
  );
}

/**
 * Refuses a callback that is another of the library's routes. `prefix` is where the middleware is mounted.
 * @throws {ConfigError} which route it is.
 */
export function requireApart(callbackPath: string, signInPath: string, prefix = ""): void {
  const callback = comparable(callbackPath);
  const begin = comparable(prefix + signInPath);
  const other = new Map([
    [begin, "signing in begins"],
    [`${begin}/install`, "installing begins"],
    [`${begin}/logout`, "signing out happens"],
  ]).get(callback);
  if (!other) return;
  throw new ConfigError(
    `CallbackURL's path ${callbackPath} is where ${other} (signInPath ${signInPath}${mounted(prefix)}), so that ` +
      "Aircall's answer would never be read. Give CallbackURL another path, such as /auth/aircall/callback, here and at Aircall, or change signInPath.",
  );
}

function mounted(prefix: string): string {
  return prefix && `, where aircallAuth() is mounted at ${prefix}`;
}

/** Browsers keep cookies of these names only where they came by https. */
export function requireCookie(name: string, callbackUrl: string): void {
  if (!/^__(?:host|secure)-/i.test(name) || new URL(callbackUrl).protocol === "https:") return;
  throw new ConfigError(`attemptCookie ${name} needs a CallbackURL with https: no browser would keep it.`);
}

/** As Express compares paths unless it is told otherwise. */
function comparable(path: string): string {
  return path.toLowerCase().replace(/\/+$/, "");
}
