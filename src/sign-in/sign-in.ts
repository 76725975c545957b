import type { Request, Response } from "express";
import type { SignInConfig } from "../config/config";
import { tellingAfter } from "../companies/hooks/turn";
import { sha256 } from "../config/sha256";
import { AircallError, SignInError } from "../errors/errors";
import { tell } from "../diagnostics";
import type { Account } from "../grants/grant";
import { appKey } from "../grants/session-grants";
import { onStoreTimeOf } from "../time/store-time";
import { createTransport } from "../http/transport/choose";
import { authorizeUrl } from "../oauth/authorize-url";
import { createTokenEndpoint, type TokenEndpoint } from "../oauth/token-endpoint";
import type { Attempt, AttemptWish } from "./attempt";
import { createAttemptKeeping } from "./attempt-keeping";
import { readCallback, type Callback } from "./callback";
import { checkOnce } from "./checked-stores";
import { CodeExchange, unknownAttempt, type Admitted, type Params } from "./code-exchange";
import { createDoctor } from "./doctor/doctor";
import { createLoopGuard } from "./loop-guard";
import { createAccountReader } from "./profile";
import { isPrefetch } from "./prefetch";
import { grantsFor, keepingFor } from "./runtime";
import { requireSameTenant, tenantOf } from "./tenant";
import type { Ask } from "./verify/verify";

/** Someone has signed in: their grant is stored, and their session, stored too, holds its id. */
export interface SignedIn extends Admitted {
  readonly attempt: Attempt;
}

export interface Beginning extends Omit<AttemptWish, "ref"> {
  /** Joins the authorize address. */
  readonly extra?: Params;
}

export interface Finishing {
  /** Adds a company to those the session has, whatever was wished at the beginning. */
  readonly add: boolean;
  /** Joins the token request. */
  readonly extra?: Params;
}

export interface SignIn {
  /**
   * Where to send the browser. Writes a cookie, and nothing on the server.
   * @throws {ConfigError} when they could not come back signed in.
   */
  begin(req: Request, res: Response, wish: Beginning): Promise<string>;
  /** @throws {SignInError} when this callback signs nobody in. */
  finish(req: Request, res: Response, wish: Finishing): Promise<SignedIn>;
  readAccount(accessToken: string): Promise<Account>;
  readonly endpoint: TokenEndpoint;
}

/** Takes someone from "connect" to a stored grant: the authorization code grant of RFC 6749, section 4.1. */
export function createSignIn(
  config: SignInConfig,
  ask: Ask,
  transport = createTransport(config.fetch, config.dispatcher),
): SignIn {
  const attempts = createAttemptKeeping(config);
  const doctor = createDoctor(config);
  const loopGuard = createLoopGuard(config);
  const endpoint = createTokenEndpoint({ ...config, transport });
  const readAccount = createAccountReader(config, transport);
  const app = appKey(config.client.id);
  const codes = new CodeExchange({ config, ask, endpoint, readAccount, attempts, app });

  async function begin(req: Request, res: Response, { extra = {}, ...wish }: Beginning): Promise<string> {
    keepPrivate(res);
    doctor.examineStart(req);
    loopGuard.check(req, res);
    const keeping = keepingFor(req, app);
    await onStoreTimeOf(req, res, () => checkOnce(grantsFor(req, keeping)));
    const ref = await tenantOf(req, keeping);
    const { state, codeVerifier } = attempts.start(req, res, { ...wish, ...(ref !== undefined && { ref }) });
    return authorizeUrl(config, { state, extra, ...(codeVerifier && { codeChallenge: sha256(codeVerifier) }) });
  }

  async function finish(req: Request, res: Response, wish: Finishing): Promise<SignedIn> {
    try {
      const signedIn = await tellingAfter(req, () => onStoreTimeOf(req, res, () => receive(req, res, wish)));
      tell("express-aircall:sign-in", { code: null });
      return signedIn;
    } catch (error) {
      tell("express-aircall:sign-in", { code: error instanceof AircallError ? error.code : "failed" });
      throw error;
    }
  }

  async function receive(req: Request, res: Response, { add, extra = {} }: Finishing): Promise<SignedIn> {
    keepPrivate(res);
    if (isPrefetch(req.headers)) throw new SignInError("sign_in_prefetch", prefetched);
    doctor.examine(req);
    const callback = readCallback(req.originalUrl);
    const attempt = attempts.find(req, callback.state);
    if (!attempt) throw unknownAttempt({ cookieless: req.headers.cookie === undefined });
    const end = () => attempts.end(req, res, callback.state);
    await requireSameTenant(req, keepingFor(req, app), attempt);
    const code = readCode(callback, config.issuer, end);

    const wished = { ...attempt, add: attempt.add || add };
    const admitted = await codes.exchangeOnce(req, wished, { code, extra, claimed: end });
    loopGuard.remember(res);
    return { ...admitted, attempt };
  }

  return { begin, finish, readAccount, endpoint };
}

/** With a status of failure browsers throw away what they fetched, and ask again when somebody really goes there. */
const prefetched = "Nobody is signed in on suspicion: this callback was fetched ahead of a visit. Visit it.";

/** An answer of signing in or out is nobody else's business, and its address may hold a code. */
export function keepPrivate(res: Response): void {
  res.set({ "Cache-Control": "no-store", "Referrer-Policy": "no-referrer" });
}

/** @throws {SignInError} when the answer is an error, or came from another issuer (RFC 9207). */
export function readCode({ code, error, iss }: Callback, issuer: string | null, end: () => void): string {
  if (issuer !== null && iss !== issuer) {
    throw new SignInError("sign_in_callback", "This answer does not come from the configured issuer. Begin again.");
  }
  if (code !== null) return code;
  end();
  if (error === "access_denied") {
    throw new SignInError(
      "sign_in_denied",
      "Access was denied at Aircall; only its administrators may grant it.",
      error,
    );
  }
  throw new SignInError("sign_in_failed", `Aircall could not sign you in (${error}). Try again.`, error);
}
