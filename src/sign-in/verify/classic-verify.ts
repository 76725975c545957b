import { types } from "node:util";
import type { Request } from "express";
import { ownOptions } from "../../config/own-options";
import { refuseUnknown } from "../../config/unknown-option";
import { kindOf } from "../../config/values";
import { ConfigError } from "../../errors/errors";
import { readParameters } from "./parameters";
import { profileOf, type Profile } from "../profile";
import type { Arrival, Ask, Verdict, Verify } from "./arrival";

/** Passport's callback: `done(error)`, `done(null, user, info)` or `done(null, false, info)`. */
export type VerifyCallback = (error?: unknown, user?: unknown, info?: object) => void;

/**
 * Passport's classic form. Only `done`, or a rejection, settles it: what its promise fulfils with is no answer. Written
 * with three parameters it has no `done`, and then its promise is the answer. Written in place it needs its types named,
 * or {@link classicVerify} around it: TypeScript picks a form before it counts parameters.
 */
export type ClassicVerify = (
  accessToken: string,
  refreshToken: string | null,
  profile: Profile,
  done: VerifyCallback,
) => unknown;

/** The same with the whole token answer. */
export type ClassicVerifyWithParams = (
  accessToken: string,
  refreshToken: string | null,
  params: object,
  profile: Profile,
  done: VerifyCallback,
) => unknown;

/** The classic form with `passReqToCallback: true`. */
export type ClassicVerifyWithRequest = (
  req: Request,
  accessToken: string,
  refreshToken: string | null,
  profile: Profile,
  done: VerifyCallback,
) => unknown;

/** As `ClassicVerifyWithParams`, with the request in front. */
export type ClassicVerifyWithRequestAndParams = (
  req: Request,
  accessToken: string,
  refreshToken: string | null,
  params: object,
  profile: Profile,
  done: VerifyCallback,
) => unknown;

export type AnyClassicVerify =
  | ClassicVerify
  | ClassicVerifyWithParams
  | ClassicVerifyWithRequest
  | ClassicVerifyWithRequestAndParams;

export interface ClassicForm {
  /** Puts the request first. */
  readonly passReqToCallback?: boolean | undefined;
  /** Puts the whole token answer before the profile. */
  readonly params?: boolean | undefined;
}

const askKey = Symbol.for("express-aircall.classic-verify");

/**
 * Says that a function takes Passport's `(accessToken, refreshToken, profile, done)`, where its number of parameters
 * does not: `new AircallStrategy(options, classicVerify((...args) => …))`. Only `done`, or a rejection, settles it.
 * `passReqToCallback` puts the request first, `params` the whole token answer before the profile.
 * @throws {ConfigError} it is no function, or plainly takes no `done`.
 */
export function classicVerify(verify: ClassicVerify): Verify;
export function classicVerify(
  verify: ClassicVerify,
  form: { readonly passReqToCallback?: false | undefined; readonly params?: false | undefined },
): Verify;
export function classicVerify(
  verify: ClassicVerifyWithParams,
  form: { readonly passReqToCallback?: false | undefined; readonly params: true },
): Verify;
export function classicVerify(
  verify: ClassicVerifyWithRequest,
  form: { readonly passReqToCallback: true; readonly params?: false | undefined },
): Verify;
export function classicVerify(
  verify: ClassicVerifyWithRequestAndParams,
  form: { readonly passReqToCallback: true; readonly params: true },
): Verify;
export function classicVerify(verify: AnyClassicVerify, options: ClassicForm = {}): Verify {
  const form = ownOptions(options, "classicVerify(verify, options)");
  refuseUnknown(form, ["passReqToCallback", "params"]);
  if (typeof verify !== "function") throw new ConfigError(`classicVerify() takes a function; got ${kindOf(verify)}.`);
  const { count, open } = readParameters(verify);
  const wanted = classicParameters(form).length + 1;
  if (count !== null && !open && count < wanted) {
    throw new ConfigError(
      `classicVerify() takes a function of (${[...classicParameters(form), "done"].join(", ")}); this one declares ` +
        `${count} of them, and so could never call done.`,
    );
  }
  const ask = askByDone(verify, form);

  async function verifyClassically(arrival: Arrival): Promise<unknown> {
    const { tokens } = arrival;
    return (await ask(arrival, { access_token: tokens.accessToken, token_type: "Bearer" })).user;
  }
  return Object.assign(verifyClassically, { [askKey]: ask });
}

/** How to ask what {@link classicVerify} made; null for any other function. */
export function classicAskOf(verify: object): Ask | null {
  return Object.hasOwn(verify, askKey) ? (verify as { readonly [askKey]: Ask })[askKey] : null;
}

/** What stands before `done`. */
export function classicParameters({ passReqToCallback, params }: ClassicForm): string[] {
  return [
    ...(passReqToCallback ? ["req"] : []),
    "accessToken",
    "refreshToken",
    ...(params ? ["params"] : []),
    "profile",
  ];
}

/** The classic form that has no `done`: its answer is that of its promise. */
export function askByPromise(verify: Callback, form: ClassicForm): Ask {
  return async (arrival, params) => {
    const user: unknown = await Reflect.apply(verify, undefined, classicArguments(form, arrival, params));
    return { user, info: undefined };
  };
}

export function askByDone(verify: Callback, form: ClassicForm): Ask {
  return (arrival, params) =>
    settledByDone((done): unknown =>
      Reflect.apply(verify, undefined, [...classicArguments(form, arrival, params), done]),
    );
}

/** Of whichever form: it is given what its form says. */
type Callback = (...given: never[]) => unknown;

function classicArguments(form: ClassicForm, { account, tokens, req }: Arrival, params: object): unknown[] {
  return [
    ...(form.passReqToCallback ? [req] : []),
    tokens.accessToken,
    tokens.refreshToken,
    ...(form.params ? [params] : []),
    profileOf(account),
  ];
}

/** Where one turn says several things of the same person, an error counts before a refusal, and a refusal before a user. */
function settledByDone(call: (done: VerifyCallback) => unknown): Promise<Verdict> {
  return new Promise((resolve, reject) => {
    const told: Verdict[] = [];

    function done(error?: unknown, user?: unknown, info?: object): void {
      if (error) return reject(error);
      told.push({ user, info });
      setImmediate(decide);
    }

    function decide(): void {
      const { user, info } = told.find((verdict) => !verdict.user) ?? told[0]!;
      // Often a query that somebody forgot to await: what it finds is the user, not the query.
      Promise.resolve(user).then((found: unknown) => resolve({ user: found, info }), reject);
    }

    const returned = call(done);
    // Other thenables may be queries, which begin once more when they are listened to.
    if (types.isPromise(returned)) returned.catch(reject);
  });
}
