import { createWriteStream } from "node:fs";
import { mkdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { AircallAuth, CompaniesResult } from "express-aircall";

const columns = ["id", "direction", "started_at", "answered_at", "ended_at", "missed_call_reason"] as const;

/**
 * Yesterday's calls of every company, a CSV file each. Run it in as many processes as you like: each company is worked
 * on in one of them. One that fails stops nobody. With `auth`, which has `grants`, from the app's own settings.
 */
export async function nightly(auth: AircallAuth, folder: string, now = new Date()): Promise<CompaniesResult> {
  const to = new Date(now);
  to.setUTCHours(0, 0, 0, 0);
  const from = new Date(to.getTime() - 86_400_000);
  const day = from.toISOString().slice(0, 10);

  await mkdir(folder, { recursive: true });
  return auth.forEachCompany(
    async ({ company, client }) => {
      const path = join(folder, `${company.companyId ?? company.companyRef}-${day}.csv`);
      async function* lines() {
        yield `${columns.join(",")}\n`;
        for await (const call of client.calls.iterate({ from, to })) {
          yield `${columns.map((column) => call[column] ?? "").join(",")}\n`;
        }
      }
      await pipeline(lines, createWriteStream(`${path}.part`));
      await rename(`${path}.part`, path);
    },
    { concurrency: 4, run: `calls of ${day}` },
  );
}
