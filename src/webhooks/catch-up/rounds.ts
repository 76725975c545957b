import type { RecordStore } from "../../grants/store";
import type { Round } from "../all-companies";
import { repeat } from "../repeat";

const beatMs = 60_000;
/** Where nobody has listened for this long, Aircall may have given deliveries up. */
const silenceMs = 2 * beatMs;
const keptMs = 90 * 86_400_000;
const aDayMs = 86_400_000;

export interface RoundsParts {
  readonly onAll: (round: Round, signal: AbortSignal) => Promise<void>;
  readonly failed: (error: unknown) => void;
  readonly signal: AbortSignal;
  readonly now?: () => number;
}

/** Looks for new events of every company, each time in one of the processes. */
export function poll(everyMs: number, { onAll, failed, signal }: RoundsParts): void {
  const round = { name: "poll", lastsMs: Math.ceil(everyMs * 0.9) };
  repeat(everyMs, signal, () => onAll(round, signal).catch(failed));
}

/**
 * Notes each minute that somebody listens; catches up once where nobody had, before this process began to. Every process
 * finds the same moment of silence, and so they share the work.
 */
export function listen(records: RecordStore, { onAll, failed, signal, now = Date.now }: RoundsParts): void {
  let isFirst = true;

  async function beat(): Promise<void> {
    const kept = await records.get("listening");
    const lastAt = Number(kept?.value ?? now());
    const wasSilent = isFirst && now() - lastAt > silenceMs;
    isFirst = false;
    if (wasSilent) void onAll({ name: `catch-up ${lastAt}`, lastsMs: aDayMs }, signal).catch(failed);
    await records.put("listening", String(now()), { version: kept?.version ?? null, lifeMs: keptMs });
  }

  repeat(beatMs, signal, () => beat().catch(failed));
}
