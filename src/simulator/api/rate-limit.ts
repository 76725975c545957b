import type { RequestHandler } from "express";
import type { SimulatorSettings } from "../options";
import { refuse } from "./answers";
import { companyOf } from "./authenticate";

/** What a company has left of its window. */
export interface Rate {
  readonly limit: number;
  readonly remaining: number;
  /** UNIX milliseconds. */
  readonly resetAt: number;
}

export interface RateLimiter {
  readonly limit: RequestHandler;
  /** Null while the company has no window running. */
  readonly rateOf: (companyId: number) => Rate | null;
}

export type RateSettings = Pick<
  SimulatorSettings,
  "now" | "rateLimit" | "rateWindowSeconds" | "rateResetUnit" | "rateHeaders"
>;

/** A fixed-window rate limiter for each company, whoever sends. A window begins with its first request. */
export function createRateLimiter(settings: RateSettings): RateLimiter {
  const { now, rateLimit, rateWindowSeconds } = settings;
  const windows = new Map<number, Window>();

  function running(companyId: number): Window | null {
    const window = windows.get(companyId);
    return window && now() < window.resetAt ? window : null;
  }

  function use(companyId: number): Window {
    const window = running(companyId) ?? { used: 0, resetAt: now() + rateWindowSeconds * 1000 };
    windows.set(companyId, window);
    window.used += 1;
    return window;
  }

  function rateIn({ used, resetAt }: Window): Rate {
    return { limit: rateLimit, remaining: Math.max(0, rateLimit - used), resetAt };
  }

  return {
    rateOf(companyId) {
      const window = running(companyId);
      return window && rateIn(window);
    },
    limit: function limit(_req, res, next) {
      const window = use(companyOf(res).id);
      const limited = window.used > rateLimit;
      res.set(rateHeaders(rateIn(window), settings, { limited }));
      if (!limited) return next();
      // Aircall does not document this body.
      refuse(res, 429, "The rate limit of this company is reached");
    },
  };
}

interface Window {
  used: number;
  readonly resetAt: number;
}

export function rateHeaders(
  { limit, remaining, resetAt }: Rate,
  { rateResetUnit, rateHeaders: which, now }: Pick<RateSettings, "rateResetUnit" | "rateHeaders" | "now">,
  { limited }: { limited: boolean },
): Record<string, string> {
  // `Date` goes by the same clock as the reset, which a test may have set.
  const date = { Date: new Date(now()).toUTCString() };
  if (which === "never" || (which === "limited" && !limited)) return date;
  return {
    ...date,
    "X-AircallApi-Limit": String(limit),
    "X-AircallApi-Remaining": String(remaining),
    "X-AircallApi-Reset": String(rateResetUnit === "ms" ? resetAt : Math.ceil(resetAt / 1000)),
  };
}
