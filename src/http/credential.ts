import { createHash } from "node:crypto";

/** On whose behalf a request is made. */
export interface Owner {
  /** Callers with the same may share an answer: a grant's id and version, or a credential's digest. */
  readonly grant: string;
  /** Whose request budget it spends: Aircall counts per company. */
  readonly budget: string;
}

/** A name for what must not be shown, the same in every process. */
export function digest(secret: string): string {
  return createHash("sha256").update(secret).digest("base64url").slice(0, 22);
}
