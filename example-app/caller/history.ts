import type { AircallClient, Call } from "express-aircall";
import type { OpenBoard } from "../board-of";
import { inE164, type MirroredCall } from "../mirror/mirrored-call";

/** Everything between a caller and the company, as far back as the page looks. */
export interface History {
  /** The latest first; the call that was asked for is among them. */
  readonly calls: readonly [Call, ...Call[]];
  /** Whether there are more than are shown. */
  readonly cut: boolean;
}

export const historyDays = 30;
const pageSize = 50;
/** One search, unless somebody wants to see further back. */
const pagesShown = { latest: 1, older: 4 } as const;
/** What people look at twice within a minute is asked for once, unless something happened in between. */
const cacheMs = 60_000;

interface Looking {
  readonly client: AircallClient;
  /** Milliseconds. */
  readonly now: number;
  /** What the mirror has of this caller: an answer from before it was told one of these is not good any more. */
  readonly mirrored: readonly MirroredCall[];
  /** How much is wanted; by default `latest`. */
  readonly reach?: keyof typeof pagesShown;
}

/** The calls of the number that this call is of, in and out: one search for the latest 50. A withheld number has this call alone. */
export async function readHistory(id: number, number: string | null, looking: Looking): Promise<History> {
  const { client } = looking;
  const keptMs = keptFor(looking);
  const { calls, cut } = number === null ? { calls: [], cut: false } : await search(number, looking, keptMs);
  const all = calls.some((call) => call.id === id) ? calls : [...calls, await readCall(client, id, keptMs)];
  for (const call of looking.mirrored) answered.add(call);
  return { calls: all as [Call, ...Call[]], cut };
}

export function readCall(client: AircallClient, id: number, keptMs = cacheMs): Promise<Call> {
  return client.calls.get(id, { fetch_contact: true }, { cacheMs: keptMs });
}

/** Whose call it is, in E.164; null when they withheld their number. Costs nothing where the mirror has the call. */
export async function numberOfCall({ mirror, key, client }: OpenBoard, id: number): Promise<string | null> {
  const mirrored = mirror.call(key, id);
  return mirrored ? mirrored.number : inE164((await readCall(client, id)).raw_digits);
}

/** What the mirror was told before Aircall answered last: that answer knows of it. */
const answered = new WeakSet<MirroredCall>();

function keptFor({ mirrored }: Looking): number {
  // Not 0: the answer is to be kept for the next who asks.
  return mirrored.every((call) => answered.has(call)) ? cacheMs : 1;
}

async function search(number: string, { client, now, reach = "latest" }: Looking, keptMs: number) {
  const query = {
    phone_number: number,
    from: startOf(now),
    order: "desc",
    per_page: pageSize,
    fetch_contact: true,
  } as const;
  const calls: Call[] = [];
  let page = await client.calls.search(query, { cacheMs: keptMs });
  for (let pages = 1; ; pages += 1) {
    calls.push(...page.items);
    const next = pages < pagesShown[reach] && page.hasNext ? await page.next() : null;
    if (!next) return { calls: calls.sort((one, other) => other.started_at - one.started_at), cut: page.hasNext };
    page = next;
  }
}

/** The same all day, so that an answer which was kept fits. */
function startOf(now: number): Date {
  const day = 86_400_000;
  return new Date(Math.floor(now / day) * day - historyDays * day);
}
