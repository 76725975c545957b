import { ConfigError } from "../errors";
import { decodeGrant, encodeGrant, type Grant } from "./grant";
import { createSeal } from "./seal";

const minKeyLength = 32;

export interface SealingOptions {
  /**
   * Seals grants at rest with AES-256-GCM: the first key encrypts, all decrypt, each at least 32 characters long. What
   * was kept without a key, or with an older one, is sealed anew as it is written. Default: none.
   */
  encryptionKeys?: readonly string[];
}

/** A grant as a store keeps it: text, sealed where there are keys. */
export interface GrantText {
  /** `context` says where the text stands: only there can it be read again. */
  encode(grant: Grant, context: string): string;
  /** Null for everything that {@link encode} did not write there. */
  decode(text: string, context: string): Grant | null;
}

/** @throws {ConfigError} the keys are no list, or one is too short. */
export function createGrantText({ encryptionKeys = [] }: SealingOptions = {}): GrantText {
  if (!Array.isArray(encryptionKeys)) {
    throw new ConfigError("encryptionKeys must be a list of secret texts, such as [process.env.GRANTS_KEY].");
  }
  const seals = encryptionKeys.map(sealWith);
  const [first] = seals;
  if (!first) return { encode: encodeGrant, decode: decodeGrant };

  function open(sealed: string, context: string): string | null {
    for (const seal of seals) {
      const text = seal.open(sealed, context);
      if (text !== null) return text;
    }
    return null;
  }

  return {
    encode(grant, context) {
      const company = String(grant.account.id);
      return `${company} ${first.close(encodeGrant(grant), `${context} ${company}`)}`;
    },
    decode(text, context) {
      if (text.startsWith("{")) return decodeGrant(text);
      const [company, sealed = "", ...rest] = text.split(" ");
      return rest.length > 0 ? null : decodeGrant(open(sealed, `${context} ${company}`));
    },
  };
}

/** The company of a grant that is kept as this text, sealed or not: it stands there in clear. */
export function companyIn(text: string): number | null {
  if (text.startsWith("{")) return decodeGrant(text)?.account.id ?? null;
  const [company] = text.split(" ");
  return /^\d{1,16}$/.test(company ?? "") ? Number(company) : null;
}

function sealWith(key: string, index: number) {
  if (typeof key !== "string" || key.length < minKeyLength) {
    throw new ConfigError(`encryptionKeys[${index}] must be a text of at least ${minKeyLength} characters.`);
  }
  return createSeal(key, "grants");
}
