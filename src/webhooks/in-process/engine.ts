import { RateLimitError, StoreError, WebhookError } from "../../errors/errors";
import { apartFromRequest } from "../../time/store-time";
import { createExpiringMap } from "../../time/expiring-map";
import { within } from "../../time/within";
import type { Engine, EventStats, Taken } from "../engine";
import type { EventJson } from "../event";
import type { Handlers } from "../handlers";
import { runTold } from "../run-told";
import { createCallOrder, type CallOrder } from "./call-order";
import type { DeadLetters } from "./dead-letters";
import type { Once, OwnTurn } from "./once";

/**
 * `early`: Aircall is answered after three seconds at the latest, while the handler goes on. `handled`: once the event
 * is handled; after four and a half seconds it is refused for now, so that Aircall sends it again.
 */
export type AnswerWhen = "early" | "handled";

const answerAfterMs: Record<AnswerWhen, number> = { early: 3_000, handled: 4_500 };
/** How long another process that handles the same event is waited for. */
const patienceMs = 3_000;
const queuesPatienceMs = 20_000;
const maxInHand = 10_000;
const maxRemembered = 20_000;
const rememberedMs = 3_600_000;
/** With `handled`, Aircall's retries are the queue: after so many failures an event is a dead letter. */
const attempts = 5;

export interface InProcessParts {
  readonly answer: AnswerWhen;
  readonly handlers: Handlers;
  readonly once: Once;
  readonly letters: DeadLetters;
  readonly now?: () => number;
}

/** An event that this process has taken. */
interface InHand {
  readonly json: EventJson;
  readonly since: number;
  /** `claimed`: nobody else handles it; `running`: its handler does. */
  state: "new" | "claimed" | "running";
  /** Whether Aircall was answered that the event is here. */
  isAccepted: boolean;
  readonly done: Promise<Taken>;
}

interface Failure {
  readonly error: unknown;
  readonly turn: OwnTurn;
}

/** Handles events in the process that they come to. */
export class InProcessEngine implements Engine {
  readonly #parts: InProcessParts;
  readonly #now: () => number;
  readonly #order: CallOrder;
  readonly #inHand = new Map<string, InHand>();
  readonly #settling = new Set<Promise<void>>();
  readonly #handledBefore;
  #counts = { handled: 0, failed: 0 };
  #isClosed = false;

  constructor({ now = Date.now, ...parts }: InProcessParts) {
    this.#parts = parts;
    this.#now = now;
    this.#order = createCallOrder(now);
    this.#handledBefore = createExpiringMap<true>(maxRemembered, now);
  }

  async take(json: EventJson): Promise<Taken> {
    const { answer } = this.#parts;
    const inHand = this.#inHand.get(json.id) ?? this.#begin(json);
    if (typeof inHand === "string") return inHand;
    const late = (): Taken => {
      if (answer === "handled" || inHand.state === "new") return "busy";
      inHand.isAccepted = true;
      return "accepted";
    };
    return within({ limitMs: answerAfterMs[answer], late }, inHand.done);
  }

  handle(json: EventJson): Promise<void> {
    const handled = this.#handleQueued(json);
    this.#settle(handled.catch(() => undefined));
    return handled;
  }

  stats(): Promise<EventStats> {
    const events = [...this.#inHand.values()];
    const waiting = events.filter(({ state }) => state !== "running");
    const oldest = Math.min(...waiting.map(({ since }) => since));
    return Promise.resolve({
      waiting: waiting.length,
      running: events.length - waiting.length,
      ...this.#counts,
      oldestWaitingMs: waiting.length === 0 ? 0 : Math.max(0, this.#now() - oldest),
    });
  }

  failed() {
    return this.#parts.letters.list();
  }

  async retry(id: string): Promise<boolean> {
    const { letters } = this.#parts;
    const letter = await letters.get(id);
    if (!letter) return false;
    const json: EventJson = { ...letter.event, source: "replayed" };
    try {
      await this.#run(json);
    } catch (error) {
      await letters.note(letter.event, { error, isFinal: () => true });
      throw error;
    }
    await letters.delete(id);
    return true;
  }

  discard(id: string): Promise<boolean> {
    return this.#parts.letters.delete(id);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#inHand.values()].map(({ done }) => done));
    await Promise.all(this.#settling);
  }

  async #handleQueued(json: EventJson): Promise<void> {
    const turn = await this.#parts.once.turn(json.id, queuesPatienceMs);
    if (turn === "handled") return;
    if (turn === "elsewhere") throw new WebhookError("webhook_busy", "The event is being handled by another process.");
    try {
      await this.#run(json);
    } catch (error) {
      await turn.giveUp();
      throw error;
    }
    this.#finish(json, turn);
  }

  #begin(json: EventJson): InHand | "repeated" | "busy" {
    if (this.#handledBefore.get(json.id)) return "repeated";
    if (this.#isClosed || this.#inHand.size >= maxInHand) return "busy";
    const done = Promise.resolve().then(() => this.#handleOnce(json, inHand));
    const inHand: InHand = {
      json,
      since: this.#now(),
      state: "new",
      isAccepted: false,
      done: done.finally(() => this.#inHand.delete(json.id)),
    };
    this.#inHand.set(json.id, inHand);
    return inHand;
  }

  async #handleOnce(json: EventJson, inHand: InHand): Promise<Taken> {
    const turn = await this.#parts.once.turn(json.id, patienceMs);
    if (turn === "handled") return this.#remember(json, "repeated");
    if (turn === "elsewhere") return "busy";
    inHand.state = "claimed";
    try {
      await this.#run(json, () => (inHand.state = "running"));
    } catch (error) {
      return this.#fail(inHand, { error, turn });
    }
    this.#finish(json, turn);
    return "handled";
  }

  /** Runs the handler apart from the request that brought the event: how long that has waited counts for nothing. */
  #run(json: EventJson, begin: () => void = () => undefined): Promise<void> {
    const takenAt = performance.now();
    return apartFromRequest(() =>
      this.#order.inTurn(json, async (late) => {
        begin();
        await runTold(this.#parts.handlers, json, { late, waitedMs: performance.now() - takenAt });
      }),
    );
  }

  #finish(json: EventJson, turn: OwnTurn): void {
    this.#counts.handled += 1;
    this.#remember(json, "handled");
    this.#settle(turn.done());
  }

  /** Lets a write end in the background: until it has, the claim keeps other processes away. */
  #settle(written: Promise<void>): void {
    const settled = written.finally(() => this.#settling.delete(settled));
    this.#settling.add(settled);
  }

  #remember(json: EventJson, taken: Taken): Taken {
    this.#handledBefore.set(json.id, true, rememberedMs);
    return taken;
  }

  /** With `handled`, Aircall sends it again until it has failed too often; a failure that passes does not count. */
  async #fail({ json, isAccepted }: InHand, { error, turn }: Failure): Promise<Taken> {
    const { answer, handlers, letters } = this.#parts;
    handlers.tellFailure(error, json);
    if (!isAccepted && (isForLater(error) || (answer === "handled" && passes(error)))) return this.#again(turn);
    const isFinal = (count: number) => answer === "early" || count >= attempts;
    const count = await apartFromRequest(() => letters.note(json, { error, isFinal })).catch(() => attempts);
    if (!isFinal(count)) return this.#again(turn);
    this.#counts.failed += 1;
    this.#remember(json, "failed");
    this.#settle(turn.done());
    return "failed";
  }

  async #again(turn: OwnTurn): Promise<Taken> {
    await turn.giveUp();
    return "busy";
  }
}

/** Whether the library's own work on the event failed, and not the app's handler. */
function isForLater(error: unknown): boolean {
  return error instanceof WebhookError && error.code === "webhook_busy";
}

function passes(error: unknown): boolean {
  return error instanceof RateLimitError || error instanceof StoreError;
}
