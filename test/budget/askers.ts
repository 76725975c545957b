import type { RateLimitError } from "../../src/errors/errors";
import type { Asking, Permit, Limiter } from "../../src/http/limiter";

export interface Asker {
  /** `waits` until its turn came, its signal aborted or it was refused. */
  state: "waits" | "sends" | "refused";
  turn: Permit | null;
  error: RateLimitError | null;
  /** When its turn came. */
  sentAt: number | null;
  abort(reason?: unknown): void;
  readonly signal: AbortSignal;
  readonly leaves: boolean;
}

export type Wish = Partial<Omit<Asking, "deadline">> & {
  readonly deadlineMs?: number;
  /** False for one whose attempt never leaves. */
  readonly leaves?: boolean;
};

/** Asks for a turn, sends when it comes, and keeps what comes of it. */
export function ask(turns: Limiter, now: () => number, wish: Wish = {}): Asker {
  const { deadlineMs = 3_600_000, leaves = true, ...asking } = wish;
  const controller = new AbortController();
  const { signal } = controller;
  const endsAt = now() + deadlineMs;
  const deadline = { signal, remainingMs: () => Math.max(0, endsAt - now()) };
  const abort = (reason?: unknown) => controller.abort(reason);
  const asker: Asker = { state: "waits", turn: null, error: null, sentAt: null, abort, signal, leaves };

  turns.acquire({ budget: "company:1", lane: "interactive", request: "GET /v1/calls", ...asking, deadline }).then(
    (turn) => {
      if (leaves) turn.sent();
      Object.assign(asker, { state: "sends", turn, sentAt: now() });
    },
    (error: unknown) => Object.assign(asker, { state: "refused", error }),
  );
  return asker;
}

export function askMany(count: number, turns: Limiter, now: () => number, wish?: Wish): Asker[] {
  return Array.from({ length: count }, () => ask(turns, now, wish));
}

export function sending(askers: readonly Asker[]): number {
  return askers.filter(({ state }) => state === "sends").length;
}
