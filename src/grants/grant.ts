/** The Aircall company behind a grant. */
export interface Account {
  /** Aircall's company id; null when it could not be asked (Basic, or `skipUserProfile`). */
  readonly id: number | null;
  readonly name: string | null;
  /** The administrator who connected the company; null when Aircall did not say. */
  readonly user: { readonly id: number; readonly name: string | null; readonly email: string | null } | null;
}

export interface Tokens {
  readonly accessToken: string;
  /** Null when Aircall gave none, as today: the access token then lives until it is revoked. */
  readonly refreshToken: string | null;
  /** Null when Aircall did not say. */
  readonly expiresAt: Date | null;
  readonly obtainedAt: Date;
}

/** One company's permission. */
export interface Grant extends Tokens {
  readonly account: Account;
  /** Rises by one with every write; see {@link GrantStore.replace}. */
  readonly version: number;
  /** Set once the grant was found dead: by a refused renewal for good, by a refused token until a probe succeeds. */
  readonly ended: "renewal_refused" | "token_refused" | null;
}
