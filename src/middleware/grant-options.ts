import type { Request } from "express";
import type { CompanyId } from "../config/company-id";
import type { Config } from "../config/config";
import { ConfigError } from "../errors";
import { createGrantText } from "../grants/grant-text";
import { heldByCompany, heldBySession, type Holding } from "../grants/holding";
import type { GrantStore } from "../grants/store";

/** Where grants are kept, and whose they are. OAuth only. */
export interface GrantOptions {
  /** Where grants are kept. Default: beside the sessions, in the app's own session store or the Redis behind it. */
  grants?: GrantStore | undefined;
  /**
   * `session` (default): a grant belongs to the session that connected it and ends with it. `company`: one administrator
   * connects and everyone works with that grant; it outlives sessions and ends by `disconnectCompany` or revocation.
   */
  hold?: "session" | "company" | undefined;
  /** With `hold: "company"`: the Aircall company id whose grant this request uses. Default: what its session connected. */
  company?: CompanyOf | undefined;
  /**
   * Seals grants in the session store or Redis (AES-256-GCM). The first key encrypts, all decrypt; each is a secret text
   * of at least 32 characters. With `grants`, give the keys to that store. Default: none, grants are kept as they are.
   */
  encryptionKeys?: readonly string[] | undefined;
  /**
   * With `encryptionKeys`: believes grants that were kept without, and seals them as they are written. For the time of a
   * migration only. Default false: nobody can put a grant of their own into the store.
   */
  acceptUnsealed?: boolean | undefined;
  /**
   * Tells Aircall to disable the integration when a company's grant ends: as its visitor logs out or disconnects, or by
   * `disconnectCompany`. With `hold: "company"` a visitor only lets go of it, and nothing is disabled. Default false.
   */
  disableOnDisconnect?: boolean | undefined;
}

/** Null or undefined when this request has no company. */
export type CompanyOf = (req: Request) => CompanyId | null | undefined | Promise<CompanyId | null | undefined>;

export interface GrantSettings {
  readonly grants: GrantStore | null;
  readonly holding: Holding;
  readonly company: CompanyOf | null;
  readonly encryptionKeys: readonly string[];
  readonly acceptUnsealed: boolean;
  readonly disableOnDisconnect: boolean;
}

/** The names above, so that a misspelled option can be told what was meant. */
export const grantOptionNames = [
  "grants",
  "hold",
  "company",
  "encryptionKeys",
  "acceptUnsealed",
  "disableOnDisconnect",
];

export function readGrantOptions(options: GrantOptions, config: Config): GrantSettings {
  const { grants = null, hold = "session", company = null, encryptionKeys = [], acceptUnsealed = false } = options;
  const { disableOnDisconnect = false } = options;
  if (hold !== "session" && hold !== "company") throw new ConfigError('hold must be "session" or "company".');
  if (company && hold !== "company") throw new ConfigError('company: (req) => companyId needs hold: "company".');
  if (company && typeof company !== "function") throw new ConfigError("company must be a function of the request.");
  if (hold === "company" && config.scheme === "OAuth" && config.skipUserProfile) {
    throw new ConfigError('hold: "company" must know the company: leave skipUserProfile off.');
  }
  if (grants && encryptionKeys.length > 0) {
    throw new ConfigError("Give encryptionKeys to the store in grants: aircallAuth() seals only the store it chooses.");
  }
  if (acceptUnsealed && encryptionKeys.length === 0) {
    throw new ConfigError(
      grants
        ? "Give acceptUnsealed to the store in grants, beside its encryptionKeys."
        : "acceptUnsealed says that grants may still be unsealed although there are encryptionKeys. Set those, or leave it off.",
    );
  }
  // The store that they are for is chosen by the first request: what is wrong with them is said before.
  createGrantText({ encryptionKeys });
  if (disableOnDisconnect && config.readOnly) {
    throw new ConfigError("disableOnDisconnect writes to Aircall, which readOnly forbids. Remove one of them.");
  }
  const holding = hold === "company" ? heldByCompany : heldBySession;
  return Object.freeze({ grants, holding, company, encryptionKeys, acceptUnsealed, disableOnDisconnect });
}
