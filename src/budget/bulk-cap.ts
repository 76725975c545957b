import type { Lane } from "../http/limiter";

/** What is known of a company's window. */
export interface WindowState {
  /** Requests per window. */
  readonly limit: number;
  readonly used: number;
  readonly leftMs: number;
  readonly windowMs: number;
}

/** This part of the limit bulk requests may use at once; the rest opens to them as the window passes. */
const burstShare = 0.5;
/** This much is kept from them to the last, so that two or three interactive requests at once find room. */
const keptShare = 0.05;
/** But for the very end of the window, where everyone's wait is short: nothing is wasted. */
const endShare = 1 / 80;

/** How many of the window's requests may be used up by requests of this lane now. */
export function capOf(lane: Lane, { limit, leftMs, windowMs }: WindowState): number {
  if (lane === "interactive" || leftMs <= windowMs * endShare) return limit;
  const opening = Math.ceil(limit * (1 - burstShare) * Math.min(1, leftMs / windowMs));
  return Math.max(1, limit - Math.max(opening, keptOf(limit)));
}

/** How many more of them may be this lane's now. */
export function leftFor(lane: Lane, window: WindowState): number {
  return Math.max(0, capOf(lane, window) - window.used);
}

/** How long until the request with `ahead` others before it may go, as things stand. */
export function waitOf(lane: Lane, window: WindowState, ahead: number): number {
  const { limit, used, leftMs, windowMs } = window;
  const place = used + ahead + 1;
  if (place <= limit) return Math.max(0, leftMs - opensAtMs(lane, place, window));

  const beyond = place - limit - 1;
  const inItsWindowMs = windowMs - opensAtMs(lane, (beyond % limit) + 1, window);
  return leftMs + Math.floor(beyond / limit) * windowMs + inItsWindowMs;
}

/** How much of the window is left when its nth request may be one of this lane. */
function opensAtMs(lane: Lane, place: number, { limit, windowMs }: WindowState): number {
  if (lane === "interactive" || place === 1) return windowMs;
  const spared = limit - place;
  if (spared < keptOf(limit)) return windowMs * endShare;
  return Math.max(windowMs * endShare, Math.min(windowMs, (windowMs * spared) / (limit * (1 - burstShare))));
}

function keptOf(limit: number): number {
  return Math.floor(limit * keptShare);
}
