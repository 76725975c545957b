import type { Request } from "express";
import { AircallClient } from "../client/client";
import { readKeyAccount } from "../client/account";
import { createApi } from "../client/api";
import { companyKey, requireCompanyName, type CompanyRef } from "../config/company-id";
import { fields } from "../config/fields";
import { knownOptions } from "../config/own-options";
import { flag, kindOf } from "../config/values";
import { ApiError, ArgumentError, ConfigError, SignInError } from "../errors/errors";
import { keyCredential, type ApiKey } from "../grants/api-key";
import { newestGrant } from "../grants/for-company";
import { accepted, type Account, type Grant, type NewGrant } from "../grants/grant";
import { keepForCompany } from "../grants/ownership";
import type { GrantStore } from "../grants/store";
import type { HttpParts } from "../http/parts";
import type { Audit } from "./audit";
import { tellingAfter } from "./hooks/turn";
import { createKeyAttempts } from "./key-attempts";

export type { ApiKey } from "../grants/api-key";

/** Options of `connectKey()`. */
export interface ConnectKeyOptions {
  /** The request that brings the key: `verify` is asked about it. */
  req?: Request | undefined;
  /** Puts the key in place of what this company connected before. Default false: `already_connected` is thrown. */
  replace?: boolean | undefined;
}

/** Options of `disconnectKey()`. */
export interface DisconnectKeyOptions {
  /** The request that asked for it: `onAudit` hears who acted. Default: a job. */
  req?: Request | undefined;
}

/** What `verify` is asked about a key. Nothing of it has been stored yet. */
export interface KeyArrival {
  readonly account: Account;
  readonly companyRef: string;
  readonly key: ApiKey;
  readonly req: Request | undefined;
}

export interface KeysParts {
  /** See {@link appKey}; null where the app has no name. */
  readonly app: string | null;
  readonly http: Omit<HttpParts, "tokens">;
  readonly knownStore: () => GrantStore;
  /** Whether the app lets this company in; null where it asks nobody. */
  readonly admit: ((arrival: KeyArrival) => Promise<boolean>) | null;
  /** Why no key may be connected at all; null where one may. */
  readonly refusal: (store: GrantStore) => string | null;
  readonly audit: Audit;
}

/** Companies that connect by an API key of their own: grants like others, held by the company. */
export interface Keys {
  /**
   * Connects a company by an API key of its own, under the app's name for it: asks Aircall whether the key works and
   * whose it is, then keeps it, sealed, for the company. `clientFor({ ref })`, `company: () => ({ ref })` and the lists
   * find it like any other. Whose tenant may bring a key the route that calls this decides: a POST of this site's own, by an administrator.
   * @throws {SignInError} `key_refused` (422) Aircall refuses it; `already_connected` (409) without `replace`;
   * `sign_in_refused` (403) `verify` did. Nothing was kept. @throws {RateLimitError} 429 after five wrong keys of a tenant
   * in a minute. @throws {ArgumentError} 400 it does not look like a key. @throws {ConfigError} without `grants`, or where they are not sealed.
   */
  readonly connectKey: (company: CompanyRef, key: ApiKey, options?: ConnectKeyOptions) => Promise<Account>;
  /** Ends what `connectKey` kept for a company, and nothing else. Answers how many grants that were. */
  readonly disconnectKey: (company: CompanyRef, options?: DisconnectKeyOptions) => Promise<number>;
}

export function createKeys({ app, http, knownStore, admit, refusal, audit }: KeysParts): Keys {
  function storeFor(): GrantStore {
    const store = knownStore();
    const reason = app === null ? noApp : refusal(store);
    if (reason !== null) throw new ConfigError(reason);
    return store;
  }

  /** Asks Aircall whether the key works, and whose it is: it tells a key the company's name only. */
  async function tryKey(key: ApiKey): Promise<Account> {
    const client = new AircallClient(createApi({ ...http, tokens: onlyThis(key) }));
    try {
      await client.ping();
      return await readKeyAccount(client);
    } catch (error) {
      if (!(error instanceof ApiError) || (error.status !== 401 && error.status !== 403)) throw error;
      throw new SignInError("key_refused", refused(error.status), null, { cause: error });
    }
  }

  async function connectKey(company: CompanyRef, key: ApiKey, options: ConnectKeyOptions = {}): Promise<Account> {
    const store = storeFor();
    const { ref } = requireRef(company, "connectKey");
    const pair = readKey(key);
    const { req, replace = false } = knownOptions(options, "connectKey(company, key, options)", ["req", "replace"]);
    flag({ value: replace, name: "replace", fromText: false });
    if (admit && !req) throw new ConfigError(askedWithoutRequest);
    const requireVacant = (current: Grant | null) => {
      if (current?.state === "active" && !replace) throw new SignInError("already_connected", taken);
    };
    requireVacant((await newestGrant(store, app, { ref }))?.grant ?? null);

    const account = await createKeyAttempts(store, `${app}:${companyKey({ ref })}`).count(() => tryKey(pair));
    if (admit && !(await admit({ account, companyRef: ref, key: pair, req }))) {
      throw new SignInError("sign_in_refused", "This app does not let the company connect. Nothing was kept.");
    }
    // Checked once more, under the company's lock: another key may have been first.
    const grant = grantOf({ app, ref, account, key: pair });
    await tellingAfter(req ?? null, () => keepForCompany(store, grant, { company: { ref }, check: requireVacant }));
    audit({ action: "key_connected", companyId: null, companyRef: ref }, req ?? null);
    return account;
  }

  async function disconnectKey(company: CompanyRef, options: DisconnectKeyOptions = {}): Promise<number> {
    const { req } = knownOptions(options, "disconnectKey(company, options)", ["req"]);
    const { ref } = requireRef(company, "disconnectKey");
    const store = knownStore();
    const ids = await store.idsOf(app, { ref });
    const grants = await Promise.all(ids.map(async (id) => ({ id, grant: await store.get(id) })));
    const keys = grants.filter(({ grant }) => grant && grant.apiId !== null);
    await Promise.all(keys.map(({ id }) => store.delete(id)));
    if (keys.length > 0) audit({ action: "key_removed", companyId: null, companyRef: ref }, req ?? null);
    return keys.length;
  }

  return { connectKey, disconnectKey };
}

interface OfKey {
  readonly app: string | null;
  readonly ref: string;
  readonly account: Account;
  readonly key: ApiKey;
}

function grantOf({ app, ref, account, key }: OfKey): NewGrant {
  const connectedAt = new Date();
  return {
    ...accepted,
    app,
    ref,
    account,
    apiId: key.user,
    accessToken: key.password,
    refreshToken: null,
    expiresAt: null,
    obtainedAt: connectedAt,
    connectedAt,
  };
}

/** A source of this key only, whatever Aircall answers. */
function onlyThis(key: ApiKey): HttpParts["tokens"] {
  return {
    owner: () => Promise.resolve(null),
    credential: () => Promise.resolve(keyCredential(key)),
    refused: () => Promise.resolve("permission"),
  };
}

function requireRef(company: unknown, method: string): CompanyRef {
  const named = requireCompanyName(company, `${method}(company)`);
  if (typeof named !== "number") return named;
  throw new ConfigError(
    `${method}(company) takes your own name for the tenant, such as { ref: "acme" }: Aircall tells no company's id to a key.`,
  );
}

/** What a person pasted, without the blanks around it. */
function readKey(key: unknown): ApiKey {
  const { user, password } = fields(key);
  return { user: readPart(user, "user"), password: readPart(password, "password") };
}

function readPart(value: unknown, name: "user" | "password"): string {
  if (typeof value !== "string") throw new ArgumentError(`connectKey: ${name} must be a text; got ${kindOf(value)}.`);
  const text = value.trim();
  if (/^[!-~]{1,500}$/.test(text) && !(name === "user" && text.includes(":"))) return text;
  throw new ArgumentError(
    `connectKey: ${name} is no ${name === "user" ? "API ID" : "API token"} as Aircall gives them.`,
  );
}

const noApp = "A key belongs to an app: set OAuthClientId, or AuthScheme Basic without User and Password.";
const askedWithoutRequest = "verify is asked with the request that brings a key: connectKey(company, key, { req }).";
const taken =
  "This company is connected already. connectKey(company, key, { replace: true }) puts the key in its place.";

function refused(status: number): string {
  return `Aircall refused this API ID and token (${status}). Nothing was kept. Compare them with Aircall's Dashboard, under Integrations & API > API Keys.`;
}
