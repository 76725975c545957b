import { DelayedError, type Job, Queue, UnrecoverableError, Worker } from "bullmq";
import { RateLimitError, StoreError, WebhookError } from "../../errors/errors";
import { createRedis } from "../../redis/client";
import { has, type RedisClient } from "../../redis/send";
import { type CallStore, createStoreCaller } from "../../time/store-caller";
import { atMost, within } from "../../time/within";
import type { EventStats, FailedEvent, Taken } from "../engine";
import type { EventJson } from "../event";
import type { QueueEngine, QueueParts, WorkOptions } from "../event-queue";
import { describeFailure } from "../failure-text";
import { rememberedMs } from "../remembered";
import { runTold } from "../run-told";
import { createCallTurns, type CallTurns } from "./call-turns";
import { jobOptions, type Tries } from "./job-options";
import { createUnwritten, type Unwritten } from "./unwritten";
import { createFailedJobs, eventIn, type FailedJobs, jobIdOf } from "./failed-jobs";

/** A worker that is killed keeps its events locked for at most the sum of the two. */
const lockDuration = 15_000;
const stalledInterval = 5_000;
/** Events at a time that this process handles itself while Redis is down. */
const mostInHand = 1_000;
/** How long such a handler is waited for, after the two seconds that Redis was. */
const patienceMs = 1_000;
const usualConcurrency = 10;
const busyCallMs = 100;
const passesAfterMs = 5_000;
const closingMs = 2_000;

export interface BullEngineParts extends QueueParts, Tries {
  readonly connection: RedisClient;
  readonly name: string;
  readonly prefix: string;
}

/**
 * Events as BullMQ's jobs, one each. The events of a call are kept apart by a lock of that call and not by one job for all
 * of them: then a dashboard shows events, each has its own tries, and what is kept is never in two places. A job that
 * meets the lock is delayed, which makes room for others; an event that was overtaken meanwhile is marked `late`.
 */
export class BullEngine implements QueueEngine {
  readonly #parts: BullEngineParts;
  readonly #queue: Queue;
  readonly #call: CallStore;
  readonly #turns: CallTurns;
  readonly #failed: FailedJobs;
  readonly #unwritten: Unwritten;
  #worker: { readonly jobs: Worker; readonly end: () => void } | null = null;
  #handled = 0;
  #inHand = 0;
  #isClosed = false;
  #closing: Promise<void> | null = null;
  readonly #running = new Set<Promise<unknown>>();

  constructor(parts: BullEngineParts) {
    const { connection, name, prefix } = parts;
    this.#parts = parts;
    this.#queue = new Queue(name, { connection, prefix, defaultJobOptions: jobOptions(parts) });
    this.#queue.on("error", ignore);
    this.#call = createStoreCaller(connection, "BullMQ's Redis");
    this.#failed = createFailedJobs(this.#queue, this.#call);
    this.#unwritten = createUnwritten(connection, (json) => this.#call("keep an event", () => this.#add(json)));
    this.#turns = createCallTurns(createRedis(connection), `${prefix.replace(/[{}]/g, "")}:${name}`);
  }

  async take(json: EventJson): Promise<Taken> {
    if (this.#isClosed) return "busy";
    try {
      await this.#keep(json);
      return "accepted";
    } catch {
      return this.#takeInProcess(json);
    }
  }

  async handle(json: EventJson): Promise<void> {
    await this.#keep(json);
  }

  work({ concurrency = usualConcurrency }: WorkOptions): void {
    if (this.#isClosed) return;
    this.#worker ??= this.#startWorker();
    this.#worker.jobs.concurrency = concurrency;
  }

  async stats(): Promise<EventStats> {
    return this.#call("count events", async () => {
      const counts = await this.#queue.getJobCounts("wait", "active", "delayed", "failed");
      const { wait = 0, active = 0, delayed = 0, failed = 0 } = counts;
      const oldest = await this.#queue.getJobs(["wait", "delayed"], 0, 0, true);
      const since = Math.min(...oldest.map(({ timestamp }) => timestamp));
      const oldestWaitingMs = Number.isFinite(since) ? Math.max(0, Date.now() - since) : 0;
      return { waiting: wait + delayed, running: active, failed, handled: this.#handled, oldestWaitingMs };
    });
  }

  failed(): AsyncGenerator<FailedEvent, void> {
    return this.#failed.list();
  }

  retry(id: string): Promise<boolean> {
    return this.#failed.retry(id);
  }

  discard(id: string): Promise<boolean> {
    return this.#failed.discard(id);
  }

  close(): Promise<void> {
    this.#isClosed = true;
    this.#unwritten.close();
    return (this.#closing ??= this.#end());
  }

  /** Waits for handlers at work, however long they take, but two seconds only for Redis, which may hang or be down. */
  async #end(): Promise<void> {
    const ended = this.#worker?.jobs.close() ?? Promise.resolve();
    do {
      await Promise.allSettled(this.#running);
      await atMost(closingMs, ended);
    } while (this.#running.size > 0);
    this.#worker?.end();
    await this.#parts.fallback.close();
    await atMost(closingMs, this.#queue.close());
  }

  #startWorker() {
    const { connection, name, prefix } = this.#parts;
    const own = ownConnection(connection);
    const jobs = new Worker(name, (job, token) => this.#process(job, token), {
      ...{ connection: own ?? connection, prefix, lockDuration, stalledInterval },
      // A stalled job proves nothing against its event: its process was killed, however often.
      maxStalledCount: Number.MAX_SAFE_INTEGER,
    });
    jobs.on("error", ignore);
    return { jobs, end: () => own?.disconnect() };
  }

  async #keep(json: EventJson): Promise<void> {
    const undo = () => this.#queue.remove(jobIdOf(json.id));
    await this.#call("keep an event", () => this.#add(json), undo);
    this.#unwritten.note(json);
  }

  /** Adds the event's job, deduplicated by the event's id: also where it was handled already. */
  #add(json: EventJson): Promise<unknown> {
    const { id, name } = json;
    const jobId = jobIdOf(id);
    const options = { jobId, deduplication: { id: jobId, ttl: rememberedMs } };
    return this.#queue.add(name, json, options);
  }

  async #takeInProcess(json: EventJson): Promise<Taken> {
    if (this.#inHand >= mostInHand) return "busy";
    this.#inHand += 1;
    const taken = this.#parts.fallback.take(json).finally(() => (this.#inHand -= 1));
    return within<Taken>({ limitMs: patienceMs, late: () => "accepted" }, taken);
  }

  async #process(job: Job, token: string | undefined): Promise<void> {
    const json = readJob(job);
    const later = async (ms: number) => {
      await job.moveToDelayed(Date.now() + ms, token);
      return new DelayedError();
    };
    const turn = await this.#turns.take(json).catch((error: unknown) => later(waitFor(error) ?? passesAfterMs));
    if (turn instanceof Error) throw turn;
    if (turn === null) throw await later(busyCallMs * (0.5 + Math.random()));
    try {
      await this.#whileRunning(runTold(this.#parts.handlers, json, { late: turn.late, waitedMs: waitedMs(job) }));
      this.#handled += 1;
    } catch (error) {
      const waitMs = waitFor(error);
      if (waitMs !== null) throw await later(waitMs);
      this.#parts.handlers.tellFailure(error, json);
      throw new Error(describeFailure(error), { cause: error });
    } finally {
      await turn.leave();
    }
  }

  async #whileRunning(handling: Promise<unknown>): Promise<void> {
    this.#running.add(handling);
    await handling.finally(() => this.#running.delete(handling));
  }
}

/** Milliseconds to wait where a failure passes by itself, of the budget or a store; null for the handler's own. */
function waitFor(error: unknown): number | null {
  if (error instanceof RateLimitError) return error.retryAfterMs;
  if (error instanceof StoreError) return passesAfterMs;
  return error instanceof WebhookError && error.code === "webhook_busy" ? passesAfterMs : null;
}

function waitedMs({ timestamp }: Job): number {
  return Date.now() - timestamp;
}

function readJob(job: Job): EventJson {
  const event = eventIn(job);
  if (event) return event;
  throw new UnrecoverableError("This job is no event of express-aircall.");
}

/** BullMQ's worker needs an ioredis client that retries without end, which the app's own may not. */
function ownConnection(connection: RedisClient): ReturnType<IoRedis["duplicate"]> | null {
  return isIoRedis(connection) ? connection.duplicate({ maxRetriesPerRequest: null }) : null;
}

interface IoRedis {
  duplicate(options: { maxRetriesPerRequest: null }): RedisClient & { disconnect(): void };
}

function isIoRedis(connection: object): connection is IoRedis {
  return has(connection, "defineCommand") && has(connection, "duplicate");
}

function ignore(): void {}
