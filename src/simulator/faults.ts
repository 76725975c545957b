import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import { clearTimeout, setTimeout } from "node:timers"; // not those that a test may have stopped
import type { Request, RequestHandler, Response } from "express";
import { noteReason } from "./api/answers";
import { rateHeaders, type RateSettings } from "./api/rate-limit";
import { readFaultRule, type FaultRule } from "./fault-rule";

export interface Faults {
  /** Adds a rule behind those that are there; the first one that matches strikes. Returns what removes it. */
  readonly fail: (rule: FaultRule) => () => void;
  readonly clear: () => void;
  /** Those that still strike, oldest first. */
  readonly active: readonly ActiveFault[];
  readonly strike: RequestHandler;
}

export interface ActiveFault {
  readonly id: number;
  readonly rule: FaultRule;
  /** How many requests it will still strike. */
  readonly left: number;
  readonly end: () => void;
}

interface ActiveRule {
  readonly id: number;
  readonly rule: FaultRule;
  left: number;
}

export function createFaults(settings: RateSettings): Faults {
  let active: ActiveRule[] = [];
  let lastId = 0;

  function take(req: Request): FaultRule | undefined {
    const found = active.find(({ rule, left }) => left > 0 && matches(rule, req));
    if (found) found.left -= 1;
    return found?.rule;
  }

  function end(rule: ActiveRule): void {
    active = active.filter((other) => other !== rule);
  }

  return {
    get active() {
      const striking = active.filter(({ left }) => left > 0);
      return striking.map((rule): ActiveFault => ({ ...rule, end: () => end(rule) }));
    },
    fail(rule) {
      const added = { id: (lastId += 1), rule: readFaultRule(rule), left: rule.times ?? Infinity };
      active.push(added);
      return () => end(added);
    },
    clear() {
      active = [];
    },
    strike(req, res, next) {
      const rule = take(req);
      if (!rule) return next();
      if (rule.latencyMs === undefined) return apply(rule);
      const timer = setTimeout(apply, rule.latencyMs, rule);
      res.on("close", () => clearTimeout(timer));

      function apply(rule: FaultRule) {
        if (rule.hang) return;
        if (isAnswerOfItsOwn(rule)) noteReason(res, "A fault made it fail");
        if (rule.reset === "before") return resetConnection(req.socket);
        if (rule.rateLimited) return answerRateLimited(res, rule.rateLimited, settings);
        if (rule.brokenJson)
          return void res
            .status(rule.status ?? 200)
            .type("json")
            .send('{"data":[{"id":1,"na');
        if (rule.status !== undefined || rule.body !== undefined) return answer(res, rule);
        if (rule.reset === "after") resetInPlaceOfAnswer(req, res);
        next();
      }
    },
  };
}

function isAnswerOfItsOwn({ rateLimited, brokenJson, status, body }: FaultRule): boolean {
  return [rateLimited, brokenJson, status, body].some((effect) => effect !== undefined);
}

function matches({ match = {} }: FaultRule, req: Request): boolean {
  const { method, path } = match;
  if (method !== undefined && method.toUpperCase() !== req.method) return false;
  if (typeof path === "string") return matchesPath(path, req.path);
  return path === undefined || req.path.search(path) >= 0;
}

function matchesPath(path: string, asked: string): boolean {
  const wanted = path.split("/");
  const given = asked.split("/");
  return (
    wanted.length === given.length &&
    wanted.every((segment, at) => (/^:\w/.test(segment) ? given[at] !== "" : segment === given[at]))
  );
}

function answer(res: Response, { status = 200, body }: FaultRule): void {
  res.status(status);
  if (typeof body === "string") res.type("html").send(body);
  else res.json(body === undefined ? { error: STATUS_CODES[status] ?? "Error", success: false } : body);
}

function answerRateLimited(
  res: Response,
  rateLimited: NonNullable<FaultRule["rateLimited"]>,
  settings: RateSettings,
): void {
  const { now, rateLimit } = settings;
  const seconds = rateLimited === true ? 1 : rateLimited.resetInSeconds;
  res.set(
    rateHeaders({ limit: rateLimit, remaining: 0, resetAt: now() + seconds * 1000 }, settings, { limited: true }),
  );
  res.status(429).json({ error: "Too Many Requests", success: false });
}

function resetInPlaceOfAnswer(req: Request, res: Response): void {
  function drop(): Response {
    resetConnection(req.socket);
    return res;
  }
  res.end = drop as Response["end"];
}

function resetConnection(socket: Socket): void {
  socket.resetAndDestroy();
}
