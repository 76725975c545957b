import { setTimeout as pause } from "node:timers/promises";
import { ApiError, ConfigError, RateLimitError } from "../../errors/errors";
import { beforeSending } from "../../http/before-sending";
import { callOptionNames, checkCallOptions, type CallOptions } from "../../http/options";
import type { Means } from "../../pagination/options";
import { whicheverFirst } from "../../time/whichever-first";
import type { Api } from "../api";
import { throwIfAborted } from "../../time/signal";

/** Which insight to wait for, and how; `timeoutMs` and `maxRetries` apply to each request. */
export interface WhenReadyOptions<Name extends string> extends CallOptions {
  /** Default `transcription`. */
  insight?: Name | undefined;
  /** Milliseconds to wait in all; then the last 404 is thrown. Default 15 minutes. */
  maxWaitMs?: number | undefined;
}

const defaultWaitMs = 900_000;
const firstPauseMs = 10_000;
const longestPauseMs = 300_000;
const waitOptionNames = [...callOptionNames, "insight", "maxWaitMs"];

/** What the client was made with, for requests that do not say. */
type Defaults = Pick<Api, "signal" | "lane">;

type Rows<Insights> = { readonly [Name in keyof Insights]: (options: CallOptions) => Promise<Insights[Name]> };

/** Asks for the insight until Aircall has it: at once, then after 10, 20, 40 … seconds, at last every five minutes. */
export async function whenReady<Insights, Name extends keyof Insights & string>(
  rows: Rows<Insights>,
  asked: WhenReadyOptions<Name>,
  {
    now = () => performance.now(),
    sleep = pauseFor,
    signal: clients,
    lane: clientsLane = "bulk",
  }: Means & Defaults = {},
): Promise<Insights[Name]> {
  beforeSending("whenReady()", () => check(rows, asked));
  const { insight = "transcription" as Name, maxWaitMs = defaultWaitMs, ...options } = asked;
  const signal = whicheverFirst(clients, options.signal) ?? new AbortController().signal;
  const startedAt = now();

  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
    try {
      return await rows[insight]({ ...options, lane: options.lane ?? clientsLane });
    } catch (error) {
      const leftMs = maxWaitMs - (now() - startedAt);
      if (leftMs <= 0 || !isNotYet(error)) throw error;
      const budgetMs = error instanceof RateLimitError ? error.retryAfterMs : 0;
      await sleep(Math.min(leftMs, Math.max(pauseMs, budgetMs)), signal).catch(() => throwIfAborted(signal));
    }
  }
}

function check(rows: object, asked: WhenReadyOptions<string>): void {
  checkCallOptions(asked, waitOptionNames);
  const { insight = "transcription", maxWaitMs = defaultWaitMs } = asked;
  if (!(maxWaitMs >= 0)) throw new ConfigError("maxWaitMs must be a number of milliseconds from 0.");
  if (!Object.hasOwn(rows, insight)) {
    throw new ConfigError(`insight must be one of ${Object.keys(rows).join(", ")}.`);
  }
}

/** A 404; or a budget that is used up, so that Aircall was not asked. */
function isNotYet(error: unknown): error is ApiError | RateLimitError {
  return error instanceof RateLimitError || (error instanceof ApiError && error.status === 404);
}

function pauseFor(ms: number, signal: AbortSignal): Promise<unknown> {
  return pause(ms, undefined, { signal });
}
