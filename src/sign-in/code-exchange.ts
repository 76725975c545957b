import type { Request } from "express";
import type { SignInConfig } from "../config/config";
import { sha256 } from "../config/sha256";
import { SignInError } from "../errors/errors";
import { accepted, byConsent, type Account } from "../grants/grant";
import { releaseLinks } from "../grants/ownership";
import { newLink } from "../grants/session-grants";
import type { TokenAnswer, TokenEndpoint } from "../oauth/token-endpoint";
import { TokenRefusal } from "../oauth/token-refusal";
import type { Tokens } from "../oauth/tokens";
import { absentSession } from "../session/absent";
import { hasSession, type StartedRequest } from "../session/session";
import { apartFromRequest } from "../time/store-time";
import { addBesideOthers } from "./adding";
import type { Attempt } from "./attempt";
import type { AttemptKeeping } from "./attempt-keeping";
import { onlyOnce } from "./only-once";
import { unknownAccount, type AccountReader } from "./profile";
import { RefusedByApp } from "./refused-by-app";
import { grantsFor, keepingFor } from "./runtime";
import { connectSession, type SessionKeeping } from "./session";
import { noteApp } from "./session-apps";
import { sessionLifeMs } from "./session-life";
import type { Ask, Verdict } from "./verify/verify";
import { watchWaysOut } from "./ways-out";

export type Params = Readonly<Record<string, string>>;

/** What came back with the browser. */
export interface Returned {
  readonly code: string;
  /** Joins the token request. */
  readonly extra: Params;
  /** The attempt is used up. */
  readonly claimed: () => void;
}

/** Whom the app lets in. */
export interface Admitted extends Verdict {
  readonly account: Account;
}

export interface CodeExchangeParts {
  readonly config: SignInConfig;
  readonly ask: Ask;
  readonly endpoint: TokenEndpoint;
  readonly readAccount: AccountReader;
  readonly attempts: AttemptKeeping;
  /** See {@link appKey}. */
  readonly app: string;
}

/** From the code of a callback to a stored grant, and a session that holds it. */
export class CodeExchange {
  readonly #parts: CodeExchangeParts;

  constructor(parts: CodeExchangeParts) {
    this.#parts = parts;
  }

  /** The first of a doubled callback exchanges the code; the other signs in with the grant that came of it. */
  async exchangeOnce(req: Request, attempt: Attempt, returned: Returned): Promise<Admitted> {
    if (!hasSession(req)) throw absentSession();
    const keeping = this.#keepingOf(req);
    const key = `attempt:${sha256(attempt.state)}`;
    const exchange = () => this.#exchangeAndKeep(req, keeping, { attempt, returned });
    const { id, result } = await onlyOnce(keeping.grants, key, { claimed: returned.claimed, exchange });
    return result ?? this.#joinGrant(req, keeping, { attempt, id });
  }

  /** A session that could not be stored leaves no grant of its own behind. */
  async #exchangeAndKeep(
    req: Request & StartedRequest,
    keeping: SessionKeeping,
    { attempt, returned }: { readonly attempt: Attempt; readonly returned: Returned },
  ): Promise<{ id: string; result: Admitted }> {
    const { config, readAccount, app } = this.#parts;
    const { grants, holding } = keeping;
    const link = newLink();
    const { tokens, raw } = await this.#exchange(attempt, returned);
    const account = config.skipUserProfile ? unknownAccount : await readAccount(tokens.accessToken);
    const { ref = null } = attempt;
    const result = await this.#admit({ req, account, ref, tokens, params: raw });
    const told = keepingFor(req, app).audit.by(req);
    const grant = { ...tokens, ...accepted, ...byConsent, app, account, ref, connectedAt: tokens.obtainedAt };
    const id = await holding.keep(grants, grant, { link, sessionLifeMs: sessionLifeMs(req) });
    await this.#connect(req, keeping, { attempt, id, link }).catch(async (error: unknown) => {
      await inAnyCase(() => releaseLinks(grants, [{ id, link, hold: holding.hold }], holding.hold));
      throw error;
    });
    told({ action: "sign_in", companyId: account.id, companyRef: ref });
    return { id, result };
  }

  async #joinGrant(
    req: Request & StartedRequest,
    keeping: SessionKeeping,
    { attempt, id }: { readonly attempt: Attempt; readonly id: string },
  ): Promise<Admitted> {
    const { grants } = keeping;
    const link = newLink();
    const grant = await grants.get(id);
    if (!grant) throw unknownAttempt();
    const params = { access_token: grant.accessToken, token_type: "Bearer" };
    const { account, ref } = grant;
    const admitted = await this.#admit({ req, account, ref, tokens: grant, params, repeated: true });
    await grants.link(id, link, sessionLifeMs(req));
    await this.#connect(req, keeping, { attempt, id, link }).catch(async (error: unknown) => {
      await inAnyCase(() => grants.unlink(id, link));
      throw error;
    });
    return admitted;
  }

  /** Has the session hold the grant, by this link. */
  async #connect(
    req: Request & StartedRequest,
    keeping: SessionKeeping,
    { attempt, id, link }: { readonly attempt: Attempt; readonly id: string; readonly link: string },
  ): Promise<void> {
    const { add, state } = attempt;
    if (!add) return connectSession(req, keeping, { id, link, add });
    const others = this.#parts.attempts.others(req, state);
    await addBesideOthers(keeping.grants, { state, others, id, res: req.res }, (siblings) =>
      connectSession(req, keeping, { id, link, add, siblings }),
    );
  }

  #keepingOf(req: Request & StartedRequest): SessionKeeping {
    const { app } = this.#parts;
    const keeping = keepingFor(req, app);
    const grants = grantsFor(req, keeping);
    const { holding } = keeping;
    noteApp(req.sessionStore, app, { grants, hold: holding.hold });
    watchWaysOut(req.session);
    return { grants, holding, app };
  }

  async #exchange({ codeVerifier }: Attempt, { code, extra }: Returned): Promise<TokenAnswer> {
    const { config, endpoint } = this.#parts;
    const verifier = codeVerifier === null ? {} : { codeVerifier };
    try {
      return await endpoint.exchange({ code, redirectUri: config.callbackUrl, ...verifier, extra });
    } catch (error) {
      if (!(error instanceof TokenRefusal)) throw error;
      throw new SignInError("sign_in_exchange", `Aircall gave no token: ${error.message}`, error.oauthError);
    }
  }

  async #admit({ req, account, ref, tokens, params, repeated = false }: Arrived): Promise<Admitted> {
    const { config, ask } = this.#parts;
    if (config.companies && !config.companies.has(account.id ?? 0)) {
      throw new RefusedByApp("`companies` does not list it");
    }
    const verdict = await ask({ account, companyRef: ref, tokens, req, repeated }, params);
    if (!verdict.user) throw new RefusedByApp("`verify` gave a falsy answer", verdict.info);
    return { ...verdict, account };
  }
}

/** Who asks to be let in. */
interface Arrived {
  readonly req: Request;
  readonly account: Account;
  /** The app's own name for the company; null where it has none. */
  readonly ref: string | null;
  readonly tokens: Tokens;
  /** What the token endpoint answered. */
  readonly params: object;
  /** By the second of a doubled callback. */
  readonly repeated?: boolean;
}

/** It must be tried however long this request has waited for its stores; then nobody waits for it. */
async function inAnyCase(release: () => Promise<unknown>): Promise<void> {
  await release().catch(() => void apartFromRequest(release).catch(() => undefined));
}

export function unknownAttempt({ cookieless = false } = {}): SignInError {
  if (cookieless) return new SignInError("sign_in_state", noCookies);
  const reason = "it was not begun in this browser, or more than ten minutes ago, or is used up";
  return new SignInError("sign_in_state", `This sign-in cannot be continued: ${reason}. Begin again.`);
}

const noCookies =
  "This sign-in cannot be continued: the browser sent no cookies. They are blocked for this site, or signing in began at " +
  "another address of it. Allow cookies, and begin again.";
