import { fields } from "../../config/fields";
import { sha256 } from "../../config/sha256";
import type { RecordsPage, RecordStore } from "../../grants/store";
import type { FailedEvent } from "../engine";
import type { EventJson } from "../event";
import { readEventJson } from "../event-json";
import { describeFailure } from "../failure-text";

const keptMs = 7 * 86_400_000;
const most = 1_000;
/** How many letters are added before they are counted again. */
const countEvery = 20;
const pageSize = 100;
/** Characters of a record: of a longer event all is kept but its `data`. */
const maxLength = 100_000;

/** Events whose handlers failed: kept for a week, a thousand of an app. */
export interface DeadLetters {
  /** Notes a failure, and whether it `isFinal`: nobody tries it again by themselves. Answers the attempts so far. */
  note(
    event: EventJson,
    failure: { readonly error: unknown; readonly isFinal: (attempts: number) => boolean },
  ): Promise<number>;
  get(id: string): Promise<FailedEvent | null>;
  delete(id: string): Promise<boolean>;
  /** The events that nobody tries again by themselves, in no order. */
  list(): AsyncGenerator<FailedEvent, void>;
}

export function createDeadLetters(records: RecordStore, now: () => number = Date.now): DeadLetters {
  let sinceCount = 0;

  async function* all(): AsyncGenerator<{ readonly key: string; readonly letter: Letter }, void> {
    let cursor: string | null = null;
    do {
      const page: RecordsPage = await records.list(cursor, pageSize);
      for (const { key, value } of page.records) {
        const letter = read(value);
        if (letter) yield { key, letter };
      }
      cursor = page.cursor;
    } while (cursor !== null);
  }

  /** Deletes the oldest beyond `most`. */
  async function keepToMost(): Promise<void> {
    sinceCount = 0;
    const kept: { readonly key: string; readonly failedAt: number }[] = [];
    for await (const { key, letter } of all()) kept.push({ key, failedAt: letter.failedAt.getTime() });
    kept.sort((one, other) => one.failedAt - other.failedAt);
    for (const { key } of kept.slice(0, Math.max(0, kept.length - most))) await records.delete(key);
  }

  async function write(event: EventJson, letter: (before: number) => string): Promise<number> {
    const key = keyOf(event.id);
    for (;;) {
      const stands = await records.get(key);
      const before = (stands && read(stands.value)?.attempts) ?? 0;
      const version = await records.put(key, letter(before), { version: stands?.version ?? null, lifeMs: keptMs });
      if (version !== null) return before + 1;
    }
  }

  return {
    async note(event, { error, isFinal }) {
      const failedAt = now();
      const attempts = await write(event, (before) =>
        encode({ event, attempts: before + 1, error: describeFailure(error), failedAt, final: isFinal(before + 1) }),
      );
      sinceCount += 1;
      if (sinceCount >= countEvery) await keepToMost();
      return attempts;
    },
    async get(id) {
      const kept = await records.get(keyOf(id));
      return kept && read(kept.value);
    },
    delete: (id) => records.delete(keyOf(id)),
    async *list() {
      for await (const { letter } of all()) if (letter.final) yield letterOf(letter);
    },
  };
}

interface Letter extends FailedEvent {
  readonly final: boolean;
}

interface Written {
  readonly event: EventJson;
  readonly attempts: number;
  readonly error: string;
  readonly failedAt: number;
  readonly final: boolean;
}

function encode(letter: Written): string {
  const text = JSON.stringify(letter);
  return text.length <= maxLength ? text : JSON.stringify({ ...letter, event: { ...letter.event, data: {} } });
}

function letterOf({ id, event, attempts, error, failedAt }: Letter): FailedEvent {
  return { id, event, attempts, error, failedAt };
}

/** Null for what is no letter. */
function read(value: string): Letter | null {
  try {
    const { event: kept, attempts, error, failedAt, final } = fields(JSON.parse(value));
    const event = readEventJson(kept);
    if (typeof attempts !== "number" || typeof error !== "string" || typeof failedAt !== "number") return null;
    return { id: event.id, event, attempts, error, failedAt: new Date(failedAt), final: final === true };
  } catch {
    return null;
  }
}

function keyOf(id: string): string {
  return sha256(id);
}
