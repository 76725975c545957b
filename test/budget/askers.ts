import type { RateLimitError } from "../../src/errors";
import type { Asking, Turn, Turns } from "../../src/http/turns";

export interface Asker {
  /** `waits` until its turn came, its signal aborted or it was refused. */
  state: "waits" | "sends" | "refused";
  turn: Turn | null;
  error: RateLimitError | null;
  /** When its turn came. */
  sentAt: number | null;
  abort(reason?: unknown): void;
  readonly signal: AbortSignal;
}

export type Wish = Partial<Omit<Asking, "deadline">> & { readonly deadlineMs?: number };

/** Asks for a turn and keeps what comes of it. */
export function ask(turns: Turns, now: () => number, wish: Wish = {}): Asker {
  const { deadlineMs = 3_600_000, ...asking } = wish;
  const controller = new AbortController();
  const endsAt = now() + deadlineMs;
  const deadline = { signal: controller.signal, remainingMs: () => Math.max(0, endsAt - now()) };
  const abort = (reason?: unknown) => controller.abort(reason);
  const asker: Asker = { state: "waits", turn: null, error: null, sentAt: null, abort, signal: controller.signal };

  turns.take({ budget: "company:1", lane: "interactive", request: "GET /v1/calls", ...asking, deadline }).then(
    (turn) => Object.assign(asker, { state: "sends", turn, sentAt: now() }),
    (error: unknown) => Object.assign(asker, { state: "refused", error }),
  );
  return asker;
}

export function askMany(count: number, turns: Turns, now: () => number, wish?: Wish): Asker[] {
  return Array.from({ length: count }, () => ask(turns, now, wish));
}

export function sending(askers: readonly Asker[]): number {
  return askers.filter(({ state }) => state === "sends").length;
}
