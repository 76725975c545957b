import { createCipheriv, createDecipheriv, hkdfSync, randomBytes as secureRandomBytes } from "node:crypto";

const ivBytes = 12;
const tagBytes = 16;

/** Keeps text unreadable and unchangeable while it is out of our hands. AES-256-GCM. */
export interface Seal {
  /** `context` is not stored: only the same context opens it again, so a sealed text cannot be moved elsewhere. */
  close(text: string, context: string): string;
  /** Null when it was cut, changed, moved, or closed with another key. */
  open(sealed: string, context: string): string | null;
}

/** The key is derived from `secret` once, here; `purpose` keeps two uses of one secret apart. */
export function createSeal(secret: string, purpose: string, { randomBytes = secureRandomBytes } = {}): Seal {
  const key = Buffer.from(hkdfSync("sha256", secret, "", `express-aircall ${purpose}`, 32));

  return {
    close(text, context) {
      const iv = randomBytes(ivBytes);
      const cipher = createCipheriv("aes-256-gcm", key, iv).setAAD(Buffer.from(context));
      const body = Buffer.concat([cipher.update(Buffer.from(text)), cipher.final()]);
      return Buffer.concat([iv, cipher.getAuthTag(), body]).toString("base64url");
    },
    open(sealed, context) {
      const bytes = Buffer.from(sealed, "base64url");
      // Decoding forgives: it skips what is no base64url, and bits that a last character has to spare.
      if (bytes.toString("base64url") !== sealed || bytes.length < ivBytes + tagBytes) return null;
      const iv = bytes.subarray(0, ivBytes);
      const decipher = createDecipheriv("aes-256-gcm", key, iv, { authTagLength: tagBytes })
        .setAAD(Buffer.from(context))
        .setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes));
      try {
        return Buffer.concat([decipher.update(bytes.subarray(ivBytes + tagBytes)), decipher.final()]).toString();
      } catch {
        return null;
      }
    },
  };
}
