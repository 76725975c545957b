import type { SimulatorSettings } from "../options";

/** The answer of the token endpoint, as on the wire. */
export interface TokenAnswer {
  readonly access_token: string;
  readonly token_type: "Bearer";
  /** UNIX seconds. */
  readonly created_at: number;
  /** Seconds; only with rotating tokens. */
  readonly expires_in?: number;
  /** Only with rotating tokens. */
  readonly refresh_token?: string;
}

/** Who holds which token, and until when. */
export interface TokenBook {
  issue(companyId: number): Grant;
  /** Every access token there was, oldest first. */
  readonly issued: readonly IssuedToken[];
  /** The company of an access token; null when it is unknown. */
  lookUp(accessToken: string): { companyId: number } | "expired" | "revoked" | null;
  /** The next pair; null when this refresh token is worth nothing, which may have ended the grant. */
  refresh(refreshToken: string): TokenAnswer | null;
  revoke(grant: Grant): void;
  /** Ends the grant of an access token, or every grant of a company; answers how many it ended. */
  readonly revokeAll: (tokenOrCompany: string | number) => number;
}

export interface IssuedToken {
  readonly accessToken: string;
  readonly companyId: number;
  readonly state: "good" | "expired" | "revoked";
}

/** One consent, and all tokens that came of it. */
export interface Grant {
  readonly companyId: number;
  revoked: boolean;
  current: Pair;
  /** The refresh token before the current one, while `tolerant` may still honour it. */
  forgivable: string | null;
}

interface Pair {
  readonly accessToken: string;
  readonly refreshToken: string | null;
  /** UNIX milliseconds. */
  readonly createdAt: number;
}

type BookSettings = Pick<SimulatorSettings, "now" | "tokens" | "expiresInSeconds" | "reuseDetection" | "randomToken">;

export function createTokenBook(settings: BookSettings): TokenBook {
  const { now, tokens, expiresInSeconds, reuseDetection, randomToken } = settings;
  const rotating = tokens === "rotating";
  const byAccessToken = new Map<string, { grant: Grant; expiresAt: number }>();
  const byRefreshToken = new Map<string, Grant>();

  function mint(): Pair {
    return { accessToken: randomToken(), refreshToken: rotating ? randomToken() : null, createdAt: now() };
  }

  function enter(grant: Grant): void {
    const { accessToken, refreshToken, createdAt } = grant.current;
    byAccessToken.set(accessToken, { grant, expiresAt: rotating ? createdAt + expiresInSeconds * 1000 : Infinity });
    if (refreshToken !== null) byRefreshToken.set(refreshToken, grant);
  }

  function rotate(grant: Grant): TokenAnswer {
    grant.forgivable = grant.current.refreshToken;
    grant.current = mint();
    enter(grant);
    return answerFor(grant.current, settings);
  }

  function reuse(grant: Grant, refreshToken: string): TokenAnswer | null {
    if (reuseDetection === "strict") {
      grant.revoked = true;
      return null;
    }
    if (grant.forgivable !== refreshToken) return null;
    grant.forgivable = null;
    return answerFor(grant.current, settings);
  }

  return {
    get issued() {
      return [...byAccessToken].map(([accessToken, { grant, expiresAt }]): IssuedToken => {
        const state = grant.revoked ? "revoked" : now() < expiresAt ? "good" : "expired";
        return { accessToken, companyId: grant.companyId, state };
      });
    },
    issue(companyId) {
      const grant: Grant = { companyId, revoked: false, current: mint(), forgivable: null };
      enter(grant);
      return grant;
    },
    lookUp(accessToken) {
      const found = byAccessToken.get(accessToken);
      if (!found) return null;
      if (found.grant.revoked) return "revoked";
      return now() < found.expiresAt ? { companyId: found.grant.companyId } : "expired";
    },
    refresh(refreshToken) {
      const grant = byRefreshToken.get(refreshToken);
      if (!grant || grant.revoked) return null;
      return grant.current.refreshToken === refreshToken ? rotate(grant) : reuse(grant, refreshToken);
    },
    revoke(grant) {
      grant.revoked = true;
    },
    revokeAll(tokenOrCompany) {
      const grants = [...byAccessToken]
        .filter(([token, { grant }]) => tokenOrCompany === token || tokenOrCompany === grant.companyId)
        .map(([, { grant }]) => grant)
        .filter((grant) => !grant.revoked);
      for (const grant of grants) grant.revoked = true;
      return new Set(grants).size;
    },
  };
}

/** An old pair that is answered again has only the rest of its life left. */
export function answerFor(
  { accessToken, refreshToken, createdAt }: Pair,
  { now, expiresInSeconds }: Pick<BookSettings, "now" | "expiresInSeconds">,
): TokenAnswer {
  const common = { access_token: accessToken, token_type: "Bearer", created_at: Math.floor(createdAt / 1000) } as const;
  if (refreshToken === null) return common;
  const left = expiresInSeconds - Math.floor((now() - createdAt) / 1000);
  return { ...common, expires_in: Math.max(0, left), refresh_token: refreshToken };
}
