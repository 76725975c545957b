import type { Call } from "./entities";

/** A report that was asked for. */
export interface AnalyticsExport {
  readonly exportID: string;
  readonly reportName: string;
  readonly exportName: string;
  /** UNIX milliseconds. */
  readonly createdAt: number;
}

export const buildMs = 1_000;
const linkMs = 3_600_000;

/** A report as it is answered: pending for a second; its link is valid for an hour from when it is shown. */
export function presentExport({ exportID, exportName, createdAt }: AnalyticsExport, now: number): object {
  const completed = now >= createdAt + buildMs;
  return {
    exportID,
    createdAt: new Date(createdAt).toISOString(),
    status: completed ? "COMPLETED" : "PENDING",
    format: "CSV",
    exportName,
    isZipCompressed: false,
    downloadUrl: completed ? `/exports/${exportID}.csv?expires=${now + linkMs}` : null,
    downloadUrlExpiresAt: completed ? new Date(now + linkMs).toISOString() : null,
    errorMessage: null,
  };
}

/** The CSV of a report, with the same columns for every kind: what Aircall writes is not what a simulator is for. */
export function writeReport({ calls }: { readonly calls: readonly Call[] }): string {
  const rows = calls.map(({ id, direction, started_at, duration }) => [id, direction, started_at, duration].join());
  return `${["call_id,direction,started_at,duration", ...rows].join("\n")}\n`;
}

/** What is told of a report that can be fetched now. */
export function reportTold({ exportID }: Pick<AnalyticsExport, "exportID">, now: number): object {
  const download_url = `/exports/${exportID}.csv?expires=${now + linkMs}`;
  return { exportID, status: "COMPLETED", download_url, errorMessage: null };
}
