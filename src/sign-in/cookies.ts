import { stringifySetCookie } from "cookie";
import type { SignInConfig } from "../config/config";
import { sha256 } from "../config/sha256";

/** The cookies of one app's sign-in: two apps on one host neither open, count nor clear each other's. */
export interface SignInCookies {
  /** Names of one kind share their beginning. */
  nameOf(kind: string): string;
  /** The Set-Cookie line that keeps `value`. */
  keep(name: string, value: string, maxAgeMs: number): string;
  /** The Set-Cookie line that removes it. */
  remove(name: string): string;
}

export function createCookies(config: SignInConfig): SignInCookies {
  const secure = new URL(config.callbackUrl).protocol === "https:";
  const app = sha256(appOf(config)).slice(0, 6);

  function keep(name: string, value: string, maxAgeMs: number): string {
    const maxAge = Math.round(maxAgeMs / 1000);
    return stringifySetCookie({ name, value, maxAge, path: "/", httpOnly: true, secure, sameSite: "lax" });
  }

  return {
    nameOf: (kind) => `${secure ? "__Host-" : ""}aircall_${kind}_${app}`,
    keep,
    remove: (name) => keep(name, "", 0),
  };
}

export function appOf({ client, callbackUrl }: SignInConfig): string {
  return `${client.id} ${callbackUrl}`;
}
