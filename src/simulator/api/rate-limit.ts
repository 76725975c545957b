import type { RequestHandler } from "express";
import { refuse } from "./answers";
import { companyOf } from "./authenticate";

const windowMs = 60_000;

interface Rate {
  readonly limit: number;
  readonly remaining: number;
  /** UNIX milliseconds. */
  readonly resetAt: number;
}

/** So many requests per company and minute, whoever sends them. The minute begins with the first request. */
export function limitRate(limit: number, now: () => number): RequestHandler {
  const windows = new Map<number, { used: number; resetAt: number }>();

  return function limitRate(_req, res, next) {
    const { id } = companyOf(res);
    const running = windows.get(id);
    const window = running && now() < running.resetAt ? running : { used: 0, resetAt: now() + windowMs };
    windows.set(id, window);

    window.used += 1;
    res.set(rateHeaders({ limit, remaining: Math.max(0, limit - window.used), resetAt: window.resetAt }));
    if (window.used <= limit) return next();
    // Aircall does not document this body.
    refuse(res, 429, "The rate limit of this company is reached");
  };
}

export function rateHeaders({ limit, remaining, resetAt }: Rate): Record<string, string> {
  return {
    "X-AircallApi-Limit": String(limit),
    "X-AircallApi-Remaining": String(remaining),
    "X-AircallApi-Reset": String(Math.ceil(resetAt / 1000)),
  };
}
