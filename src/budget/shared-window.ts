import type { RateLimiterRedis, RateLimiterRes } from "rate-limiter-flexible";
import { ConfigError } from "../errors/errors";
import { isRedisClient, senderFor, type SendScript } from "../redis/send";
import { plainReply } from "../redis/reply";
import { within } from "../time/within";
import { countScript } from "./count-script";
import type { News } from "./window";

/** Asks whether `asked` more requests may go now. */
export interface Question {
  readonly budget: string;
  readonly asked: number;
  /** How many of the window may be used up, these included. */
  readonly cap: number;
  readonly windowMs: number;
  readonly news: News;
}

export interface Tally {
  /** Whether they may all go, and have been counted. */
  readonly granted: boolean;
  /** By all processes in this window. */
  readonly used: number;
  readonly leftMs: number;
  /** What any of them has learnt of the limit, as text; empty when none has. */
  readonly limit: string;
}

/** Counts for all processes. */
export interface SharedWindow {
  /** False while it does not answer: then everyone counts for themselves. */
  ready(): boolean;
  /** Whether it is time to find out if it answers again. */
  due(): boolean;
  /** Null when it did not answer in time. Never rejects. */
  count(question: Question): Promise<Tally | null>;
}

interface Settings {
  /** Begins every key. Default `aircall:`. */
  readonly prefix?: string;
  readonly now?: () => number;
  readonly patienceMs?: number;
  readonly warn?: (message: string) => void;
  /** Null where it is not installed. */
  readonly load?: () => typeof import("rate-limiter-flexible") | null;
}

const probeEveryMs = 1_000;
const maxOverdue = 100;
const limitKeptMs = 86_400_000;

/**
 * Counts in the app's own Redis: a client, pool or cluster of node-redis 5 or 6, or ioredis 5, to which it sends `EVAL`
 * and nothing else. Null, with a warning, while rate-limiter-flexible is not installed.
 * @throws {ConfigError} it is no such client.
 */
export function createSharedWindow(client: unknown, settings: Settings = {}): SharedWindow | null {
  const { prefix = "aircall:", now = () => performance.now(), patienceMs = 250 } = settings;
  const { warn = emitWarning, load = loadLimiter } = settings;
  const send = senderOf(client);
  const Limiter = load()?.RateLimiterRedis;
  if (!Limiter) {
    warn(
      "Redis is there, but the package rate-limiter-flexible is not: each process counts Aircall's request limit for itself. Run npm install rate-limiter-flexible.",
    );
    return null;
  }
  let ready = true;
  let triedAt = 0;
  let overdue = 0;

  const ask = createCounting({ Limiter, send, prefix });

  return {
    ready: () => ready,
    due: () => !ready && overdue < maxOverdue && now() - triedAt >= probeEveryMs,
    async count(question) {
      triedAt = now();
      overdue += 1;
      const asked = ask(question).finally(() => (overdue -= 1));
      const tallied = asked.catch(() => null);
      const tally = await within<Tally | null>({ limitMs: patienceMs, late: () => null, readsFirst: 2 }, tallied);
      ready = tally !== null;
      return tally;
    },
  };
}

interface CountingParts {
  readonly Limiter: typeof RateLimiterRedis;
  readonly send: SendScript;
  readonly prefix: string;
}

/** Has rate-limiter-flexible count, by a script of our own that is sent on the app's client. */
function createCounting({ Limiter, send, prefix }: CountingParts): (question: Question) => Promise<Tally> {
  return async function ask({ budget, asked, cap, windowMs, news }) {
    const { uncounted, used, leftMs, fresh } = news;
    const facts = [windowMs, uncounted, leftMs === null ? 0 : used, leftMs ?? 0, fresh ? 1 : 0];
    const more = [...facts, news.limit ?? "", limitKeptMs].map(String);
    let limit = "";
    const storeClient: ScriptRunner = {
      async eval(script, { keys, arguments: args }) {
        const reply = plainReply(await send(script, [...keys, `${prefix}{${budget}}:limit`], [...args, ...more]));
        if (!Array.isArray(reply)) throw new TypeError("Redis answered the count with no list");
        const [wanted, left, learnt] = reply.map(String);
        limit = learnt ?? "";
        return [Number(wanted), Number(left)];
      },
    };
    const options = { storeClient, useRedisPackage: true, customIncrTtlLuaScript: countScript, keyPrefix: "" };
    const limiter = new Limiter({ ...options, points: cap, duration: Math.ceil(windowMs / 1_000) });
    const result = await limiter.consume(`${prefix}{${budget}}:budget`, asked).catch(refusal);
    const wanted = result.consumedPoints;
    const granted = wanted <= cap;
    return { granted, used: granted ? wanted : wanted - asked, leftMs: result.msBeforeNext, limit };
  };
}

type Counted = Pick<RateLimiterRes, "consumedPoints" | "msBeforeNext">;

/** rate-limiter-flexible rejects with what it counted where that is above the cap. */
function refusal(reason: unknown): Counted {
  if (isCounted(reason)) return reason;
  throw reason instanceof Error ? reason : new TypeError("rate-limiter-flexible gave no count");
}

function isCounted(value: unknown): value is Counted {
  return typeof value === "object" && value !== null && "consumedPoints" in value && "msBeforeNext" in value;
}

/** As rate-limiter-flexible calls its client. */
interface ScriptRunner {
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
}

function senderOf(client: unknown): SendScript {
  if (isRedisClient(client)) return senderFor(client);
  throw new ConfigError("The request budget needs a client of node-redis 5 or 6 or of ioredis 5.");
}

/** An optional peer, and a large one: loaded where there is a Redis. Bundlers pass over what is required in a `try` only. */
function loadLimiter(): typeof import("rate-limiter-flexible") | null {
  try {
    return require("rate-limiter-flexible") as typeof import("rate-limiter-flexible");
  } catch {
    return null;
  }
}

function emitWarning(message: string): void {
  process.emitWarning(message, { code: "EXPRESS_AIRCALL_BUDGET" });
}
