import { isIP } from "node:net";
import type { SignInConfig } from "../config/config";

/** As a request has it. What a function answers to `session({ cookie })` stands here as it is, "auto" too. */
export interface SessionCookie {
  readonly secure?: unknown;
  readonly sameSite?: unknown;
  readonly domain?: unknown;
  readonly path?: string;
}

/** express-session resolves "auto" where `cookie` is an object, and not in what a function answers. */
export function unresolved(name: string, answers: string): string {
  return (
    `The session cookie is \`${name}: "auto"\`, which express-session knows in an object only, but a function gave it: ` +
    `let that function answer ${answers}.`
  );
}

export function sameSiteFault({ sameSite, secure }: SessionCookie): string | null {
  if (sameSite === true || sameSite === "strict") {
    return 'The session cookie is `sameSite: "strict"`: the browser leaves it out when Aircall sends it back. Use "lax".';
  }
  if (sameSite === "auto") return unresolved("sameSite", '"lax" or "none"');
  if (sameSite !== "none" || secure) return null;
  return 'The session cookie is `sameSite: "none"` without `secure`: browsers refuse it. Use "lax", or add `secure: true`.';
}

export function domainFault({ domain }: SessionCookie, { callbackUrl }: SignInConfig): string | null {
  if (typeof domain !== "string" || domain === "") return null;
  const { hostname } = new URL(callbackUrl);
  const bare = domain.replace(/^\./, "").toLowerCase();
  if (hostname === bare || (hostname.endsWith(`.${bare}`) && !isIP(hostname))) return null;
  return (
    `The session cookie's domain (${domain}) is not that of CallbackURL (${hostname}): the browser refuses the cookie ` +
    "there. Leave `domain` out, or use one that CallbackURL's host is in."
  );
}
