import type { Request, Response } from "express";
import { appKey, holdLinks } from "../../src/grants/session-grants";
import { createLoopGuard } from "../../src/sign-in/loop-guard";
import { signInConfig } from "../support/apps/sign-in-config";

const config = signInConfig();
const guard = createLoopGuard(config);
const [line] = written((res) => guard.remember(res));
const name = line!.slice(0, line!.indexOf("="));

/** The Set-Cookie lines of an answer. */
function written(act: (res: Response) => void): string[] {
  const lines: string[] = [];
  act({
    append: (header: string, text: string) => void (header === "Set-Cookie" && lines.push(text)),
  } as unknown as Response);
  return lines;
}

/** A request with such a Cookie header, whose session holds a grant or none. */
function visit({ cookie, holds = false, ...rest }: { cookie?: string; holds?: boolean; [more: string]: unknown }) {
  const session = { id: "the-id", cookie: { path: "/app" } };
  if (holds) holdLinks(session, appKey(config.client.id), [{ id: "g".repeat(32), link: "link", hold: "session" }]);
  return { headers: { cookie }, session, sessionID: "the-id", ...rest } as unknown as Request;
}

function check(req: Request) {
  let refusal: string | null = null;
  const lines = written((res) => {
    try {
      guard.check(req, res);
    } catch (error) {
      refusal = (error as Error).message;
    }
  });
  return { refusal: refusal as string | null, lines };
}

describe("a browser that has just signed in", () => {
  it("is remembered for a minute", () => {
    expect(line).toBe(`${name}=1; Max-Age=60; Path=/; HttpOnly; Secure; SameSite=Lax`);
    expect(name).toMatch(/^__Host-aircall_signed_in_/);
    expect(written((res) => guard.forget(res))).toEqual([expect.stringContaining(`${name}=; Max-Age=0`)]);
  });

  it("is forgotten once its session is back", () => {
    const noted = (req: Request) => written((res) => guard.noteReturn(req, res)).length;
    expect(noted(visit({ cookie: `a=b; ${name}=1`, holds: true }))).toBe(1);
    expect(noted(visit({ cookie: `${name}=1` }))).toBe(0);
    expect(noted(visit({ cookie: "a=b", holds: true }))).toBe(0);
    expect(noted(visit({ holds: true }))).toBe(0);
  });

  it("is stopped where it comes without its session, once", () => {
    const { refusal, lines } = check(visit({ cookie: `${name}=1; connect.sid=s%3Aanother.signature` }));
    expect(refusal).toBe(
      "Signing in succeeded a moment ago, but the browser did not return the session cookie (path /app, domain of the " +
        "page, secure false, sameSite not set), or the session behind it is gone. Check the cookie's domain, path, secure " +
        "and sameSite settings against the address in the browser's bar, that the browser does not block cookies, and that " +
        "no other app on this host has a session cookie of the same `name`.",
    );
    expect(lines).toEqual([expect.stringContaining("Max-Age=0")]);
  });

  it("is told of the cookie that does not come back", () => {
    const cookie = { path: "/", domain: "app.example", secure: true, sameSite: "lax" };
    const { refusal } = check(visit({ cookie: `${name}=1`, session: { id: "the-id", cookie } }));
    expect(refusal).toContain("(path /, domain app.example, secure true, sameSite lax)");
    expect(check(visit({ cookie: `${name}=1`, session: null })).refusal).toContain("path undefined");
  });

  it("may sign in once more where its session is there, or it has signed out", () => {
    expect(check(visit({ cookie: `${name}=1`, holds: true })).refusal).toBeNull();
    const cookie = `${name}=1; a; sid=s%3Athe-id.signature`;
    expect(check(visit({ cookie })).refusal).toBeNull();
    expect(check(visit({ cookie: `${name}=1; sid=xs%3Athe-id.signature` })).refusal).not.toBeNull();
  });

  it.each([undefined, "", "a=b", `${name}=`, `${name}x=1`])("is nobody who brings no word of it: %p", (cookie) => {
    expect(check(visit({ ...(cookie !== undefined && { cookie }) }))).toEqual({ refusal: null, lines: [] });
  });
});
