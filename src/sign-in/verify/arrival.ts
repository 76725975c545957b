import type { Request } from "express";
import type { Account } from "../../grants/grant";
import type { Tokens } from "../../oauth/tokens";

/** What `verify` is asked about: a company that has just consented. Nothing of it has been stored yet. */
export interface Arrival {
  readonly account: Account;
  /** The tenant that brings an API key of its own: then `account` has no id, and `tokens` the API token. Null with OAuth. */
  readonly companyRef: string | null;
  readonly tokens: Tokens;
  readonly req: Request;
  /**
   * The same sign-in once more: the browser sent its callback twice, which signs in both requests and shows the second
   * one's answer. What the first time created is there.
   */
  readonly repeated: boolean;
}

/**
 * Decides whether a company may connect, and who the user is. A falsy answer refuses; an error goes to `next`, and so
 * does an answer that takes longer than a minute.
 */
export type Verify = (arrival: Arrival) => unknown;

export interface Verdict {
  /** Falsy means refused. */
  readonly user: unknown;
  readonly info: object | undefined;
}

/** One way of asking, whichever form the app wrote. */
export type Ask = (arrival: Arrival, params: object) => Promise<Verdict>;
