import type { Request } from "express";
import type { AuditEntry, AuditHooks } from "../companies/audit";
import { kindOf } from "../config/values";
import { ConfigError } from "../errors/errors";

/** Who did what, for the app's own audit trail. */
export interface AuditOptions {
  /**
   * Told of each sign-in, disconnection, key that came or went, call that was placed and recording that was opened, after
   * it was done. Nothing waits for it: where it throws or rejects, the act stands, and the diagnostics event
   * `express-aircall:hook-failure` tells. Default: nobody is told.
   */
  onAudit?: ((entry: AuditEntry) => unknown) | undefined;
  /** With `onAudit`: who acts in this request, such as the id of your user; null where that is nobody. */
  actor?: ((req: Request) => string | null | undefined) | undefined;
}

/** The names above, so that a misspelled option can be told what was meant. */
export const auditOptionNames = ["onAudit", "actor"];

/** @throws {ConfigError} one is no function, or `actor` stands alone. */
export function readAuditOptions({ onAudit, actor }: AuditOptions): AuditHooks {
  for (const [name, hook] of Object.entries({ onAudit, actor })) {
    if (hook === undefined || typeof hook === "function") continue;
    throw new ConfigError(`${name} must be a function; got ${kindOf(hook)}.`);
  }
  if (actor && !onAudit) throw new ConfigError("actor says who acts, for onAudit: give that too, or leave actor out.");
  return { onAudit: onAudit ?? null, actor: actor ?? null };
}
