import type { Request } from "express";
import { tell } from "../diagnostics";
import type { Grant } from "../grants/grant";

/** The acts of an audit trail: `docs/companies.md` says what each is. */
export type AuditAction = "sign_in" | "disconnect" | "key_connected" | "key_removed" | "dial" | "recording_opened";

/** What was done, and for which company. */
export interface AuditedAct {
  readonly action: AuditAction;
  /** Aircall's id; null where it is not known, as with an API key. */
  readonly companyId: number | null;
  /** The app's own name for the company; null where the app gave it none. */
  readonly companyRef: string | null;
}

/** One line of the app's audit trail. No token, no address and no phone number is in it. */
export interface AuditEntry extends AuditedAct {
  /** When it had been done. */
  readonly at: Date;
  /** What the option `actor` answered to the request; null in jobs. */
  readonly actor: string | null;
}

/** What the app writes its trail with. */
export interface AuditHooks {
  /** Null where nobody keeps a trail. */
  readonly onAudit: ((entry: AuditEntry) => unknown) | null;
  readonly actor: ((req: Request) => string | null | undefined) | null;
}

/** Tells the app what was done. It never throws and never waits: what fails in the app fails no act. */
export interface Audit {
  /** False where nobody keeps a trail: then nothing need be looked up for one. */
  readonly on: boolean;
  /** Tells of the act now; without a request the actor is null. */
  (act: AuditedAct, req: Request | null): void;
  /** Asks `actor` now, and tells of the act later: it may end the session that names the actor. */
  by(req: Request): (act: AuditedAct) => void;
}

/** An act on a grant; `companyId` stands in where the grant could not be read. */
export function actOn(action: AuditAction, grant: Grant | null, companyId: number | null = null): AuditedAct {
  return { action, companyId: grant?.account.id ?? companyId, companyRef: grant?.ref ?? null };
}

export function createAudit({ onAudit, actor }: AuditHooks, { warn = emitWarning } = {}): Audit {
  let warned = false;

  function failed(hook: "onAudit" | "actor"): void {
    tell("express-aircall:hook-failure", { hook });
    if (!warned) warn(`express-aircall: ${hook} failed, and may do so again: the audit trail has gaps. ${toSeeThem}`);
    warned = true;
  }

  function actorOf(req: Request | null): string | null {
    try {
      const name: unknown = (req && onAudit && actor?.(req)) ?? null;
      if (name === null || typeof name === "string") return name;
    } catch {
      // Told below, as an answer that is no text.
    }
    failed("actor");
    return null;
  }

  function write(act: AuditedAct, actor: string | null): void {
    if (!onAudit) return;
    const { action, companyId, companyRef } = act;
    const entry = { at: new Date(), actor, companyId, companyRef, action };
    new Promise((resolve) => resolve(onAudit(entry))).catch(() => failed("onAudit"));
  }

  function by(req: Request): (act: AuditedAct) => void {
    const actor = actorOf(req);
    return (act) => write(act, actor);
  }

  return Object.assign((act: AuditedAct, req: Request | null) => write(act, actorOf(req)), {
    on: onAudit !== null,
    by,
  });
}

const toSeeThem = 'Subscribe to the diagnostics channel "express-aircall:hook-failure" to hear of each.';

function emitWarning(message: string): void {
  process.emitWarning(message, { code: "EXPRESS_AIRCALL_AUDIT" });
}
