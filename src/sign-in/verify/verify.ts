import { types } from "node:util";
import { kindOf } from "../../config/values";
import { ConfigError } from "../../errors/errors";
import type { Ask, Verdict, Verify } from "./arrival";
import { askByDone, askByPromise, classicAskOf, type AnyClassicVerify } from "./classic-verify";
import { readParameters } from "./parameters";
import { within } from "../../time/within";

export type { Arrival, Ask, Verdict, Verify } from "./arrival";

export type AnyVerify = Verify | AnyClassicVerify;

/**
 * Without `verify` the account itself is the user. Its form is told by its number of parameters, where that is certain.
 * @throws {ConfigError} something else than a function was given, or its form cannot be told.
 */
export function readVerify(
  verify: AnyVerify | undefined,
  { passReqToCallback = false, patienceMs = 60_000 } = {},
): Ask {
  if (verify === undefined) return ({ account }) => Promise.resolve({ user: account, info: undefined });
  if (typeof verify !== "function") {
    throw new ConfigError(
      `verify must be a function; got ${kindOf(verify)}, which would let everybody in. Leave it out if that is meant.`,
    );
  }
  return answering(askOf(verify, passReqToCallback), patienceMs);
}

function askOf(verify: AnyVerify, passReqToCallback: boolean): Ask {
  const marked = classicAskOf(verify);
  if (marked && passReqToCallback) throw new ConfigError(requestTwice);
  if (marked) return marked;
  if (types.isGeneratorFunction(verify) || /^class\b/.test(Function.prototype.toString.call(verify))) {
    throw new ConfigError(
      "verify is a class or a generator function, whose answer says nothing. Write an async function.",
    );
  }

  const count = certainCount(verify, passReqToCallback ? 5 : 4);
  if (count === null) throw new ConfigError(unclear);
  const classic = passReqToCallback ? count - 1 : count;
  if (classic === 3) return askByPromise(verify, { passReqToCallback });
  if (classic === 4) return askByDone(verify, { passReqToCallback });
  if (classic === 5) return askByDone(verify, { passReqToCallback, params: true });
  if (passReqToCallback) throw new ConfigError(`${counted(count)} ${requestNotTaken}`);
  if (count > 1) throw new ConfigError(`${counted(count)} ${forms}`);
  return async (arrival) => ({ user: await (verify as Verify)(arrival), info: undefined });
}

/** Null where the number of parameters would be a guess, and a wrong one lets in whom `done` refuses. */
function certainCount(verify: AnyVerify, withDone: number): number | null {
  const { length } = verify;
  const { count, open } = readParameters(verify);
  if (open) return null;
  if (count === null) return length === 1 || length >= withDone ? length : null;
  return count === length || count === 1 ? count : null;
}

/** Express takes `next(undefined)` and `next("route")` for "go on": only an object may leave here as an error. */
function answering(ask: Ask, patienceMs: number): Ask {
  return (arrival, params) =>
    inTime(ask(arrival, params), patienceMs)
      .then(withoutError)
      .catch((thrown: unknown) => {
        if (typeof thrown === "object" && thrown !== null) throw thrown;
        throw new TypeError("`verify` failed with something that is no Error.");
      });
}

/** An error is truthy, and nobody to let in. */
function withoutError(verdict: Verdict): Verdict {
  if (verdict.user instanceof Error) throw verdict.user;
  return verdict;
}

function inTime<T>(asked: Promise<T>, patienceMs: number): Promise<T> {
  const late = () => {
    throw new Error(noAnswer(patienceMs));
  };
  return within({ limitMs: patienceMs, late }, asked);
}

const forms =
  "Write verify as async ({ account, tokens, req }) => user, or as Passport's (accessToken, refreshToken, profile, done).";

const unclear =
  "verify does not show which parameters it takes: it has default values or rest parameters, reads `arguments`, or is " +
  "bound or wrapped. If it is one of Passport's, say so with classicVerify(verify); else write " +
  "verify: (arrival) => yourFunction(arrival).";

const requestNotTaken =
  "passReqToCallback: true is for Passport's (req, accessToken, refreshToken, profile, done). " +
  "({ account, tokens, req }) => user is given the request in any case: leave the option out.";

const requestTwice =
  "passReqToCallback belongs to classicVerify(verify, { passReqToCallback: true }): take it out of the strategy's options.";

function noAnswer(patienceMs: number): string {
  return (
    `\`verify\` gave no answer within ${patienceMs / 1000} s. One that takes \`done\` has to call it: ` +
    "the value of its promise is no answer."
  );
}

function counted(count: number): string {
  return `verify takes ${count} parameter${count === 1 ? "" : "s"}, which is none of its forms.`;
}
