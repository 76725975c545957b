import { sha256 } from "../config/sha256";
import type { Deadline } from "../time/deadline";

/** What proves to Aircall who is asking. */
export interface Credential {
  /** The whole value of the Authorization header. */
  readonly authorization: string;
  /** The part of it that must never be shown. */
  readonly secret: string;
}

/** Where a request gets its credential from. */
export interface TokenSource {
  /** Whose budget it spends, where that is known without asking. */
  readonly budget?: string | undefined;
  /** Null where nothing is connected; `credential` says why. */
  owner(): Promise<Owner | null>;
  /** The credential for the next attempt; renews it first when it is about to expire. */
  credential(deadline: Deadline): Promise<Credential>;
  /**
   * Aircall answered 401 or 403 to this credential. Resolves `"again"` when a fresh `credential()` is worth one more
   * attempt, `"permission"` when the credential is fine and the answer stands; rejects with an error of its own when
   * the credential is worthless. `request` is the route template of what was refused, e.g. `GET /v1/calls/:id`.
   */
  refused(
    credential: Credential,
    status: 401 | 403,
    deadline: Deadline,
    request?: string,
  ): Promise<"again" | "permission">;
}

/** Asks Aircall whether it still accepts a credential; `"unknown"` when it could not be asked. Never rejects. */
export type Probe = (credential: Credential, deadline: Deadline) => Promise<"accepted" | "refused" | "unknown">;

/** On whose behalf a request is made. */
export interface Owner {
  /** Callers with the same may share an answer: a grant's id and version, or a credential's digest. */
  readonly grant: string;
  /** Whose request budget it spends: Aircall counts per company. */
  readonly budget: string;
  /** Aircall's id of the company, where it is known. */
  readonly companyId?: number | null;
  /** The app's own name for it, where there is one. */
  readonly companyRef?: string | null;
}

/** A name for what must not be shown, the same in every process. */
export function digest(secret: string): string {
  return sha256(secret).slice(0, 22);
}
