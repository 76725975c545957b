import type { AircallClient, Call } from "express-aircall";
import type { MirroredCall } from "../mirror/mirrored-call";

/** Everything between a caller and the company, as far back as the page looks. */
export interface History {
  /** The latest first; the call that was asked for is among them. */
  readonly calls: readonly [Call, ...Call[]];
  /** Whether there are more than are shown. */
  readonly cut: boolean;
}

export const historyDays = 30;
const pageSize = 50;
const mostPages = 4;
/** What people look at twice within a minute is asked for once. */
const cacheMs = 60_000;

interface Looking {
  readonly client: AircallClient;
  readonly now: number;
  /** What the mirror has of this number: what is missing from an answer that was kept is asked for anew. */
  readonly mirrored: readonly MirroredCall[];
}

/** The calls of the number that this call is of, in and out: one search. A withheld number has this call alone. */
export async function readHistory(id: number, number: string | null, looking: Looking): Promise<History> {
  const { client, mirrored } = looking;
  if (number === null) return { calls: [await readCall(client, id)], cut: false };
  const kept = await search(number, looking, cacheMs);
  const ids = new Set(kept.calls.map((call) => call.id));
  const { calls, cut } = mirrored.every((call) => ids.has(call.id)) ? kept : await search(number, looking, 0);
  const [first, ...others] = calls.some((call) => call.id === id) ? calls : [...calls, await readCall(client, id)];
  return { calls: [first as Call, ...others], cut };
}

export function readCall(client: AircallClient, id: number): Promise<Call> {
  return client.calls.get(id, { fetch_contact: true }, { cacheMs });
}

async function search(number: string, { client, now }: Looking, cacheMs: number) {
  const query = {
    phone_number: number,
    from: startOf(now),
    order: "desc",
    per_page: pageSize,
    fetch_contact: true,
  } as const;
  const calls: Call[] = [];
  let page = await client.calls.search(query, { cacheMs });
  for (let pages = 1; ; pages += 1) {
    calls.push(...page.items);
    const next = pages < mostPages && page.hasNext ? await page.next() : null;
    if (!next) return { calls: calls.sort((one, other) => other.started_at - one.started_at), cut: page.hasNext };
    page = next;
  }
}

/** The same all day, so that an answer which was kept fits. */
function startOf(now: number): Date {
  const day = 86_400_000;
  return new Date(Math.floor(now / day) * day - historyDays * day);
}
