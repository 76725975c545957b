import { readFile, writeFile } from "node:fs/promises";
import type { AircallClient, Call } from "express-aircall";

interface Parts {
  /** The same in every run, until it is through: a cursor belongs to one query. */
  readonly from: Date;
  readonly to: Date;
  readonly keep: (call: Call) => Promise<void>;
  /** Where it notes how far it has come. */
  readonly noteAt: string;
  readonly onProgress?: (progress: { fetched: number; total: number | null }) => void;
}

/** Fetches all calls of a time, beyond Aircall's 10,000 too, and goes on where it was killed. */
export async function backfill(client: AircallClient, parts: Parts): Promise<void> {
  const { from, to, keep, noteAt, onProgress } = parts;
  const cursor = await readFile(noteAt, "utf8").catch(() => null);
  const walk = client.calls.iterate({ from, to }, { cursor, onProgress });
  for await (const page of walk.pages()) {
    for (const call of page.items) await keep(call);
    if (walk.cursor !== null) await writeFile(noteAt, walk.cursor);
  }
}
