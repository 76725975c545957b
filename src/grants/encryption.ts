import { companyKey, type CompanyKey } from "../config/company-id";
import { ownOptions } from "../config/own-options";
import { sealsWith } from "./encryption-keys";
import { decodeGrant, encodeGrant, type Grant } from "./grant";

export interface SealingOptions {
  /**
   * Seals grants at rest with AES-256-GCM: the first key encrypts, all decrypt, each at least 32 characters long. What
   * was kept with an older one is sealed anew as it is written. Default: none.
   */
  encryptionKeys?: readonly string[] | undefined;
  /**
   * With `encryptionKeys`: believes what was kept without a key, and seals it at its next write. For the time of a
   * migration only: whoever can write to the store could put a grant of their own there. Default false.
   */
  acceptUnsealed?: boolean | undefined;
}

/** A grant as a store keeps it: text, sealed where there are keys. */
export interface GrantText {
  /** `context` says where the text stands: only there can it be read again. */
  encode(grant: Grant, context: string): string;
  /** Null for everything that {@link encode} did not write there. */
  decode(text: string, context: string): Grant | null;
  readonly seals: boolean;
  /** Whether it is kept as {@link encode} would keep it today: sealed with the first key, or with none. */
  isCurrent(text: string, context: string): boolean;
}

/** @throws {ConfigError} the keys are no list, or one is too short. */
export function createGrantText(sealing: SealingOptions = {}, { warn = emitWarning } = {}): GrantText {
  const { encryptionKeys = [], acceptUnsealed = false } = ownOptions(sealing, "encryptionKeys");
  const seals = sealsWith(encryptionKeys, "grants");
  const [first] = seals;
  if (!first) return { seals: false, encode: encodeGrant, decode: decodeGrant, isCurrent: () => true };
  let warned = false;

  function open(sealed: string, context: string): string | null {
    for (const seal of seals) {
      const text = seal.open(sealed, context);
      if (text !== null) return text;
    }
    return null;
  }

  function decodeUnsealed(text: string): Grant | null {
    if (acceptUnsealed) return decodeGrant(text);
    if (!warned) warn(unsealed);
    warned = true;
    return null;
  }

  return {
    seals: true,
    encode(grant, context) {
      const label = labelOf(grant);
      return `${label} ${first.close(encodeGrant(grant), `${context} ${label}`)}`;
    },
    decode(text, context) {
      if (text.startsWith("{")) return decodeUnsealed(text);
      const [label, sealed = "", ...rest] = text.split(" ");
      return rest.length > 0 ? null : decodeGrant(open(sealed, `${context} ${label}`));
    },
    isCurrent(text, context) {
      const [label, sealed = ""] = text.split(" ");
      return !text.startsWith("{") && first.open(sealed, `${context} ${label}`) !== null;
    },
  };
}

const unsealed =
  "express-aircall: a grant was kept without encryptionKeys, and is not read. If it dates from before you set them, set " +
  "acceptUnsealed: true until all are sealed. If it is new, your Passport routes come before aircallAuth(): mount it first.";

/** Who gave a grant, and to which app. */
export interface GivenBy {
  readonly app: string | null;
  readonly company: CompanyKey;
}

/**
 * By which names the company of a grant is found that is kept as this text, sealed or not: they stand there in clear.
 * Aircall's id first; none where the company is unknown.
 */
export function givenBy(text: string): GivenBy[] {
  if (text.startsWith("{")) return givenByGrant(decodeGrant(text));
  const [, app = "-", id, ref] = /^(?:([\w-]{8}|-)\/)?(\d{1,16}|-)(?:\/(\S+))? /.exec(text) ?? [];
  const keys = [
    id === undefined || id === "-" ? [] : [`id:${Number(id)}` as const],
    ref ? [`ref:${ref}` as const] : [],
  ];
  return keys.flat().map((company) => ({ app: app === "-" ? null : app, company }));
}

export function givenByGrant(grant: Pick<Grant, "app" | "account" | "ref"> | null): GivenBy[] {
  if (!grant) return [];
  const { app, account, ref } = grant;
  const companies = [account.id, ref === null ? null : { ref }].filter((name) => name !== null);
  return companies.map((company) => ({ app, company: companyKey(company) }));
}

/** What stands before a sealed grant in clear, and is sealed with it. */
function labelOf({ app, account, ref }: Grant): string {
  return `${app ?? "-"}/${account.id ?? "-"}${ref === null ? "" : `/${encodeURIComponent(ref)}`}`;
}

function emitWarning(message: string): void {
  process.emitWarning(message, { code: "EXPRESS_AIRCALL_UNSEALED" });
}
