import { createHmac } from "node:crypto";
import type { Request } from "express";
import { examineSecret } from "../../../src/sign-in/doctor/session-secret";

/** As documentation and tutorials print them. */
const printed = [
  ...["keyboard cat", "keyboardcat", "cats", "cat", "foo", "test", "development", "anything", "undefined", "123456"],
  ...["secret", "SECRET", "a secret", "some secret", "some-secret", "somesecret", "this is a secret", "thisisasecret"],
  ...["mysecret", "my-secret", "my secret", "my_secret", "supersecret", "super-secret", "super secret"],
  ...["your-secret", "your secret", "your_secret", "your-secret-key", "your_secret_key", "your-session-secret"],
  ...["secret-key", "secret_key", "secretkey", "session-secret", "session_secret", "sessionsecret", "session secret"],
  ...["SESSION_SECRET", "shhhh", "shhhhh", "shhhh, very secret", "password", "replace-me"],
  ...["changeme", "change-me", "change me", "change_me"],
];
const long = "a secret that no page has printed";

/** The session's cookie as it was signed with this. */
const signedWith = (key: string, id = "the-id") =>
  encodeURIComponent(`s:${id}.${createHmac("sha256", key).update(id).digest("base64").replace("=", "")}`);

/** A request of the session `the-id`, with these cookies; where cookie-parser is in use, with its secret. */
function request(cookie?: string, secret?: unknown): Request {
  const parser = secret === undefined ? {} : { secret };
  return { sessionID: "the-id", headers: { ...(cookie !== undefined && { cookie }) }, ...parser } as Request;
}

describe("the secret that signs sessions", () => {
  it("is weak where the request's own cookie was signed with one that is printed somewhere", () => {
    const found = printed.filter((key) => examineSecret(request(`sid=${signedWith(key)}`)) === "weak");
    expect(found).toEqual(printed);
  });

  it("is found by a cookie as express-session signs it, whatever its name", () => {
    const cookie = "a=1; other=s%3Athe-id; any=s%3Athe-id.eWWnejX6DlYDJViFGKNOLzJVH6on%2BiWul1qT85GeXjA; b";
    expect([examineSecret(request(cookie)), examineSecret(request(cookie.replace("A; b", "B; b")))]).toEqual([
      "weak",
      null,
    ]);
  });

  it.each([
    ["no cookie", undefined],
    ["none of a session", "sid=abc"],
    ["another session's", `sid=${signedWith("secret", "another")}`],
    ["one that only ends alike", `sid=x${signedWith("secret")}`],
    ["one signed with a secret of the app's own", `sid=${signedWith(long)}`],
    ["one signed with a short one that nobody has printed", `sid=${signedWith("zebra")}`],
    ["one signed with nothing", `sid=${signedWith("")}`],
  ])("cannot be told from any other by %s", (_what, cookie) => {
    expect([examineSecret(request(cookie)), examineSecret(request(cookie, long))]).toEqual([null, null]);
  });

  it.each([
    ["short", "zebra", "doubtful"],
    ["one letter too short", "fifteen letters", "doubtful"],
    ["long enough", "sixteen letters!", null],
    ["long, and printed", "your-session-secret", "doubtful"],
    ["no text", ["zebra"], null],
  ])("may be cookie-parser's, which is %s", (_what, secret, doubt) => {
    expect(examineSecret(request(undefined, secret))).toBe(doubt);
  });

  it("is cookie-parser's where that signed the session's cookie, and only may be where it is another", () => {
    expect(examineSecret(request(`sid=${signedWith("zebra")}`, "zebra"))).toBe("weak");
    expect(examineSecret(request(`sid=${signedWith(long)}`, "zebra"))).toBeNull();
    expect(examineSecret(request(`sid=${signedWith(long)}`, long))).toBeNull();
  });
});
