import type { Request } from "express";
import type { Done } from "../http/parts";
import type { Audit, AuditAction } from "./audit";

/** Writes requests that act in Aircall into the audit trail; null where nobody keeps one. `req` is null for jobs. */
export function tellActs(audit: Audit, req: Request | null): ((done: Done) => void) | null {
  if (!audit.on) return null;
  return function told(done) {
    const action = actionOf(done);
    if (!action) return;
    const { companyId = null, companyRef = null } = done.owner ?? {};
    audit({ action, companyId, companyRef }, req);
  };
}

/** The action goes by the route: the request may have been written by hand. */
function actionOf({ request, file }: Done): AuditAction | null {
  if (file !== null) return "recording_opened";
  return dials.test(request) ? "dial" : null;
}

const dials = /^POST \/v1\/(?:users\/[^/]+\/(?:calls|dial)|outbound-calls\/agents\/[^/]+)$/;
