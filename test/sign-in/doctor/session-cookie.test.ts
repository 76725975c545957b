import type { Request } from "express";
import { domainFault, nameDoubts, sameSiteFault, sessionCookieNames } from "../../../src/sign-in/doctor/session-cookie";
import { signInConfig } from "../../support/apps/sign-in-config";

const request = (cookie?: string) => ({ sessionID: "the-id", headers: { ...(cookie && { cookie }) } }) as Request;

describe("the session cookie", () => {
  it.each<[Parameters<typeof sameSiteFault>[0], string | null]>([
    [{}, null],
    [{ sameSite: "lax" }, null],
    [{ sameSite: "none", secure: true }, null],
    [{ sameSite: "none", secure: false }, "browsers refuse it"],
    [{ sameSite: "strict" }, 'Use "lax".'],
    [{ sameSite: true }, 'Use "lax".'],
    [{ sameSite: "auto" }, 'let that function answer "lax" or "none".'],
  ])("comes back from Aircall, or not, with %j", (cookie, fault) => {
    expect(sameSiteFault(cookie)).toEqual(fault === null ? null : expect.stringContaining(fault));
  });

  it.each<[string | undefined, string, boolean]>([
    [undefined, "app.example", true],
    ["", "app.example", true],
    ["app.example", "app.example", true],
    [".App.Example", "www.app.example", true],
    ["..app.example", "app.example", false],
    ["www.app.example", "app.example", false],
    ["p.example", "app.example", false],
    ["app.example.", "app.example", false],
    ["0.0.1", "127.0.0.1", false],
    ["127.0.0.1", "127.0.0.1", true],
  ])("of the domain %j is one of the callback at %s, or not", (domain, host, fits) => {
    const config = signInConfig({ callbackUrl: `https://${host}/callback` });
    const fault = domainFault({ domain }, config);
    expect(fault === null).toBe(fits);
    const why = `domain (${domain}) is not that of CallbackURL (${host}): the browser refuses the cookie there.`;
    const fix = "Leave `domain` out, or use one that CallbackURL's host is in.";
    if (!fits) expect(fault).toBe(`The session cookie's ${why} ${fix}`);
  });

  it("has the names under which the session came", () => {
    const names = (cookie?: string) => sessionCookieNames(request(cookie));
    expect(names("a=1; sid=s%3Athe-id.signature; b; copy=s:the-id.other")).toEqual(["sid", "copy"]);
    expect(names("sid=s%3Athe-id; xid=xs%3Athe-id.signature; other=s%3Aanother.signature")).toEqual([]);
    expect(names()).toEqual([]);
  });

  it("raises a doubt by its name, where attempts are lost or lie in the session", () => {
    const [own, other] = ["__session=s%3Athe-id.signature", "sid=s%3Athe-id.signature"].map(request);
    const [none, named] = [signInConfig(), signInConfig({ attemptCookie: "__session" })];
    expect([nameDoubts(other!, none), nameDoubts(other!, named)]).toEqual([[], []]);
    expect(nameDoubts(own!, none)).toEqual([
      "The session cookie is named __session, as for hosts that pass no other (Firebase Hosting): there the cookies of " +
        'signing in are lost. Behind such a host, set attemptCookie: "__session"; elsewhere, give the session cookie ' +
        "another name.",
    ]);
    expect(nameDoubts(own!, named)).toEqual([
      "attemptCookie is the session cookie's name too, so that attempts lie in the session: a visit that only begins to " +
        "sign in leaves a session, and of several begun at once some fail. Where the host passes more cookies, give it " +
        "another name.",
    ]);
  });
});
