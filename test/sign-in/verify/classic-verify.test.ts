import type { Request } from "express";
import { classicVerify, type VerifyCallback } from "../../../src/sign-in/verify/classic-verify";
import { readVerify, type AnyVerify, type Arrival } from "../../../src/sign-in/verify/verify";
import { refusalOf } from "../../config/refusal";

const arrival: Arrival = {
  account: { id: 7, name: "Acme", user: { id: 1, name: "Ada", email: "ada@acme.example" } },
  companyRef: null,
  tokens: { accessToken: "access", refreshToken: null, expiresAt: null, obtainedAt: new Date() },
  req: { path: "/callback" } as Request,
  repeated: false,
};
const answer = { access_token: "access", token_type: "Bearer" };
const profile = {
  provider: "aircall",
  id: "7",
  displayName: "Acme",
  emails: [{ value: "ada@acme.example" }],
  account: arrival.account,
};
const { req } = arrival;
const withReq = { passReqToCallback: true };
const away = new Error("the database is away");

type Given = (...given: unknown[]) => unknown;
type Act = (done: VerifyCallback) => unknown;

function ask(verify: (...given: never[]) => unknown, options?: { passReqToCallback?: boolean; patienceMs?: number }) {
  return readVerify(verify as AnyVerify, options)(arrival, answer);
}

/** Settles the `done` at the end with everything before it. */
function tell(...given: unknown[]) {
  (given.pop() as VerifyCallback)(null, given);
}

/** A verify that does with its `done` what `act` does; how it was settled, as one word. */
async function settled(
  act: Act,
  verify: (...given: never[]) => unknown = (_a: string, _r: null, _p: object, done: VerifyCallback) => act(done),
): Promise<unknown> {
  jest.useFakeTimers();
  const answer = ask(verify, { patienceMs: 60 }).then(
    ({ user }) => (user ? user : "nobody"),
    (error: Error) => (error.message.includes("no answer") ? "silence" : error),
  );
  await jest.advanceTimersByTimeAsync(60);
  jest.useRealTimers();
  return answer;
}

describe("a classic verify", () => {
  it.each<[string, Given, { passReqToCallback: boolean } | undefined, unknown[]]>([
    ["3 parameters", (a, r, p) => Promise.resolve([a, r, p]), undefined, ["access", null, profile]],
    ["4 parameters", (a, r, p, done) => tell(a, r, p, done), undefined, ["access", null, profile]],
    ["5 parameters", (a, r, x, p, done) => tell(a, r, x, p, done), undefined, ["access", null, answer, profile]],
    ["4, the request first", (q, a, r, p) => Promise.resolve([q, a, r, p]), withReq, [req, "access", null, profile]],
    ["5, the request first", (q, a, r, p, done) => tell(q, a, r, p, done), withReq, [req, "access", null, profile]],
    [
      "6, the request first",
      (q, a, r, x, p, done) => tell(q, a, r, x, p, done),
      withReq,
      [req, "access", null, answer, profile],
    ],
  ])("of %s is given what Passport gives", async (_form, verify, options, given) => {
    expect((await ask(verify, options)).user).toEqual(given);
  });

  it("hands on what done says of a refusal", async () => {
    const verify: Given = (_a, _r, _p, done) => (done as VerifyCallback)(null, false, { message: "Not yours." });
    expect(await ask(verify)).toEqual({ user: false, info: { message: "Not yours." } });
  });
});

const later = (act: () => unknown) => void setTimeout(act, 5);
const returns: [string, () => unknown][] = [
  ["nothing", () => undefined],
  ["an object", () => ({ query: "still running" })],
  ["a promise of nothing", () => Promise.resolve()],
  ["a promise of a user", () => Promise.resolve("Mallory")],
  ["a promise that stays open", () => new Promise(() => undefined)],
  ["a promise of another kind", () => ({ then: (resolve: (user: string) => void) => resolve("Mallory") })],
];

/** What `done` is told, in one turn, and who is in afterwards. */
const orders: [string, Act, unknown][] = [
  ["done(null, user)", (done) => done(null, "Ada"), "Ada"],
  ["done(undefined, user)", (done) => done(undefined, "Ada"), "Ada"],
  ["done(null, a promise of a user)", (done) => done(null, Promise.resolve("Ada")), "Ada"],
  ["done(null, a promise of null)", (done) => done(null, Promise.resolve(null)), "nobody"],
  ["done(null, false)", (done) => done(null, false), "nobody"],
  ["done(null)", (done) => done(null), "nobody"],
  ["done()", (done) => done(), "nobody"],
  ["done(undefined, undefined)", (done) => done(undefined, undefined), "nobody"],
  ["done(null, 0)", (done) => done(null, 0), "nobody"],
  ["done(error)", (done) => done(away), away],
  ["done(error, user)", (done) => done(away, "Ada"), away],
  ["done(null, error)", (done) => done(null, away), away],
  ["a refusal, then a user", (done) => [done(null, false), done(null, "Ada")], "nobody"],
  ["a user, then a refusal", (done) => [done(null, "Ada"), done(null, false)], "nobody"],
  ["a user, then an error", (done) => [done(null, "Ada"), done(away)], away],
  ["an error, then a user", (done) => [done(away), done(null, "Ada")], away],
  ["nothing", () => undefined, "silence"],
];

describe("done", () => {
  const cases = returns.flatMap(([what, value]) => orders.map((order) => [what, value, ...order] as const));

  it.each(cases)("decides at once, with %s returned (%p): %s", async (_what, value, _order, act, expected) => {
    expect(await settled((done) => (act(done), value()))).toBe(expected);
  });

  it.each(cases)("decides later, with %s returned (%p): %s", async (_what, value, _order, act, expected) => {
    expect(await settled((done) => (later(() => act(done)), value()))).toBe(expected);
  });

  it.each<[string, Act]>([
    ["throws before", () => fail(away)],
    ["throws behind", (done) => (done(null, "Ada"), fail(away))],
    ["rejects before", (done) => (later(() => done(null, "Ada")), Promise.reject(away))],
    ["rejects behind", (done) => (done(null, "Ada"), Promise.reject(away))],
  ])("does not let in when verify %s", async (_what, act) => {
    expect(await settled(act)).toBe(away);
  });

  it("does not let in once its time is over", async () => {
    let call: (() => void) | undefined;
    expect(await settled((done) => void (call = () => done(null, "Ada")))).toBe("silence");
    expect(call).not.toThrow();
  });

  it("starts no query once more to see what it says", async () => {
    let begun = 0;
    const query = { then: () => (begun += 1) };
    expect(await settled((done) => (later(() => done(null, "Ada")), query))).toBe("Ada");
    expect(begun).toBe(0);
  });
});

describe("classicVerify(fn)", () => {
  it.each<[string, Given]>([
    ["rest parameters", (...given) => tell(...given)],
    ["default values", (a = "", r = null, p = {}, done = () => undefined) => tell(a, r, p, done)],
    ["bound ones", ((...given: unknown[]) => tell(...given)).bind(null)],
  ])("needs no count of parameters: %s", async (_what, verify) => {
    expect((await ask(classicVerify(verify))).user).toEqual(["access", null, profile]);
  });

  it("takes Passport's other forms too", async () => {
    const collect: Given = (...given) => tell(...given);
    expect((await ask(classicVerify(collect, { params: true }))).user).toEqual(["access", null, answer, profile]);
    expect((await ask(classicVerify(collect, { passReqToCallback: true }))).user).toEqual([
      req,
      "access",
      null,
      profile,
    ]);
    const all = classicVerify(collect, { passReqToCallback: true, params: true });
    expect((await ask(all)).user).toEqual([req, "access", null, answer, profile]);
  });

  it.each(orders)("is settled by done alone: %s", async (_order, act, expected) => {
    const verify = classicVerify((...given) => {
      later(() => act(given.at(-1) as VerifyCallback));
      return Promise.resolve("Mallory");
    });
    expect(await settled(act, verify)).toBe(expected);
  });

  it("hands on the info beside the user", async () => {
    const verify = classicVerify((_a, _r, _p, done) => done(null, "Ada", { plan: "pro" }));
    expect(await ask(verify)).toEqual({ user: "Ada", info: { plan: "pro" } });
  });

  it("can be part of a verify of one's own", async () => {
    const classic = classicVerify((_a, _r, { id }, done) => done(null, id));
    expect((await ask(async (given: Arrival) => `company ${String(await classic(given))}`)).user).toBe("company 7");
    const given = await classicVerify((...all: unknown[]) => tell(...all), { params: true })(arrival);
    expect(given).toEqual(["access", null, answer, profile]);
  });

  it.each([[null], [undefined], [false], ["done"], [{}]])("takes no %p", (given) => {
    expect(refusalOf(() => classicVerify(given as never)).message).toContain("classicVerify() takes a function; got");
  });

  it("takes none that could not call done", () => {
    const { message } = refusalOf(() => classicVerify((_a, _r, p) => p));
    expect(message).toBe(
      "classicVerify() takes a function of (accessToken, refreshToken, profile, done); this one declares 3 of them, " +
        "and so could never call done.",
    );
    expect(() => classicVerify((_a, _r, _p, _done) => undefined, { passReqToCallback: true } as never)).toThrow(
      "(req, accessToken, refreshToken, profile, done)",
    );
    expect(() => classicVerify((_a, _r, _p, _done) => undefined, { params: true } as never)).toThrow(
      "(accessToken, refreshToken, params, profile, done)",
    );
  });

  it("takes no options that are none", () => {
    expect(() => classicVerify(() => undefined, null as never)).toThrow("classicVerify(verify, options)");
    expect(() => classicVerify(() => undefined, { param: true } as never)).toThrow('"param"');
  });

  it("says whose option passReqToCallback is", () => {
    const verify = classicVerify((...given) => tell(...given));
    expect(refusalOf(() => readVerify(verify, withReq)).message).toBe(
      "passReqToCallback belongs to classicVerify(verify, { passReqToCallback: true }): take it out of the strategy's options.",
    );
  });
});

function fail(error: Error): never {
  throw error;
}
