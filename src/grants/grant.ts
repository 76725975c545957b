import { randomBytes as secureRandomBytes } from "node:crypto";
import type { Credential } from "../http/http";
import type { Owner } from "../http/owner";
import type { Tokens } from "../oauth/tokens";

/** The Aircall company behind a grant. */
export interface Account {
  /** Aircall's company id; null when it could not be asked (Basic, or `skipUserProfile`). */
  readonly id: number | null;
  readonly name: string | null;
  /** The administrator who connected the company; null when Aircall did not say. */
  readonly user: { readonly id: number; readonly name: string | null; readonly email: string | null } | null;
}

/** One company's permission. */
export interface Grant extends Tokens {
  readonly account: Account;
  /** Rises by one with every write; see {@link GrantStore.replace}. */
  readonly version: number;
  /** Set once the grant was found dead: by a refused renewal for good, by a refused token until a probe succeeds. */
  readonly ended: "renewal_refused" | "token_refused" | null;
}

const idBytes = 24;
const format = 1;

/** 32 characters: some session stores allow 36 for a key, and ours puts three in front. */
export function newGrantId(randomBytes: (size: number) => Buffer = secureRandomBytes): string {
  return randomBytes(idBytes).toString("base64url");
}

export function isGrantId(value: unknown): value is string {
  return typeof value === "string" && /^[\w-]{32}$/.test(value);
}

export function credentialOf({ accessToken }: Grant): Credential {
  return { authorization: `Bearer ${accessToken}`, secret: accessToken };
}

/** Aircall counts requests per company; where it is not known, as many budgets as grants are assumed. */
export function ownerOf(id: string, { version, account }: Grant): Owner {
  const budget = account.id === null ? `grant:${id}` : `company:${account.id}`;
  return { grant: `${id}:${version}`, budget };
}

/** A grant as text, for a store to keep. */
export function encodeGrant(grant: Grant): string {
  const { account, accessToken, refreshToken, expiresAt, obtainedAt, version, ended } = grant;
  return JSON.stringify({
    format,
    account,
    accessToken,
    refreshToken,
    expiresAt: expiresAt?.getTime() ?? null,
    obtainedAt: obtainedAt.getTime(),
    version,
    ended,
  });
}

/** Null for everything that {@link encodeGrant} did not write; never throws. */
export function decodeGrant(text: unknown): Grant | null {
  const stored = parseFields(text);
  const account = decodeAccount(stored["account"]);
  const { accessToken, refreshToken, expiresAt, obtainedAt, version, ended } = stored;

  if (stored["format"] !== format || !account) return null;
  if (!isText(accessToken) || !isTextOrNull(refreshToken)) return null;
  if (!isMoment(obtainedAt) || !(expiresAt === null || isMoment(expiresAt))) return null;
  if (!isCount(version) || !isEnd(ended)) return null;

  return {
    account,
    accessToken,
    refreshToken,
    expiresAt: expiresAt === null ? null : new Date(expiresAt),
    obtainedAt: new Date(obtainedAt),
    version,
    ended,
  };
}

function decodeAccount(value: unknown): Account | null {
  const { id, name, user } = fieldsOf(value);
  if (!(id === null || isCount(id)) || !isTextOrNull(name)) return null;
  if (user === null) return { id, name, user };

  const { id: userId, name: userName, email } = fieldsOf(user);
  if (!isCount(userId) || !isTextOrNull(userName) || !isTextOrNull(email)) return null;
  return { id, name, user: { id: userId, name: userName, email } };
}

function parseFields(text: unknown): Record<string, unknown> {
  try {
    return typeof text === "string" ? fieldsOf(JSON.parse(text)) : {};
  } catch {
    return {};
  }
}

/** Own fields only: nothing inherited can stand in for one that is missing. */
function fieldsOf(value: unknown): Record<string, unknown> {
  return Object.assign(Object.create(null) as Record<string, unknown>, typeof value === "object" ? value : null);
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

function isTextOrNull(value: unknown): value is string | null {
  return value === null || typeof value === "string";
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** Within what a Date can hold. */
function isMoment(value: unknown): value is number {
  return typeof value === "number" && Math.abs(value) <= 8.64e15;
}

function isEnd(value: unknown): value is Grant["ended"] {
  return value === null || value === "renewal_refused" || value === "token_refused";
}
