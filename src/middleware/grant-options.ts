import type { Request } from "express";
import type { CompanyLike } from "../config/company-id";
import type { Config, KeysConfig } from "../config/config";
import { flag, kindOf, listOf } from "../config/values";
import { propertyOf } from "../errors/property";
import { ConfigError } from "../errors/errors";
import { createGrantText } from "../grants/encryption";
import { heldByCompany, heldBySession, type Ownership } from "../grants/ownership";
import { isRedisClient } from "../redis/send";
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
  /**
   * With `hold: "company"`: whose grant this request uses, as Aircall's company id, or as `{ ref }`, the app's own name
   * for a tenant that connected by key. Default: what its session connected.
   */
  company?: CompanyOf | undefined;
  /**
   * The name of this app among those that keep grants in one store, where companies connect by key only. Default `keys`;
   * with OAuth the client id is the name.
   */
  app?: string | undefined;
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

/** Whose grant a request works with; null or undefined when it has no company. */
export type CompanyOf = (req: Request) => CompanyLike | null | undefined | Promise<CompanyLike | null | undefined>;

export interface GrantSettings {
  readonly grants: GrantStore | null;
  readonly holding: Ownership;
  readonly company: CompanyOf | null;
  readonly app: string;
  readonly encryptionKeys: readonly string[];
  readonly acceptUnsealed: boolean;
  readonly disableOnDisconnect: boolean;
}

/** The names above, so that a misspelled option can be told what was meant. */
export const grantOptionNames = [
  "grants",
  "hold",
  "company",
  "app",
  "encryptionKeys",
  "acceptUnsealed",
  "disableOnDisconnect",
];

/** @throws {ConfigError} an option is impossible, alone or beside another. */
export function readGrantOptions(options: GrantOptions, config: Config | KeysConfig): GrantSettings {
  const { grants, hold = "session", company, encryptionKeys, acceptUnsealed = false } = options;
  const { app, disableOnDisconnect = false } = options;
  if (grants !== undefined) refuseNoStore(grants);
  if (hold !== "session" && hold !== "company") throw new ConfigError('hold must be "session" or "company".');
  flag({ value: disableOnDisconnect, name: "disableOnDisconnect", fromText: false });
  flag({ value: acceptUnsealed, name: "acceptUnsealed", fromText: false });
  if (app !== undefined) requireAppName(app, config);
  if (company !== undefined) requireCompanyOf(company, hold, config);
  if (hold === "company" && config.scheme === "OAuth" && config.skipUserProfile) {
    throw new ConfigError('hold: "company" must know the company: leave skipUserProfile off.');
  }
  if (encryptionKeys !== undefined) requireKeys(encryptionKeys, grants);
  if (acceptUnsealed && !encryptionKeys) throw new ConfigError(grants ? unsealedElsewhere : unsealedAnyway);
  if (disableOnDisconnect && config.readOnly) {
    throw new ConfigError("disableOnDisconnect writes to Aircall, which readOnly forbids. Remove one of them.");
  }
  return Object.freeze({
    grants: grants ?? null,
    holding: hold === "company" ? heldByCompany : heldBySession,
    company: company ?? null,
    app: app ?? "keys",
    encryptionKeys: encryptionKeys ?? [],
    acceptUnsealed,
    disableOnDisconnect,
  });
}

const unsealedElsewhere = "Give acceptUnsealed to the store in grants, beside its encryptionKeys.";
const unsealedAnyway =
  "acceptUnsealed says that grants may still be unsealed although there are encryptionKeys. Set those, or leave it off.";

/** What every store must have; where one is missing, this is something else. */
const storeMethods = [
  "get",
  "create",
  "replace",
  "delete",
  "claim",
  "withLock",
] as const satisfies (keyof GrantStore)[];

function refuseNoStore(grants: unknown): void {
  const lacks = storeMethods.filter((method) => !has(grants, method));
  if (lacks.length > 0) throw new ConfigError(`grants is no grant store: ${whatIsInstead(grants, lacks)}`);
}

function has(value: unknown, method: string): boolean {
  return typeof propertyOf(value, method) === "function";
}

function whatIsInstead(grants: unknown, lacks: readonly string[]): string {
  if (isRedisClient(grants)) return "it is a Redis client. Write grants: redisGrants(client).";
  if (has(grants, "createSession") || (has(grants, "set") && has(grants, "destroy"))) {
    return "it is a session store. Write grants: sessionGrants(store), or redisGrants(client) with the Redis client behind it.";
  }
  if (has(grants, "query")) return "it is a client of Postgres. Write grants: postgresGrants(pool).";
  if (typeof grants === "function")
    return "it is a function. Call it, such as redisGrants(client) or postgresGrants(pool).";
  if (lacks.length < storeMethods.length) return `it has no ${listOf(lacks, "and")}.`;
  return (
    `got ${kindOf(grants)}. Give redisGrants(client), postgresGrants(pool), sessionGrants(store) or memoryGrants(), or ` +
    "leave it out: then the session store keeps the grants."
  );
}

function requireAppName(app: unknown, { scheme }: Config | KeysConfig): void {
  if (scheme !== "Keys") {
    throw new ConfigError(
      "app names an app whose companies connect by key only. With OAuth the client id does: leave it out.",
    );
  }
  if (typeof app !== "string" || app === "") throw new ConfigError(`app must be a text; got ${kindOf(app)}.`);
}

function requireCompanyOf(company: unknown, hold: string, config: Config | KeysConfig): void {
  if (typeof company !== "function") {
    throw new ConfigError(`company must be a function of the request; got ${kindOf(company)}.`);
  }
  if (hold !== "company") throw new ConfigError('company: (req) => companyId needs hold: "company".');
  if (config.scheme === "Basic" || (config.scheme === "OAuth" && config.staticTokens)) {
    throw new ConfigError(
      "company says whose grant a request uses, but an API key, or a token obtained elsewhere, is one company's for all " +
        "requests. Remove one of them.",
    );
  }
}

function requireKeys(encryptionKeys: readonly string[], grants: GrantStore | undefined): void {
  // The store that they are for is chosen by the first request: what is wrong with them is said before.
  createGrantText({ encryptionKeys });
  if (encryptionKeys.length === 0) {
    throw new ConfigError("encryptionKeys is empty, so that nothing would be sealed. Give a key, or leave it out.");
  }
  if (grants) {
    throw new ConfigError("Give encryptionKeys to the store in grants: aircallAuth() seals only the store it chooses.");
  }
}
