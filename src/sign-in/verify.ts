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

/** Passport's classic forms; a promise they return settles them as `done` would. */
export type ClassicVerify =
  | ((accessToken: string, refreshToken: string | null, profile: Profile, done: VerifyCallback) => unknown)
  | ((
      accessToken: string,
      refreshToken: string | null,
      params: object,
      profile: Profile,
      done: VerifyCallback,
    ) => unknown);

/** The same with `passReqToCallback: true`. */
export type ClassicVerifyWithRequest =
  | ((
      req: Request,
      accessToken: string,
      refreshToken: string | null,
      profile: Profile,
      done: VerifyCallback,
    ) => unknown)
  | ((
      req: Request,
      accessToken: string,
      refreshToken: string | null,
      params: object,
      profile: Profile,
      done: VerifyCallback,
    ) => unknown);

export interface Verdict {
  /** Falsy means refused. */
  readonly user: unknown;
  readonly info: object | undefined;
}

/** One way of asking, whichever form the app wrote. */
export type Ask = (arrival: Arrival, params: object) => Promise<Verdict>;

/** Without `verify` the account itself is the user. Three or more parameters mean one of Passport's classic forms. */
export function readVerify(
  verify: Verify | ClassicVerify | ClassicVerifyWithRequest | undefined,
  { passReqToCallback = false } = {},
): Ask {
  if (!verify) return ({ account }) => Promise.resolve({ user: account, info: undefined });
  if (verify.length >= 3) return (arrival, params) => askClassic(verify as Classic, arrival, params, passReqToCallback);
  return async (arrival) => ({ user: await (verify as Verify)(arrival), info: undefined });
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

    // A form that takes `done` may be async besides; then its bare `undefined` says nothing.
    Promise.resolve(verify(...given, done)).then((user) => isUser(user) && done(null, user), reject);
  });
}

function isUser(value: unknown): boolean {
  return value !== undefined;
}
