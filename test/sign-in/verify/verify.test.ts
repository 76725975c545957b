import type { Request } from "express";
import type { VerifyCallback } from "../../../src/sign-in/verify/classic-verify";
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
/** Any function is a `verify` for these tests: what counts is what it is called with. */
function ask(verify?: (...given: never[]) => unknown, options?: { passReqToCallback?: boolean; patienceMs?: number }) {
  return readVerify(verify as AnyVerify | undefined, options)(arrival, answer);
}

describe("verify", () => {
  it("is not needed: the account is the user", async () => {
    expect(await ask()).toEqual({ user: arrival.account, info: undefined });
  });

  it("is given what has arrived, and its answer is the user", async () => {
    expect(await ask((given: Arrival) => [given])).toEqual({ user: [arrival], info: undefined });
    expect(await ask((given = arrival) => [given])).toEqual({ user: [arrival], info: undefined });
    expect(await ask(async ({ account }: Arrival) => Promise.resolve(account.name))).toMatchObject({ user: "Acme" });
  });

  it.each([[false], [undefined], [null], [0], [""]])("refuses by %j, or by a promise of it", async (no) => {
    expect((await ask(() => no)).user).toBe(no);
    expect((await ask(() => Promise.resolve(no))).user).toBe(no);
  });
});

describe("a verify that is no function", () => {
  it.each([
    [null],
    [false],
    [""],
    [0],
    [{}],
    [[]],
    ["everyone"],
    [true],
    [Promise.resolve(() => false)],
    [Symbol("v")],
  ])("does not let everybody in: %p is refused at start", (given) => {
    expect(refusalOf(() => readVerify(given as never)).message).toMatch(/^verify must be a function; got .*everybody/);
  });

  it.each<[string, (...given: never[]) => unknown]>([
    ["a generator function", function* () {}],
    ["an async generator function", async function* () {}],
    ["a class", class {} as never],
  ])("nor one whose answer says nothing: %s", (_what, verify) => {
    expect(refusalOf(() => readVerify(verify as AnyVerify)).message).toContain("whose answer says nothing");
  });
});

describe("the form of a verify", () => {
  type Function = (...given: never[]) => unknown;
  const bind = (verify: Function) => verify.bind(null);

  it.each<[string, Function, boolean?]>([
    ["rest parameters", (...given: unknown[]) => given],
    ["rest parameters behind some", (_a: string, ...given: unknown[]) => given],
    ["rest parameters in place of done", (_a: string, _r: null, _p: object, ...given: unknown[]) => given],
    ["a default before done", (_a: string, _r = null, _p: object, _d: VerifyCallback) => true],
    ["a default for the profile", (_a: string, _r: null, _p = {}, _d: VerifyCallback) => true],
    ["a default for done", (_a: string, _r: null, _p: object, _d = () => undefined) => true],
    ["a default for all", (_a = "", _r = null, _p = {}, _d = () => undefined) => true],
    [
      "a default behind the parameters of the token answer",
      (_a: string, _r: null, _x: object, _p = {}, _d: VerifyCallback) => true,
    ],
    ["a default and the request", (_q: object, _a: string, _r: null, _p = {}, _d: VerifyCallback) => true, true],
    [
      "its parameters in `arguments`",
      function () {
        // oxlint-disable-next-line prefer-rest-params -- the case
        return arguments[3] as unknown;
      },
    ],
    ["none, being bound", bind((...given: unknown[]) => given)],
    ["two, being bound", bind((_a: string, _r: null, _p = {}, _d: VerifyCallback) => true)],
    ["three, being bound", bind((_a: string, _r: null, _p: object, _d = () => undefined) => true)],
    ["four with the request, being bound", bind((_q: object, _a: string, _r: null, _p: object) => true), true],
    ["none, being a proxy", new Proxy((...given: unknown[]) => given, {})],
  ])("is not guessed from %s", (_what, verify, passReqToCallback = false) => {
    const { message } = refusalOf(() => readVerify(verify as AnyVerify, { passReqToCallback }));
    expect(message).toContain("verify does not show which parameters it takes");
    expect(message).toContain("classicVerify(verify); else write verify: (arrival) => yourFunction(arrival).");
  });

  it.each<[string, Function, boolean?]>([
    ["four", bind((_a: string, _r: null, _p: object, done: VerifyCallback) => done(null, "Ada"))],
    [
      "five, the request first",
      bind((_q: object, _a: string, _r: null, _p: object, done: VerifyCallback) => done(null, "Ada")),
      true,
    ],
  ])("is Passport's with %s, being bound", async (_what, verify, passReqToCallback = false) => {
    expect((await ask(verify, { passReqToCallback })).user).toBe("Ada");
  });

  it.each<[number, Function, boolean?]>([
    [2, (_a: string, _r: null) => true],
    [6, (_q: object, _a: string, _r: null, _x: object, _p: object, _d: VerifyCallback) => true],
    [1, ({ account }: Arrival) => account, true],
    [0, () => true, true],
    [7, (_1: 1, _2: 2, _3: 3, _4: 4, _5: 5, _6: 6, _7: 7) => true, true],
  ])("is none with %j parameters", (count, verify, passReqToCallback = false) => {
    const { message } = refusalOf(() => readVerify(verify as AnyVerify, { passReqToCallback }));
    const what = passReqToCallback
      ? "passReqToCallback: true is for Passport's (req, accessToken, refreshToken, profile, done). " +
        "({ account, tokens, req }) => user is given the request in any case: leave the option out."
      : "Write verify as async ({ account,";
    expect(message).toContain(`takes ${count} parameter${count === 1 ? "" : "s"}, which is none of its forms. ${what}`);
  });

  it.each<[string, Function]>([
    ["no parameter", () => "Ada"],
    ["a default", (given = arrival) => given.account && "Ada"],
    // oxlint-disable-next-line typescript/no-useless-default-assignment -- the case
    ["defaults inside", ({ account: { name = "a, b) =>" } }: Arrival) => name && "Ada"],
    ["brackets in a comment", (/* ((, */ _arrival: Arrival) => "Ada"],
    ["the word class in it", (_arrival: Arrival) => ["class", "Ada"].at(1)],
    ["a name of its own", { verify: async (_arrival: Arrival) => Promise.resolve("Ada") }.verify],
    [
      "a method",
      {
        async verify(this: void, _arrival: Arrival) {
          return Promise.resolve("Ada");
        },
      }.verify,
    ],
    ["a bound one", bind((_arrival: Arrival) => "Ada")],
    ["a proxy", new Proxy((_arrival: Arrival) => "Ada", {})],
    ["jest's", jest.fn((_arrival: Arrival) => "Ada")],
    [
      "a wrapper, as Babel writes it",
      function (this: unknown, _x: Arrival) {
        // oxlint-disable-next-line prefer-rest-params -- as compilers write it
        return (() => "Ada").apply(this, arguments as never);
      },
    ],
  ])("is that of an arrival with %s", async (_what, verify) => {
    expect((await ask(verify)).user).toBe("Ada");
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
    ["answers with it", () => broken],
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

describe("a verify that is silent", () => {
  it.each<[string, (...given: never[]) => unknown]>([
    ["never answers", () => new Promise(() => undefined)],
    ["never calls done", (_a: string, _r: null, _p: object, _done: VerifyCallback) => ({ user: "Ada" })],
    [
      "leaves done out, though its promise has a user",
      async (_a: string, _r: null, _p: object, _d: object) => Promise.resolve("Ada"),
    ],
  ])("lets nobody in when it %s", async (_how, verify) => {
    await expect(ask(verify, { patienceMs: 20 })).rejects.toThrow(
      "`verify` gave no answer within 0.02 s. One that takes `done` has to call it: the value of its promise is no answer.",
    );
  });
});

function fail(error: unknown): never {
  throw error;
}
