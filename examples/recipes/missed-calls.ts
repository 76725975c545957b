import type { Express } from "express";
import { requireAircall, type AircallClient, type Call } from "express-aircall";

const aDayMs = 86_400_000;

/** Who called, was not answered, and has not been spoken to since: the latest call of each, newest first. */
export async function missedCallers(client: AircallClient, since: Date): Promise<Call[]> {
  const waiting = new Map<string, Call>();
  for await (const call of client.calls.iterate({ from: since })) {
    const { raw_digits: caller, direction, answered_at, status } = call;
    if (caller === null || caller === "anonymous" || status !== "done") continue;
    if (answered_at !== null) waiting.delete(caller);
    else if (direction === "inbound") waiting.set(caller, call);
  }
  return [...waiting.values()].sort((one, other) => other.started_at - one.started_at);
}

/** `GET /missed`: those of the last day. */
export function missedCalls(app: Express): void {
  app.get("/missed", requireAircall(), async (req, res) => {
    const calls = await missedCallers(req.aircall, new Date(Date.now() - aDayMs));
    res.json(
      calls.map(({ id, raw_digits, started_at, number }) => ({ id, raw_digits, started_at, line: number?.name })),
    );
  });
}
