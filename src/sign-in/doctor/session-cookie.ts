import { isIP } from "node:net";
import type { Request } from "express";
import { parseCookie } from "cookie";
import type { SignInConfig } from "../../config/config";
import { sessionIdOf, type SessionCookie } from "../../session/session";

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

/** Under which names a request brought its session: express-session tells nobody what it calls its cookie. */
export function sessionCookieNames(req: Request): string[] {
  const own = `s:${sessionIdOf(req)}.`;
  const cookies = Object.entries(parseCookie(req.headers.cookie ?? ""));
  return cookies.filter(([, value]) => value?.startsWith(own)).map(([name]) => name);
}

export function nameDoubts(req: Request, { attemptCookie }: SignInConfig): string[] {
  const names = sessionCookieNames(req);
  if (attemptCookie === null) return names.includes("__session") ? [onlyCookie] : [];
  return names.includes(attemptCookie) ? [inTheSession] : [];
}

const onlyCookie =
  "The session cookie is named __session, as for hosts that pass no other (Firebase Hosting): there the cookies of signing " +
  'in are lost. Behind such a host, set attemptCookie: "__session"; elsewhere, give the session cookie another name.';

const inTheSession =
  "attemptCookie is the session cookie's name too, so that attempts lie in the session: a visit that only begins to sign in " +
  "leaves a session, and of several begun at once some fail. Where the host passes more cookies, give it another name.";
