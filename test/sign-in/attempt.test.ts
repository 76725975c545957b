import { parseSetCookie, stringifyCookie } from "cookie";
import { createSeal } from "../../src/grants/seal";
import { type AttemptWish, createAttempts, createAttemptSeal, isAttempt, sameText } from "../../src/sign-in/attempt";
import { createLoopGuard } from "../../src/sign-in/loop-guard";
import { createClock } from "../support/grants";
import { signInConfig } from "../support/apps/sign-in-config";

const wish: AttemptWish = { returnTo: null, add: false, install: false };
const minutes = 60_000;

/** What a browser keeps of these Set-Cookie lines, as a Cookie header. */
function kept(lines: readonly string[]): string {
  const cookies: Record<string, string> = {};
  for (const { name, value = "", maxAge } of lines.map((line) => parseSetCookie(line))) {
    if (maxAge === 0) delete cookies[name];
    else cookies[name] = value;
  }
  return stringifyCookie(cookies);
}

/** Begins `count` attempts in one browser, a second apart. */
function begin(attempts: ReturnType<typeof createAttempts>, count: number, clock = createClock()) {
  const lines: string[] = [];
  const states: string[] = [];
  for (let turn = 0; turn < count; turn += 1) {
    clock.pass(1_000);
    const { attempt, setCookies } = attempts.start(kept(lines), wish);
    lines.push(...setCookies);
    states.push(attempt.state);
  }
  return { header: kept(lines), states };
}

describe("an attempt", () => {
  it("is found again in the browser that began it, with all it was begun with", () => {
    const clock = createClock();
    const attempts = createAttempts(signInConfig({ pkce: true }), { now: clock.now });
    const returnTo = "https://app.example/reports?week=47";

    const { attempt, setCookies } = attempts.start(undefined, { returnTo, add: true, install: true });

    expect(attempt).toMatchObject({ returnTo, add: true, install: true, startedAt: clock.now() });
    expect(attempt.state).toMatch(/^[\w-]{43}$/);
    expect(attempt.codeVerifier).toMatch(/^[\w-]{43}$/);
    expect(attempts.find(kept(setCookies), attempt.state)).toEqual(attempt);
  });

  it("takes 32 random bytes for its state, and 32 others for its verifier", () => {
    const asked: number[] = [];
    const randomBytes = (size: number) => Buffer.alloc(size, asked.push(size));
    const { attempt } = createAttempts(signInConfig({ pkce: true }), { randomBytes }).start(undefined, wish);

    expect(asked.slice(0, 2)).toEqual([32, 32]);
    expect(Buffer.from(attempt.state, "base64url")).toEqual(Buffer.alloc(32, 1));
    expect(Buffer.from(String(attempt.codeVerifier), "base64url")).toEqual(Buffer.alloc(32, 2));
  });

  it("has no verifier while PKCE is off", () => {
    expect(createAttempts(signInConfig()).start(undefined, wish).attempt.codeVerifier).toBeNull();
  });

  it("is over after ten minutes", () => {
    const clock = createClock();
    const attempts = createAttempts(signInConfig(), { now: clock.now });
    const { attempt, setCookies } = attempts.start(undefined, wish);

    clock.pass(10 * minutes - 1);
    expect(attempts.find(kept(setCookies), attempt.state)).toEqual(attempt);
    clock.pass(1);
    expect(attempts.find(kept(setCookies), attempt.state)).toBeNull();
  });

  it("tells the browser to forget it after ten minutes, and keep it from scripts and other sites", () => {
    const [line = ""] = createAttempts(signInConfig()).start(undefined, wish).setCookies;
    expect(parseSetCookie(line)).toMatchObject({
      path: "/",
      maxAge: 600,
      httpOnly: true,
      sameSite: "lax",
      secure: true,
    });
    expect(parseSetCookie(line)).not.toHaveProperty("domain");
  });

  it("is bound to the host on https, and works without that on a developer's machine", () => {
    const nameUnder = (callbackUrl: string) => {
      const [line = ""] = createAttempts(signInConfig({ callbackUrl })).start(undefined, wish).setCookies;
      return parseSetCookie(line);
    };
    expect(nameUnder("https://app.example/callback").name).toMatch(/^__Host-aircall_attempt_[\w-]{6}_[\w-]{12}$/);
    expect(nameUnder("http://localhost:3000/callback").name).toMatch(/^aircall_attempt_/);
    expect(nameUnder("http://localhost:3000/callback")).not.toHaveProperty("secure");
  });

  it("shows nothing of itself in its cookie", () => {
    const { attempt, setCookies } = createAttempts(signInConfig({ pkce: true })).start(undefined, wish);
    const everything = setCookies.join() + Buffer.from(kept(setCookies).split("=")[1] ?? "", "base64url").toString();
    expect(everything).not.toContain(attempt.state);
    expect(everything).not.toContain(attempt.codeVerifier);
  });

  it("ends when it is told to", () => {
    const attempts = createAttempts(signInConfig());
    const { attempt, setCookies } = attempts.start(undefined, wish);
    expect(kept([...setCookies, attempts.end(attempt.state)])).toBe("");
  });

  it("goes, the oldest first, when there are more than five", () => {
    const clock = createClock();
    const attempts = createAttempts(signInConfig(), { now: clock.now });

    const { header, states } = begin(attempts, 7, clock);

    const found = states.map((state) => attempts.find(header, state) !== null);
    expect(found).toEqual([false, false, true, true, true, true, true]);
  });

  it("fits with four others and the longest return-to into the 8 KB that proxies allow for cookies", () => {
    const clock = createClock();
    const attempts = createAttempts(signInConfig({ pkce: true }), { now: clock.now });
    let header = "";
    for (let turn = 0; turn < 5; turn += 1) {
      const { setCookies } = attempts.start(header, { ...wish, returnTo: `https://app.example/${"r".repeat(780)}` });
      header = [header, kept(setCookies)].filter(Boolean).join("; ");
    }
    expect(header.length).toBeLessThan(7_500);
  });

  it("is told from the others of its browser, as long as they last", () => {
    const clock = createClock();
    const attempts = createAttempts(signInConfig(), { now: clock.now });
    const { header, states } = begin(attempts, 3, clock);
    const [first = "", second = "", third = ""] = states;

    expect(attempts.others(header, second).sort()).toEqual([first, third].sort());
    expect(attempts.others(undefined, second)).toEqual([]);
    clock.pass(10 * minutes - 1_000);
    expect(attempts.others(`${header}; another=cookie`, second)).toEqual([third]);
  });

  it("is found again after the client secret was changed, while the one before is known", () => {
    const [former, latter] = [{ oauthClientSecret: "the-one-before" }, { previousClientSecret: "the-one-before" }];
    const { attempt, setCookies } = createAttempts(signInConfig(former)).start(undefined, wish);

    expect(createAttempts(signInConfig(latter)).find(kept(setCookies), attempt.state)).toEqual(attempt);
    expect(createAttempts(signInConfig()).find(kept(setCookies), attempt.state)).toBeNull();
  });

  it("is sealed with random bytes of whoever gives them", () => {
    const randomBytes = (size: number) => Buffer.alloc(size);
    const begun = () => createAttempts(signInConfig(), { now: () => 1, randomBytes }).start(undefined, wish);

    expect(begun().setCookies).toEqual(begun().setCookies);
  });

  it("makes way when its cookie cannot be read, as after a change of the client secret", () => {
    const old = createAttempts(signInConfig({ oauthClientSecret: "the-one-before" })).start(undefined, wish);
    const { setCookies } = createAttempts(signInConfig()).start(kept(old.setCookies), wish);
    expect(setCookies[0]).toMatch(new RegExp(`^${kept(old.setCookies).split("=")[0]}=; Max-Age=0`));
  });
});

describe("a cookie that is not what we set", () => {
  const attempts = createAttempts(signInConfig());
  const { attempt, setCookies } = attempts.start(undefined, wish);
  const [name = "", sealed = ""] = kept(setCookies).split("=");
  const opens = (value: string) => attempts.find(`${name}=${value}`, attempt.state) !== null;

  it("is no attempt, wherever one character is another", () => {
    expect(opens(sealed)).toBe(true);
    for (let at = 0; at < sealed.length; at += 1) {
      for (const other of ["A", "B", "_", "7", "%", "=", "é"]) {
        if (sealed[at] === other) continue;
        expect([at, other, opens(sealed.slice(0, at) + other + sealed.slice(at + 1))]).toEqual([at, other, false]);
      }
    }
  });

  it("is no attempt, wherever it is cut or longer", () => {
    for (let length = 0; length < sealed.length; length += 1) expect(opens(sealed.slice(0, length))).toBe(false);
    for (const more of ["A", "=", "AAAA", "%00", "."]) expect(opens(sealed + more)).toBe(false);
  });

  it.each([
    ["another attempt's state", "x".repeat(43)],
    ["the beginning of the state", attempt.state.slice(0, -1)],
    ["nothing", ""],
    ["the state with more behind", `${attempt.state}a`],
    ["another spelling", attempt.state.toUpperCase()],
    ["something huge", "s".repeat(10_000)],
    ["__proto__", "__proto__"],
  ])("is not found by %s", (_what, state) => {
    expect(attempts.find(`${name}=${sealed}`, state)).toBeNull();
  });

  it("cannot be moved to the name of another attempt", () => {
    const other = attempts.start(undefined, wish);
    const [otherName] = kept(other.setCookies).split("=");
    expect(attempts.find(`${otherName}=${sealed}`, other.attempt.state)).toBeNull();
  });

  it.each([
    ["empty", ""],
    ["a lone =", "="],
    ["only semicolons", ";;;"],
    ["a name twice", "a=b; a=c"],
    ["very long", "x=y; ".repeat(1_000)],
    ["a NUL", "\u0000"],
    ["__proto__", "__proto__=1"],
  ])("header is nobody's attempt and no crash: %s", (_what, header) => {
    expect(attempts.find(header, attempt.state)).toBeNull();
    expect(attempts.start(header, wish).setCookies).toHaveLength(1);
  });
});

describe("what a seal has closed", () => {
  it("was closed for one app's attempts, and opens after an upgrade", () => {
    const sealed = createAttemptSeal(signInConfig()).close("text", "here");
    const purpose = "attempt client-1 https://app.example/auth/aircall/callback";

    expect(createSeal("s3cret-s3cret", purpose).open(sealed, "here")).toBe("text");
  });

  it("is compared whole", () => {
    expect([sameText("a", "a"), sameText("a", "b"), sameText("a", "ab"), sameText("é", "e")]).toEqual([
      ...[true, false, false, false],
    ]);
  });

  it.each([
    [{}],
    [null],
    [{ state: "s" }],
    [{ startedAt: 1 }],
    [{ state: 7, startedAt: 1 }],
    [{ state: "s", startedAt: "1" }],
  ])("is no attempt where it is %j", (value) => expect(isAttempt(value)).toBe(false));
});

describe("a client that keeps cookies that were removed, empty", () => {
  it("is not taken for a browser that lost its session, nor for one that began an attempt", () => {
    const config = signInConfig();
    const lines: string[] = [];
    const res = { append: (_name: string, line: string) => lines.push(line) } as never;
    createLoopGuard(config).remember(res);
    const { states, header } = begin(createAttempts(config), 1);
    const emptied = [kept(lines), header].join("; ").replaceAll(/=[^;]*/g, "=");
    const req = { headers: { cookie: emptied }, session: { cookie: {} } } as never;
    expect(() => createLoopGuard(config).check(req, res)).not.toThrow();
    expect(createAttempts(config).find(emptied, String(states[0]))).toBeNull();
  });
});

describe("two apps on one host", () => {
  const one = signInConfig({ callbackUrl: "http://localhost:3000/callback" });
  const others = [
    ["on another port", signInConfig({ callbackUrl: "http://localhost:4000/callback" })],
    ["under another path", signInConfig({ callbackUrl: "http://localhost:3000/other/callback" })],
    ["with another client", signInConfig({ callbackUrl: "http://localhost:3000/callback", oauthClientId: "client-2" })],
  ] as const;

  it.each(others)("do not clear each other's attempts: %s", (_where, other) => {
    const { header } = begin(createAttempts(one), 5);
    const { setCookies } = createAttempts(other).start(header, wish);
    expect(setCookies).toHaveLength(1);
    expect(setCookies[0]).not.toContain("Max-Age=0");
  });

  it.each(others)("do not open each other's attempts: %s", (_where, other) => {
    const { header, states } = begin(createAttempts(one), 1);
    expect(createAttempts(one).find(header, String(states[0]))).not.toBeNull();
    expect(createAttempts(other).find(header, String(states[0]))).toBeNull();
  });

  it.each(others)("do not take each other's success for a lost cookie: %s", (_where, other) => {
    const lines: string[] = [];
    const res = { append: (_name: string, line: string) => lines.push(line) } as never;
    createLoopGuard(one).remember(res);
    const req = { headers: { cookie: kept(lines) }, session: { cookie: {} } } as never;

    expect(() => createLoopGuard(other).check(req, res)).not.toThrow();
    expect(() => createLoopGuard(one).check(req, res)).toThrow("did not return the session cookie");
  });
});
