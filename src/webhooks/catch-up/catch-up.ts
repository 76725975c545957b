import { createHash } from "node:crypto";
import type { CompanyName } from "../../config/company-id";
import type { AircallClient } from "../../client/client";
import { sleep } from "../../time/sleep";
import type { Engine, Taken } from "../engine";
import type { EventCompany, EventJson, EventSource } from "../event";
import { companyOf } from "../event-company";
import { asJson } from "../event-json";
import { eventKey } from "../parse/event-key";
import { furthestBackMs } from "../remembered";
import { eventsOfCalls, eventsOfContacts, type Found, inCall, inContact } from "./events-in-lists";
import type { Marks } from "./marks";

/** Calls whose events are in hand at a time. */
const atOnce = 10;
const busyTries = 5;
const busyMs = 1_000;

/** What a catch-up came to, in events of the names that the app handles. */
export interface CaughtUp {
  /** Events that Aircall's lists show to have happened. */
  readonly found: number;
  /** Of these, those that had never come. */
  readonly handled: number;
}

export interface CatchUpParts {
  readonly names: (name: string) => boolean;
  readonly engine: Pick<Engine, "take">;
  readonly marks: Marks;
  readonly clientFor: (company: CompanyName | null) => AircallClient;
  /** A company by all of its names: one that is connected with an id and a ref sends its events with both. */
  readonly identify: (company: CompanyName | null) => Promise<EventCompany>;
  /** How far before the newest event calls are looked at: lists go by the beginning of a call. */
  readonly lookBackMs: number;
  readonly signal: AbortSignal;
  readonly now?: () => number;
}

export interface CatchUpWish {
  /** Events that happened from then on. Default: from the newest that was handled, less the look-back. */
  readonly since?: Date | undefined;
  readonly source: Extract<EventSource, "caughtUp" | "poll">;
}

/** Finds in Aircall's lists what has happened to a company, and hands on what never came. */
export function createCatchUp(parts: CatchUpParts) {
  const { names, engine, marks, clientFor, identify, lookBackMs, signal, now = Date.now } = parts;

  return async function catchUp(company: CompanyName | null, { since, source }: CatchUpWish): Promise<CaughtUp> {
    const startedAt = now();
    const whose = await identify(company);
    const mark = since ? null : await marks.read(companyOf(whose));
    const newest = since?.getTime() ?? mark?.newest ?? startedAt;
    const from = Math.max(newest - lookBackMs, startedAt - furthestBackMs);
    const happenedFrom = since?.getTime() ?? Math.max(from, mark?.since ?? startedAt);
    const client = clientFor(company).withOptions({ lane: "bulk", signal });
    let [found, handled, left] = [0, 0, 0];
    const hands = createHands(atOnce);

    async function handOn(events: readonly Found[]): Promise<void> {
      for (const event of events) {
        const json = await jsonOf(event, whose, { source, receivedAt: now() });
        const taken = await takenBy(json);
        if (taken === "busy") left += 1;
        else if (taken !== "repeated") handled += 1;
      }
    }

    async function takenBy(json: EventJson): Promise<Taken> {
      for (let tries = 1; ; tries += 1) {
        const taken = await engine.take(json);
        if (taken !== "busy" || tries === busyTries) return taken;
        await sleep(busyMs, { signal, ref: false });
      }
    }

    async function walk<T>(items: AsyncIterable<T>, eventsIn: (item: T) => Found[]): Promise<void> {
      for await (const item of items) {
        const events = eventsIn(item).filter(({ name, at }) => names(name) && at >= happenedFrom);
        found += events.length;
        if (events.length > 0) await hands.give(() => handOn(events));
      }
    }

    try {
      const [seconds, to] = [Math.floor(from / 1_000), Math.floor(startedAt / 1_000)];
      if (eventsOfCalls.some(names)) await walk(client.calls.iterate({ from: seconds, to }), inCall);
      if (eventsOfContacts.some(names)) {
        await walk(client.contacts.iterate({ from: seconds, to, order_by: "updated_at" }), inContact);
      }
    } finally {
      await hands.empty();
    }
    if (left === 0) await marks.note(companyOf(whose), startedAt);
    return { found, handled };
  };
}

interface Origin {
  readonly source: EventSource;
  readonly receivedAt: number;
}

async function jsonOf(event: Found, company: EventCompany, from: Origin): Promise<EventJson> {
  const { at, ...facts } = event;
  const envelope = { ...facts, kind: "webhook", sentAt: at } as const;
  const key = await eventKey(envelope, (text) => createHash("sha256").update(text).digest("hex"));
  return asJson(envelope, key, { company, ...from });
}

/** Limits concurrency: `give` waits for one of `count` places; `empty` waits for all, and throws the first failure. */
function createHands(count: number) {
  const full = new Set<Promise<void>>();
  let failure: { readonly error: unknown } | null = null;

  return {
    async give(work: () => Promise<void>): Promise<void> {
      while (full.size >= count) await Promise.race(full);
      const hand: Promise<void> = work()
        .catch((error: unknown) => void (failure ??= { error }))
        .finally(() => full.delete(hand));
      full.add(hand);
    },
    async empty(): Promise<void> {
      await Promise.all(full);
      if (failure) throw failure.error;
    },
  };
}
