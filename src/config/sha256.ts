import { hash } from "node:crypto";

/** The hash of a text, in base64url: 43 characters, of which a key often needs the first few only. */
export function sha256(text: string): string {
  return hash("sha256", text, "base64url");
}
