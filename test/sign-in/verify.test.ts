import type { Request } from "express";
import { readVerify, type AnyVerify, type Arrival, type VerifyCallback } from "../../src/sign-in/verify";

const arrival: Arrival = {
  account: { id: 7, name: "Acme", user: { id: 1, name: "Ada", email: "ada@acme.example" } },
  tokens: { accessToken: "access", refreshToken: null, expiresAt: null, obtainedAt: new Date() },
  req: { path: "/callback" } as Request,
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

/** Any function is a `verify` for these tests: what counts is what it is called with. */
function ask(verify?: (...given: never[]) => unknown, options?: { passReqToCallback: boolean }) {
  return readVerify(verify as AnyVerify | undefined, options)(arrival, answer);
}

/** Settles the `done` at the end with everything before it. */
function tell(...given: unknown[]) {
  (given.pop() as VerifyCallback)(null, given);
}

describe("verify", () => {
  it("is not needed: the account is the user", async () => {
    expect(await ask()).toEqual({ user: arrival.account, info: undefined });
  });

  it("is given what has arrived, and its answer is the user", async () => {
    expect(await ask((...given: unknown[]) => given)).toEqual({ user: [arrival], info: undefined });
    expect(await ask(async ({ account }: Arrival) => Promise.resolve(account.name))).toMatchObject({ user: "Acme" });
  });

  it.each([[false], [undefined], [null], [0], [""]])("refuses by %j, or by a promise of it", async (no) => {
    expect((await ask(() => no)).user).toBe(no);
    expect((await ask(() => Promise.resolve(no))).user).toBe(no);
  });
});

describe("a classic verify", () => {
  const withReq = { passReqToCallback: true };
  type Given = (...given: unknown[]) => unknown;

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

  it("settles by done, with its info, whatever it returns in the meantime", async () => {
    const verify = (_a: string, _r: null, _p: object, done: VerifyCallback) => {
      setImmediate(() => done(null, false, { message: "Not yours." }));
      return { query: "still running" };
    };
    expect(await ask(verify)).toEqual({ user: false, info: { message: "Not yours." } });
  });

  it("settles by the promise it returns when it takes done as well", async () => {
    const verify = async (_a: string, _r: null, p: { id: string }, _done: VerifyCallback) => Promise.resolve(p.id);
    expect((await ask(verify)).user).toBe("7");
  });

  it("waits for done when its promise says nothing", async () => {
    // eslint-disable-next-line @typescript-eslint/require-await -- as many write it
    const verify = async (_a: string, _r: null, _p: object, done: VerifyCallback) => {
      setImmediate(done, null, "Ada");
    };
    expect((await ask(verify)).user).toBe("Ada");
  });

  it("cannot sign in by done once it has refused", async () => {
    const verify = (_a: string, _r: null, _p: object, done: VerifyCallback) => {
      done(null, false);
      done(null, "Ada");
    };
    expect((await ask(verify)).user).toBe(false);
  });
});

describe("a verify that fails", () => {
  const broken = new Error("the database is away");
  type Failing = (a: unknown, r: unknown, p: unknown, done: VerifyCallback) => unknown;

  it.each<[string, (...given: never[]) => unknown]>([
    ["throws", () => fail(broken)],
    ["rejects", () => Promise.reject(broken)],
    ["throws in the classic form", ((_a, _r, _p, _done) => fail(broken)) satisfies Failing],
    ["rejects in the classic form", ((_a, _r, _p, _done) => Promise.reject(broken)) satisfies Failing],
    ["tells done", ((_a, _r, _p, done) => done(broken)) satisfies Failing],
    ["rejects in the form of 3", (_a: unknown, _r: unknown, _p: unknown) => Promise.reject(broken)],
  ])("reports its own error when it %s", async (_how, verify) => {
    await expect(ask(verify)).rejects.toBe(broken);
  });

  it.each([[undefined], [null], ["route"], ["router"], [false], [0]])(
    "reports an error, not %j: Express would go on to the next handler",
    async (thrown) => {
      await expect(ask(() => fail(thrown))).rejects.toThrow("`verify` failed");
      await expect(ask(() => Promise.reject(thrown))).rejects.toThrow("`verify` failed");
    },
  );
});

function fail(error: unknown): never {
  throw error;
}
