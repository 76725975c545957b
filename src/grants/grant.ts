import { randomBytes as secureRandomBytes } from "node:crypto";
import { fields } from "../config/fields";
import type { Owner, Credential } from "../http/credential";
import type { Tokens } from "../oauth/tokens";
import { keyBudget, keyCredential } from "./api-key";

/** The Aircall company behind a grant. */
export interface Account {
  /** Aircall's company id; null when it could not be asked (Basic, or `skipUserProfile`). */
  readonly id: number | null;
  readonly name: string | null;
  /** The administrator who connected the company; null when Aircall did not say. */
  readonly user: { readonly id: number; readonly name: string | null; readonly email: string | null } | null;
}

/**
 * `active`: it works, as far as is known. `suspended`: Aircall refused its token twice, a minute or more apart; accepted
 * once more, it is active again. `ended`: its renewal was refused, and only signing in again helps.
 */
export type GrantState = "active" | "suspended" | "ended";

/** One company's permission to one of the developer's Aircall apps. */
export interface Grant extends Tokens {
  /** Which of the developer's apps has it, as a hash of its client id; null for a grant that was kept before grants knew their app. */
  readonly app: string | null;
  readonly account: Account;
  /** The app's own name for the company; null where the app gave it none. */
  readonly ref: string | null;
  /** The API ID of a company that connected by key: `accessToken` is then the API token. Null with OAuth. */
  readonly apiId: string | null;
  /** When the company connected; its tokens may be younger. */
  readonly connectedAt: Date;
  /** Rises by one with every write; see {@link GrantStore.replace}. */
  readonly version: number;
  readonly state: GrantState;
  /** When Aircall first refused the token, of the refusals that no acceptance followed; null while it accepts it. */
  readonly refusedAt: Date | null;
}

/** A grant that no store has kept yet. */
export type NewGrant = Omit<Grant, "version">;

/** What becomes of a grant when Aircall accepts its token, or gives another one. */
export const accepted = { state: "active", refusedAt: null } as const;

/** What a grant says that came of a consent: see {@link Grant}. */
export const byConsent = { ref: null, apiId: null } as const;

type Fields = ReturnType<typeof fields>;

const idBytes = 24;
const format = 2;

/** 32 characters: some session stores allow 36 for a key, and ours puts three in front. */
export function newGrantId(randomBytes: (size: number) => Buffer = secureRandomBytes): string {
  return randomBytes(idBytes).toString("base64url");
}

export function isGrantId(value: unknown): value is string {
  return typeof value === "string" && /^[\w-]{32}$/.test(value);
}

export function credentialOf({ apiId, accessToken }: Grant): Credential {
  if (apiId === null) return { authorization: `Bearer ${accessToken}`, secret: accessToken };
  return keyCredential({ user: apiId, password: accessToken });
}

/** Aircall counts requests per company; where it is not known, as many budgets as keys or grants are assumed. */
export function ownerOf(id: string, stored: Grant): Owner {
  const { version, account, ref, apiId } = stored;
  const unnamed = apiId === null ? `grant:${id}` : keyBudget(credentialOf(stored));
  const budget = account.id === null ? unnamed : budgetOf(account.id);
  return { grant: `${id}:${version}`, budget, companyId: account.id, companyRef: ref };
}

/** The name of a company's request budget. */
export function budgetOf(companyId: number): string {
  return `company:${companyId}`;
}

/** A grant as text, for a store to keep. */
export function encodeGrant(grant: Grant): string {
  const { app, account, ref, apiId, connectedAt, accessToken, refreshToken } = grant;
  const { expiresAt, obtainedAt, version, state, refusedAt } = grant;
  return JSON.stringify({
    format,
    app,
    account,
    ...(ref !== null && { ref }),
    ...(apiId !== null && { apiId }),
    connectedAt: connectedAt.getTime(),
    accessToken,
    refreshToken,
    expiresAt: expiresAt?.getTime() ?? null,
    obtainedAt: obtainedAt.getTime(),
    version,
    state,
    refusedAt: refusedAt?.getTime() ?? null,
  });
}

/** Null for everything that {@link encodeGrant} did not write; never throws. */
export function decodeGrant(text: unknown): Grant | null {
  const stored = inFormat2(parseFields(text));
  const account = decodeAccount(stored["account"]);
  const { app, ref = null, apiId = null, accessToken, refreshToken } = stored;
  const { expiresAt, obtainedAt, connectedAt = obtainedAt, version, state, refusedAt } = stored;

  if (stored["format"] !== format || !account || !isTextOrNull(app)) return null;
  if (!isTextOrNull(ref) || !isTextOrNull(apiId)) return null;
  if (!isText(accessToken) || !isTextOrNull(refreshToken)) return null;
  if (!isMoment(connectedAt) || !isMoment(obtainedAt) || !isMomentOrNull(expiresAt) || !isMomentOrNull(refusedAt))
    return null;
  if (!isCount(version) || !isState(state)) return null;

  return {
    app,
    account,
    ref,
    apiId,
    connectedAt: new Date(connectedAt),
    accessToken,
    refreshToken,
    expiresAt: dateOf(expiresAt),
    obtainedAt: new Date(obtainedAt),
    version,
    state,
    refusedAt: dateOf(refusedAt),
  };
}

/** Format 1 knew no app, and what ended a grant in place of its state. */
function inFormat2(stored: Fields): Fields {
  if (stored["format"] !== 1) return stored;
  const { ended, obtainedAt } = stored;
  const state = ended === null ? "active" : ended === "token_refused" ? "suspended" : "ended";
  return { ...stored, format, app: null, state, refusedAt: state === "active" ? null : obtainedAt };
}

function dateOf(moment: number | null): Date | null {
  return moment === null ? null : new Date(moment);
}

function decodeAccount(value: unknown): Account | null {
  const { id, name, user } = fields(value);
  if (!(id === null || isCount(id)) || !isTextOrNull(name)) return null;
  if (user === null) return { id, name, user };

  const { id: userId, name: userName, email } = fields(user);
  if (!isCount(userId) || !isTextOrNull(userName) || !isTextOrNull(email)) return null;
  return { id, name, user: { id: userId, name: userName, email } };
}

function parseFields(text: unknown): Fields {
  try {
    return typeof text === "string" ? fields(JSON.parse(text)) : {};
  } catch {
    return {};
  }
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

function isTextOrNull(value: unknown): value is string | null {
  return value === null || typeof value === "string";
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

/** Within what a Date can hold. */
function isMoment(value: unknown): value is number {
  return typeof value === "number" && Math.abs(value) <= 8.64e15;
}

function isMomentOrNull(value: unknown): value is number | null {
  return value === null || isMoment(value);
}

function isState(value: unknown): value is GrantState {
  return value === "active" || value === "suspended" || value === "ended";
}
