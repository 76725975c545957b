import type { EventHandlers } from "express-aircall";
import type { Pool } from "pg";

export const table = `
  CREATE TABLE IF NOT EXISTS calls (
    id bigint PRIMARY KEY,
    company_id bigint,
    direction text NOT NULL,
    started_at timestamptz NOT NULL,
    answered_at timestamptz,
    ended_at timestamptz,
    agent text,
    missed_reason text
  )`;

/** Writes each call into a row. It may come twice, or late, and the row is the same. */
export function logCalls(db: Pool): EventHandlers {
  return {
    "call.ended": async ({ companyId, data: call }) => {
      const { id, direction, user, missed_call_reason } = call;
      const moments = [call.started_at, call.answered_at, call.ended_at];
      await db.query(
        `INSERT INTO calls VALUES ($1, $2, $3, to_timestamp($4), to_timestamp($5), to_timestamp($6), $7, $8)
         ON CONFLICT (id) DO UPDATE SET ended_at = excluded.ended_at, agent = excluded.agent`,
        [id, companyId, direction, ...moments, user?.name ?? null, missed_call_reason ?? null],
      );
    },
  };
}
