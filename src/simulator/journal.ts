import type { Request, RequestHandler, Response } from "express";
import { searchOf } from "./address";

/** What the simulator remembers of a request. */
export interface RecordedRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** The endpoint's path with its placeholders, e.g. `/v1/calls/:id`; null when it reached none. */
  readonly route: string | null;
  /** With its question mark; empty when there was none. */
  readonly query: string;
  /** The scheme of the Authorization header as sent, e.g. `Bearer`; null without the header. */
  readonly authorization: string | null;
  /** UNIX milliseconds. */
  readonly at: number;
  /** Whose credential it was; null when none was accepted, or no answer was sent. */
  readonly companyId: number | null;
  /** Null while, or when, no answer was sent. */
  readonly status: number | null;
  /** Why the simulator refused it, in a sentence; null for what it did not refuse. */
  readonly reason: string | null;
}

/** How many requests arrived, answered or not; these go on counting where `requests` forgets. */
export interface RequestCounts {
  readonly requests: number;
  /** At the token endpoint. */
  readonly tokenRequests: number;
  /** Answered 429, by the rate limit or by a fault. */
  readonly limited: number;
}

export interface Journal {
  /** The latest thousand, oldest first. */
  readonly requests: readonly RecordedRequest[];
  readonly counts: RequestCounts;
  readonly record: RequestHandler;
  readonly clear: () => void;
}

const remembered = 1_000;

export function createJournal(now: () => number): Journal {
  let requests: RecordedRequest[] = [];
  let counts = { requests: 0, tokenRequests: 0, limited: 0 };

  return {
    get requests() {
      return [...requests];
    },
    get counts() {
      return { ...counts };
    },
    record(req, res, next) {
      const entry = {
        method: req.method,
        path: req.path,
        route: null as string | null,
        query: searchOf(req),
        authorization: req.get("authorization")?.split(" ", 1)[0] ?? null,
        at: now(),
        companyId: null as number | null,
        status: null as number | null,
        reason: null as string | null,
      };
      requests.push(entry);
      if (requests.length > remembered) requests.shift();
      counts.requests += 1;
      if (req.path === "/v1/oauth/token") counts.tokenRequests += 1;
      res.on("finish", () => {
        entry.status = res.statusCode;
        entry.companyId = companyIdOf(res);
        entry.route = routeOf(req);
        entry.reason = (res.locals["reason"] as string | undefined) ?? null;
        if (res.statusCode === 429) counts.limited += 1;
      });
      next();
    },
    clear() {
      requests = [];
      counts = { requests: 0, tokenRequests: 0, limited: 0 };
    },
  };
}

function companyIdOf(res: Response): number | null {
  const company = res.locals["company"] as { id: number } | undefined;
  return company?.id ?? null;
}

function routeOf(req: Request): string | null {
  const route = req.route as { path: string } | undefined;
  return route?.path ?? null;
}
