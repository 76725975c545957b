import { tell } from "../diagnostics";
import type { EventJson } from "./event";
import type { Handlers } from "./handlers";

interface Circumstances {
  readonly late: boolean;
  /** Since the event was taken. */
  readonly waitedMs: number;
}

/** Runs an event's handler, and tells those who watch. Rejects with what the handler rejected with. */
export async function runTold(handlers: Handlers, json: EventJson, { late, waitedMs }: Circumstances): Promise<void> {
  const { name: event, source } = json;
  const handling = { event, source, late, waitedMs, run: () => handlers.run(json, late) };
  tell("express-aircall:handling", handling);
  const startedAt = performance.now();
  let failed = true;
  try {
    await handling.run();
    failed = false;
  } finally {
    const durationMs = performance.now() - startedAt;
    tell("express-aircall:event", { event, source, late, failed, waitedMs, durationMs });
  }
}
