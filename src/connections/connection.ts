import type { Request } from "express";
import { readCompanyId, type CompanyLike } from "../config/company-id";
import { NotConnectedError, ReconnectRequiredError } from "../errors/errors";
import { type Account, budgetOf, type Grant } from "../grants/grant";
import type { TokenSource } from "../http/credential";

/** Whose tokens one request works with. Costs nothing until it is asked. */
export interface Connection {
  readonly tokens: TokenSource;
  /** Those of another company that this request may speak for. */
  tokensOf(company: CompanyLike): TokenSource;
  /** Null when nothing is connected, or when what was connected is dead. */
  account(): Promise<Account | null>;
  /** Every connected company, the current one first. */
  accounts(): Promise<Account[]>;
  /** @throws {NotConnectedError} @throws {ReconnectRequiredError} */
  require(): Promise<void>;
  disconnect(): Promise<void>;
  /** The grants that end with this visitor's session, for those who tell of it. */
  held(): Promise<Grant[]>;
}

/** Hears of a grant that its visitor has disconnected; null where it could not be read any more. */
export type Disconnected = (req: Request, grant: Grant | null) => void;

/** Signing in is no way out for who has connected another company: it would take that one's place. */
export function companyNotConnected(others: readonly Account[], signInPath: string | null): NotConnectedError {
  if (others.length === 0) return new NotConnectedError(signInPath);
  return new NotConnectedError(
    null,
    "This Aircall company is not connected, though another is: a sign-in has to add it, not to replace the other.",
  );
}

/** The request budget of a company, known before it is looked for; of what is no company, none is. */
export function askedBudget(company: CompanyLike): string | undefined {
  const id = readCompanyId(company);
  return id === null ? undefined : budgetOf(id);
}

/** The account of a grant that can be used. */
export function livingAccount(grant: Grant | null | undefined): Account | null {
  return grant?.state === "active" ? grant.account : null;
}

/** @throws {NotConnectedError} @throws {ReconnectRequiredError} */
export function requireLiving(grant: Grant | null | undefined, signInPath: string | null): void {
  if (!grant) throw new NotConnectedError(signInPath);
  if (grant.state !== "active") throw new ReconnectRequiredError(signInPath);
}
