import { createHmac } from "node:crypto";
import { parseCookie } from "cookie";
import { sessionIdOf } from "../../session/session";
import type { Request } from "express";

/** Shorter ones can be found by trying. */
const shortest = 16;

/** Printed in documentation and tutorials, so that anybody has them. */
const examples = [
  "keyboard cat",
  "keyboardcat",
  "secret",
  "mysecret",
  "my-secret",
  "my secret",
  "my_secret",
  "supersecret",
  "super-secret",
  "super secret",
  "some secret",
  "some-secret",
  "somesecret",
  "your-secret",
  "your secret",
  "your_secret",
  "your-secret-key",
  "your_secret_key",
  "your-session-secret",
  "secret-key",
  "secret_key",
  "secretkey",
  "session-secret",
  "session_secret",
  "sessionsecret",
  "session secret",
  "this is a secret",
  "thisisasecret",
  "shhhh",
  "shhhhh",
  "shhhh, very secret",
  "cats",
  "cat",
  "changeme",
  "change-me",
  "change me",
  "change_me",
  "replace-me",
  "development",
  "test",
  "foo",
  "password",
  "123456",
  "a secret",
  "anything",
  "SECRET",
  "SESSION_SECRET",
  "undefined",
];

/**
 * Whether anybody could sign this app's session cookie. `weak` when the cookie of this request proves it, `doubtful` when
 * cookie-parser has a secret that is short, which is the session's where `session()` has none of its own. A long secret
 * that nobody has printed cannot be told from any other, and neither can one without a cookie to try it on.
 */
export function examineSecret(req: Request): "weak" | "doubtful" | null {
  const secret = "secret" in req ? req.secret : undefined;
  const sessionID = sessionIdOf(req);
  const fromParser = typeof secret === "string" && isWeak(secret) ? [secret] : [];
  const signed = `s:${String(sessionID)}.`;
  const signature = Object.values(parseCookie(req.headers.cookie ?? ""))
    .find((value) => value?.startsWith(signed))
    ?.slice(signed.length);
  if (signature === undefined) return fromParser.length > 0 ? "doubtful" : null;
  return [...fromParser, ...examples].some((key) => sign(String(sessionID), key) === signature) ? "weak" : null;
}

function isWeak(secret: string): boolean {
  return secret.length < shortest || examples.includes(secret);
}

/** As express-session does. */
function sign(id: string, key: string): string {
  return createHmac("sha256", key).update(id).digest("base64").replace(/=+$/, "");
}
