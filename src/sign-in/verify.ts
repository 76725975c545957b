import { types } from "node:util";
import type { Request } from "express";
import type { Account } from "../grants/grant";
import type { Tokens } from "../oauth/tokens";
import type { Profile } from "./profile";
import { profileOf } from "./profile";

/** What `verify` is asked about: a company that has just consented. Nothing of it has been stored yet. */
export interface Arrival {
  readonly account: Account;
  readonly tokens: Tokens;
  readonly req: Request;
}

/** Decides whether a company may connect, and who the user is. A falsy answer refuses; an error goes to `next`. */
export type Verify = (arrival: Arrival) => unknown;

/** Passport's callback: `done(error)`, `done(null, user, info)` or `done(null, false, info)`. */
export type VerifyCallback = (error?: unknown, user?: unknown, info?: object) => void;

/**
 * Passport's classic form; a promise it returns settles it as `done` would. Written in place it needs its types named,
 * or `satisfies ClassicVerify` behind it: TypeScript picks a form before it counts parameters.
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

export type ClassicVerifyWithRequestAndParams = (
  req: Request,
  accessToken: string,
  refreshToken: string | null,
  params: object,
  profile: Profile,
  done: VerifyCallback,
) => unknown;

export type AnyVerify =
  Verify | ClassicVerify | ClassicVerifyWithParams | ClassicVerifyWithRequest | ClassicVerifyWithRequestAndParams;

export interface Verdict {
  /** Falsy means refused. */
  readonly user: unknown;
  readonly info: object | undefined;
}

/** One way of asking, whichever form the app wrote. */
export type Ask = (arrival: Arrival, params: object) => Promise<Verdict>;

/** Without `verify` the account itself is the user. Three or more parameters mean one of Passport's classic forms. */
export function readVerify(verify: AnyVerify | undefined, { passReqToCallback = false } = {}): Ask {
  if (!verify) return ({ account }) => Promise.resolve({ user: account, info: undefined });
  if (verify.length < 3)
    return failing(async (arrival) => ({ user: await (verify as Verify)(arrival), info: undefined }));
  return failing((arrival, params) => askClassic(verify as Classic, arrival, params, passReqToCallback));
}

/** Express takes `next(undefined)` and `next("route")` for "go on": only an object may leave here as an error. */
function failing(ask: Ask): Ask {
  return (arrival, params) =>
    ask(arrival, params).catch((thrown: unknown) => {
      if (typeof thrown === "object" && thrown !== null) throw thrown;
      throw new TypeError("`verify` failed with something that is no Error.");
    });
}

type Classic = (...args: unknown[]) => unknown;

async function askClassic(
  verify: Classic,
  { account, tokens, req }: Arrival,
  params: object,
  withReq: boolean,
): Promise<Verdict> {
  const arity = verify.length - (withReq ? 1 : 0);
  const given = [
    ...(withReq ? [req] : []),
    tokens.accessToken,
    tokens.refreshToken,
    ...(arity >= 5 ? [params] : []),
    profileOf(account),
  ];
  if (arity < 4) return { user: await verify(...given), info: undefined };

  return new Promise((resolve, reject) => {
    function done(error?: unknown, user?: unknown, info?: object): void {
      if (error) reject(error);
      else resolve({ user, info });
    }

    // Arrow functions often return what a database call returns, before it has called `done`: only a promise is an answer.
    const returned = verify(...given, done);
    if (types.isPromise(returned)) returned.then((user) => user !== undefined && done(null, user), reject);
  });
}
