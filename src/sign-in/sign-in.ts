import type { Request, Response } from "express";
import type { SignInConfig } from "../config/config";
import { AircallError, SignInError } from "../errors/errors";
import { tell } from "../diagnostics";
import { accepted, type Account } from "../grants/grant";
import { releaseLinks } from "../grants/ownership";
import { appKey, newLink } from "../grants/session-grants";
import { apartFromRequest, onStoreTimeOf } from "../time/store-time";
import { createTransport } from "../http/transport/choose";
import { authorizeUrl } from "../oauth/authorize-url";
import { createTokenEndpoint, type TokenAnswer, type TokenEndpoint } from "../oauth/token-endpoint";
import { TokenRefusal } from "../oauth/token-refusal";
import type { Tokens } from "../oauth/tokens";
import { addBesideOthers } from "./adding";
import type { Attempt, AttemptWish } from "./attempt";
import { createAttemptKeeping } from "./attempt-keeping";
import { readCallback, type Callback } from "./callback";
import { checkOnce } from "./checked-stores";
import { sha256 } from "./cookies";
import { createDoctor } from "./doctor/doctor";
import { createLoopGuard } from "./loop-guard";
import { onlyOnce } from "./only-once";
import { createAccountReader, unknownAccount } from "./profile";
import { grantsFor, keepingFor } from "./runtime";
import { connectSession, sessionOf, type SessionKeeping } from "./session";
import { noteApp, sessionStoreOf } from "./session-apps";
import { sessionLifeMs } from "./session-life";
import type { Ask, Verdict } from "./verify/verify";
import { watchWaysOut } from "./ways-out";

type Params = Readonly<Record<string, string>>;

/** A grant that was kept, and the link by which a session will hold it. */
interface Connected {
  readonly id: string;
  readonly link: string;
}

/** What came back with the browser. */
interface Returned {
  readonly code: string;
  /** Joins the token request. */
  readonly extra: Params;
  /** The attempt is used up. */
  readonly claimed: () => void;
}

/** Someone has signed in: their grant is stored, and their session, stored too, holds its id. */
export interface SignedIn extends Verdict {
  readonly account: Account;
  readonly attempt: Attempt;
}

export interface SignIn {
  /**
   * Where to send the browser. Writes a cookie, and nothing on the server. `extra` joins the authorize address.
   * @throws {ConfigError} when they could not come back signed in.
   */
  begin(req: Request, res: Response, wish: AttemptWish, extra?: Params): Promise<string>;
  /** `extra` joins the token request. @throws {SignInError} when this callback signs nobody in. */
  finish(req: Request, res: Response, wish: { add: boolean }, extra?: Params): Promise<SignedIn>;
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

  async function begin(req: Request, res: Response, wish: AttemptWish, extra: Params = {}): Promise<string> {
    keepPrivate(res);
    doctor.examineStart(req);
    loopGuard.check(req, res);
    const keeping = keepingFor(req, app);
    await onStoreTimeOf(req, res, () => checkOnce(grantsFor(req, keeping)));
    const { state, codeVerifier } = attempts.start(req, res, wish);
    return authorizeUrl(config, { state, extra, ...(codeVerifier && { codeChallenge: sha256(codeVerifier) }) });
  }

  async function finish(req: Request, res: Response, wish: { add: boolean }, extra: Params = {}): Promise<SignedIn> {
    try {
      const signedIn = await onStoreTimeOf(req, res, () => receive(req, res, wish, extra));
      tell("express-aircall:sign-in", { code: null });
      return signedIn;
    } catch (error) {
      tell("express-aircall:sign-in", { code: error instanceof AircallError ? error.code : "failed" });
      throw error;
    }
  }

  async function receive(req: Request, res: Response, wish: { add: boolean }, extra: Params): Promise<SignedIn> {
    keepPrivate(res);
    doctor.examine(req);
    const callback = readCallback(req.originalUrl);
    const attempt = attempts.find(req, callback.state);
    if (!attempt) throw unknownAttempt(req.headers.cookie === undefined);
    const end = () => attempts.end(req, res, callback.state);
    const code = readCode(callback, config.issuer, end);

    const admitted = await exchangeOnce(
      req,
      { ...attempt, add: attempt.add || wish.add },
      { code, extra, claimed: end },
    );
    loopGuard.remember(res);
    return { ...admitted, attempt };
  }

  /** The first of a doubled callback exchanges the code; the other signs in with the grant that came of it. */
  async function exchangeOnce(req: Request, attempt: Attempt, { code, extra, claimed }: Returned) {
    const keeping = sessionKeeping(req);
    const { grants, holding } = keeping;
    const link = newLink();
    const connect = (connected: Connected) => connectAttempt(req, keeping, attempt, connected);

    /** A session that could not be stored leaves no grant of its own behind. */
    async function exchangeAndKeep() {
      const { tokens, raw } = await exchange(attempt, code, extra);
      const account = config.skipUserProfile ? unknownAccount : await readAccount(tokens.accessToken);
      const admitted = await admit(req, account, tokens, raw);
      const grant = { ...tokens, ...accepted, app, account };
      const kept = await holding.keep(grants, grant, { link, sessionLifeMs: sessionLifeMs(req) });
      await connect({ id: kept, link }).catch(async (error: unknown) => {
        await inAnyCase(() => releaseLinks(grants, [{ id: kept, link, hold: holding.hold }], holding.hold));
        throw error;
      });
      return { id: kept, result: admitted };
    }

    const key = `attempt:${sha256(attempt.state)}`;
    const { id, result } = await onlyOnce(grants, key, { claimed, exchange: exchangeAndKeep });
    if (result) return result;

    const grant = await grants.get(id);
    if (!grant) throw unknownAttempt();
    const answer = { access_token: grant.accessToken, token_type: "Bearer" };
    const admitted = await admit(req, grant.account, grant, answer, { repeated: true });
    await grants.link(id, link, sessionLifeMs(req));
    await connect({ id, link }).catch(async (error: unknown) => {
      await inAnyCase(() => grants.unlink(id, link));
      throw error;
    });
    return admitted;
  }

  async function connectAttempt(req: Request, keeping: SessionKeeping, attempt: Attempt, connected: Connected) {
    if (!attempt.add) return connectSession(req, keeping, connected, attempt);
    const others = attempts.others(req, attempt.state);
    await addBesideOthers(
      keeping.grants,
      { state: attempt.state, others },
      { id: connected.id, res: req.res },
      (siblings) => connectSession(req, keeping, connected, { add: true, siblings }),
    );
  }

  function sessionKeeping(req: Request): SessionKeeping {
    const keeping = keepingFor(req, app);
    const grants = grantsFor(req, keeping);
    const { holding } = keeping;
    noteApp(sessionStoreOf(req)!, app, { grants, hold: holding.hold });
    watchWaysOut(sessionOf(req));
    return { grants, holding, app };
  }

  async function exchange({ codeVerifier }: Attempt, code: string, extra: Params): Promise<TokenAnswer> {
    const verifier = codeVerifier === null ? {} : { codeVerifier };
    try {
      return await endpoint.exchange({ code, redirectUri: config.callbackUrl, ...verifier, extra });
    } catch (error) {
      if (!(error instanceof TokenRefusal)) throw error;
      throw new SignInError("sign_in_exchange", `Aircall gave no token: ${error.message}`, error.oauthError);
    }
  }

  async function admit(req: Request, account: Account, tokens: Tokens, params: object, { repeated = false } = {}) {
    if (config.companies && !config.companies.has(account.id ?? 0))
      throw new RefusedByApp("`companies` does not list it");
    const verdict = await ask({ account, tokens, req, repeated }, params);
    if (!verdict.user) throw new RefusedByApp("`verify` gave a falsy answer", verdict.info);
    return { ...verdict, account };
  }

  return { begin, finish, readAccount, endpoint };
}

/** An answer of signing in or out is nobody else's business, and its address may hold a code. */
export function keepPrivate(res: Response): void {
  res.set({ "Cache-Control": "no-store", "Referrer-Policy": "no-referrer" });
}

/** `verify` or `companies` said no. */
export class RefusedByApp extends SignInError {
  readonly #info: object | undefined;

  constructor(reason: string, info?: object) {
    super("sign_in_refused", `This Aircall company may not connect to this app: ${reason}.`);
    this.#info = info;
  }

  /** What a classic `verify` handed to `done` for the app's own use. */
  get info(): object | undefined {
    return this.#info;
  }
}

/** It must be tried however long this request has waited for its stores; then nobody waits for it. */
async function inAnyCase(release: () => Promise<unknown>): Promise<void> {
  await release().catch(() => void apartFromRequest(release).catch(() => undefined));
}

/** @throws {SignInError} when the answer is an error, or came from another issuer (RFC 9207). */
function readCode({ code, error, iss }: Callback, issuer: string | null, end: () => void): string {
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

function unknownAttempt(cookieless = false): SignInError {
  if (cookieless) return new SignInError("sign_in_state", noCookies);
  const reason = "it was not begun in this browser, or more than ten minutes ago, or is used up";
  return new SignInError("sign_in_state", `This sign-in cannot be continued: ${reason}. Begin again.`);
}

const noCookies =
  "This sign-in cannot be continued: the browser sent no cookies. They are blocked for this site, or signing in began at " +
  "another address of it. Allow cookies, and begin again.";
