import type { AircallAuth, EventHandlers } from "express-aircall";

interface Crm {
  /** The key makes it repeatable: the same note is not written twice. */
  addNote(key: string, note: { callId: number; html: string }): Promise<void>;
}

/** Puts a link into the CRM that plays the recording, for a month, without a login. */
export function linkRecordings(auth: Pick<AircallAuth, "recordingLink">, crm: Crm): EventHandlers {
  const aMonthMs = 30 * 86_400_000;
  return {
    "call.comm_assets_generated": async ({ id, companyId, data: call }) => {
      if (call.answered_at === null) return;
      const link = auth.recordingLink(companyId, call.id, { expiresInMs: aMonthMs });
      await crm.addNote(id, { callId: call.id, html: `<a href="${link}">Listen to the call</a>` });
    },
  };
}
