import { createHmac, hkdfSync, timingSafeEqual } from "node:crypto";
import { companyKey, companyNamed, type CompanyName } from "../config/company-id";

/** What a link leads to. */
export interface LinkTarget {
  /** Null where the app has one company only. */
  readonly company: CompanyName | null;
  /** Digits. */
  readonly callId: string;
  /** Unix seconds. */
  readonly expiresAt: number;
}

export interface LinkTokens {
  /** The end of a link: letters, digits, `-` and `_`. */
  sign(target: LinkTarget): string;
  /** Null when it was cut, changed, or signed with none of the keys. Whether it has expired, it does not ask. */
  read(token: string): LinkTarget | null;
}

/** Half of a SHA-256, as RFC 2104, section 5, allows: links stand in notes and e-mails. */
const macBytes = 16;
/** Characters of a token with the longest name that a company can have. */
const maxLength = 3_000;

/** HMAC-SHA256 over what a link leads to: the first key signs, all verify; `purpose` keeps two uses of a key apart. */
export function createLinkTokens(secrets: readonly string[], purpose = "recording links"): LinkTokens {
  const keys = secrets.map((secret) => Buffer.from(hkdfSync("sha256", secret, "", `express-aircall ${purpose}`, 32)));

  function macOf(key: Buffer, text: Buffer): Buffer {
    return createHmac("sha256", key).update(text).digest().subarray(0, macBytes);
  }

  return {
    sign(target) {
      const text = Buffer.from(textOf(target));
      return Buffer.concat([macOf(keys[0]!, text), text]).toString("base64url");
    },
    read(token) {
      if (token.length > maxLength) return null;
      const bytes = Buffer.from(token, "base64url");
      // Decoding forgives: it skips what is no base64url, and bits that a last character has to spare.
      if (bytes.length <= macBytes || bytes.toString("base64url") !== token) return null;
      const [mac, text] = [bytes.subarray(0, macBytes), bytes.subarray(macBytes)];
      const matches = keys.map((key) => timingSafeEqual(macOf(key, text), mac));
      return matches.includes(true) ? targetIn(text.toString()) : null;
    },
  };
}

function textOf({ company, callId, expiresAt }: LinkTarget): string {
  return `${company === null ? "" : companyKey(company)}/${callId}/${expiresAt.toString(36)}`;
}

function targetIn(text: string): LinkTarget | null {
  const [, key = "", callId, expiry] = /^([^/]*)\/([1-9]\d*)\/([\da-z]+)$/.exec(text) ?? [];
  const company = companyNamed(key);
  if (callId === undefined || expiry === undefined || (key !== "" && company === null)) return null;
  return { company, callId, expiresAt: parseInt(expiry, 36) };
}
