import type { AircallClient } from "../client/client";
import type { CompanyLike, CompanyName } from "../config/company-id";
import type { Hold } from "../grants/session-grants";
import type { GrantStore } from "../grants/store";

/** Where `aircallAuth()` leaves what `aircallWebhooks()` works with; the same in every copy of this library. */
export const forWebhooks: unique symbol = Symbol.for("express-aircall.for-webhooks");

/** What webhooks need of the middleware that knows the companies. */
export interface AuthForWebhooks {
  /** See {@link appKey}; null where the app has no name. */
  readonly app: string | null;
  /** Whether companies connect, each by a grant of its own; else the app has one key or token, and one company. */
  readonly keepsGrants: boolean;
  readonly hold: Hold;
  /** The store that the app gave; null where it gave none. */
  readonly grants: GrantStore | null;
  /** Of the app's one company, whatever is asked for, where no grant is kept. */
  readonly clientFor: (company: CompanyLike) => AircallClient;
  /**
   * Aircall says that this company removed the app at that moment: ends its grants, but none of a later connection.
   * Answers how many ended, and how many did not.
   */
  readonly companyLeft: (companyId: number, at: Date) => Promise<CompanyLeft>;
  /** Tells from now on of companies about to be disconnected, whose grants still work; answers how that ends. */
  readonly beforeDisconnect: (work: (company: CompanyName) => Promise<void>) => () => void;
}

export interface CompanyLeft {
  readonly ended: number;
  readonly remaining: number;
}
