import type { Request, Response } from "express";
import { parseSetCookie } from "cookie";
import { createAttemptKeeping, inOneCookie } from "../../src/sign-in/attempt-keeping";
import { createClock } from "../support/grants";
import { signInConfig } from "../support/apps/sign-in-config";

const wish = { returnTo: null, add: false, install: false };
const minuteMs = 60_000;

/** A browser, with its session's cookie of this name from the first visit on. */
function createBrowser(sessionCookie: string | null = "sid") {
  const cookies = new Map<string, string>();
  if (sessionCookie !== null) cookies.set(sessionCookie, "s%3Athe-id.signature");
  const session: Record<string, unknown> | null = { id: "the-id" };
  const lines: string[] = [];
  const append = (header: string, given: string | string[]) => {
    expect(header).toBe("Set-Cookie");
    for (const line of [given].flat()) {
      lines.push(line);
      const { name, value = "", maxAge } = parseSetCookie(line);
      if (maxAge === 0) cookies.delete(name);
      else cookies.set(name, encodeURIComponent(value));
    }
  };
  const browser = {
    ...{ cookies, session, lines },
    withSession: true,
    req: () => {
      const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
      const headers = cookies.size > 0 ? { cookie } : {};
      return { headers, sessionID: "the-id", ...(browser.withSession && { session }) } as unknown as Request;
    },
    res: { append } as unknown as Response,
  };
  return browser;
}

function open(sessionCookie?: string | null) {
  const clock = createClock();
  const keeping = inOneCookie(signInConfig(), "attempts", clock.now);
  const browser = createBrowser(sessionCookie);
  const { req, res } = browser;
  return {
    ...{ browser, clock },
    start: () => keeping.start(req(), res, wish),
    find: (state: string) => keeping.find(req(), state),
    others: (state: string) => keeping.others(req(), state),
    end: (state: string) => keeping.end(req(), res, state),
  };
}

describe("attempts in a cookie of each", () => {
  it("begin, are found, told apart and ended", () => {
    const keeping = createAttemptKeeping(signInConfig());
    const { req, res, cookies } = createBrowser();
    const [one, other] = [keeping.start(req(), res, wish), keeping.start(req(), res, wish)];
    expect(keeping.find(req(), one.state)).toEqual(one);
    expect(keeping.others(req(), one.state)).toEqual([other.state]);
    expect(cookies.size).toBe(3);
    keeping.end(req(), res, one.state);
    expect([keeping.find(req(), one.state), keeping.find(req(), other.state)]).toEqual([null, other]);
  });
});

describe("attempts in one cookie", () => {
  it("lie there where the app has named it", () => {
    const { req, res, cookies } = createBrowser();
    createAttemptKeeping(signInConfig({ attemptCookie: "__session" })).start(req(), res, wish);
    expect([...cookies.keys()]).toEqual(["sid", "__session"]);
  });

  it("begin, are found, told apart and ended", () => {
    const { browser, start, find, others, end } = open();
    const [one, other] = [start(), start()];
    expect([find(one.state), find(other.state), find("none")]).toEqual([one, other, null]);
    expect([others(one.state), others(other.state)]).toEqual([[other.state], [one.state]]);
    expect([[...browser.cookies.keys()], Object.keys(browser.session)]).toEqual([["sid", "attempts"], ["id"]]);
    expect(browser.lines.at(-1)).toMatch(/^attempts=.+; Max-Age=600; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
    end(one.state);
    expect([find(one.state), find(other.state)]).toEqual([null, other]);
    end(other.state);
    expect([...browser.cookies.keys()]).toEqual(["sid"]);
    expect(browser.lines.at(-1)).toMatch(/^attempts=; Max-Age=0;/);
  });

  it("are over after ten minutes", () => {
    const { clock, start, find, others } = open();
    const { state } = start();
    clock.pass(10 * minuteMs - 1);
    expect([find(state)?.state, others("")]).toEqual([state, [state]]);
    clock.pass(1);
    expect([find(state), others("")]).toEqual([null, []]);
  });

  it("are five, and the oldest goes", () => {
    const { start, find } = open();
    const states = Array.from({ length: 6 }, () => start().state);
    expect(states.map((state) => find(state) !== null)).toEqual([false, true, true, true, true, true]);
  });

  it("are fewer where all of them would be too long for a cookie", () => {
    const clock = createClock();
    const keeping = inOneCookie(signInConfig(), "attempts", clock.now);
    const { req, res, lines } = createBrowser();
    const long = { ...wish, returnTo: `/${"a".repeat(1_000)}` };
    const states = Array.from({ length: 5 }, () => keeping.start(req(), res, long).state);
    expect(states.map((state) => keeping.find(req(), state) !== null)).toEqual([false, false, false, true, true]);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(4_096);
  });

  it.each([
    ["where the session's cookie has the same name", "attempts"],
    ["where it is not known", null],
  ])("lie in the session %s", (_where, sessionCookie) => {
    const { browser, start, find, others, end } = open(sessionCookie);
    const { state } = start();
    expect([browser.lines, typeof browser.session["aircallAttempts"]]).toEqual([[], "string"]);
    expect(find(state)?.state).toBe(state);
    // Whoever planted the session would know them.
    expect(others("")).toEqual([]);
    end(state);
    expect([browser.session, browser.lines]).toEqual([{ id: "the-id" }, []]);
  });

  it("leave the session as soon as there is a cookie for them", () => {
    const { browser, start, find } = open(null);
    const { state } = start();
    browser.cookies.set("sid", "s%3Athe-id.signature");
    const next = start();
    expect([browser.session, find(state)?.state, find(next.state)]).toEqual([{ id: "the-id" }, state, next]);
  });

  it("are nowhere where there is neither", () => {
    const { browser, start, find } = open(null);
    browser.withSession = false;
    expect(find(start().state)).toBeNull();
    expect(browser.lines).toEqual([]);
  });

  it.each(["", "no seal", "s%3Aanother"])("are none where the cookie holds %j", (value) => {
    const { browser, find, others } = open();
    browser.cookies.set("attempts", value);
    Object.assign(browser.session, { aircallAttempts: 7 });
    expect([find("state"), others("state")]).toEqual([null, []]);
  });
});
