/** What the token endpoint gave. */
export interface Tokens {
  readonly accessToken: string;
  /** Null when Aircall gave none, as today: the access token then lives until it is revoked. */
  readonly refreshToken: string | null;
  /** Null when Aircall did not say. */
  readonly expiresAt: Date | null;
  readonly obtainedAt: Date;
}

/** Ten years: what claims to live longer was not meant in seconds. */
const maxLifeSeconds = 315_360_000;

/**
 * The tokens of a successful answer (RFC 6749 section 5.1), or null when it holds none that could be sent. A life is
 * counted from `receivedAt`, our own clock; what the server says of its clock is not used.
 */
export function readTokens(answer: Readonly<Record<string, unknown>>, receivedAt: number): Tokens | null {
  const accessToken = own(answer, "access_token");
  if (typeof accessToken !== "string" || !/^[\x21-\x7e]+$/.test(accessToken)) return null;
  if (!isBearer(own(answer, "token_type"))) return null;

  const lifeSeconds = readLife(own(answer, "expires_in"));
  return {
    accessToken,
    refreshToken: readRefreshToken(own(answer, "refresh_token")),
    expiresAt: lifeSeconds === null ? null : new Date(receivedAt + lifeSeconds * 1000),
    obtainedAt: new Date(receivedAt),
  };
}

function own(answer: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(answer, name) ? answer[name] : undefined;
}

function isBearer(type: unknown): boolean {
  return type === undefined || type === null || (typeof type === "string" && type.toLowerCase() === "bearer");
}

function readLife(value: unknown): number | null {
  const seconds = typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
  return typeof seconds === "number" && seconds > 0 && seconds <= maxLifeSeconds ? seconds : null;
}

function readRefreshToken(value: unknown): string | null {
  return typeof value === "string" && /^[\x20-\x7e]+$/.test(value) ? value : null;
}
