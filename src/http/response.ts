import { setImmediate as turnOfTheLoop } from "node:timers/promises";
import type { RateSnapshot } from "../errors/errors";
import { holdsList, ListMissing, parseBody } from "./response-body";
import { copyOf } from "./copy";
import type { ListShape } from "./route";

/** A good answer as it came. Several callers may hold the same one. */
export interface Answered {
  readonly status: number;
  /** By names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly rate: RateSnapshot;
  readonly bytes: Buffer;
  /** What the body says, a value of the caller's own each time; undefined where the body is empty. */
  json(): unknown;
  /** So many callers will read it: it is parsed for all of them at once. Infinity for one that is kept. */
  sharedBy(callers: number): void;
  /** Comes when a caller may read it, where reading takes so long that the others should not have to wait for it. */
  turn(): Promise<void> | null;
}

interface Expected {
  readonly parse: boolean;
  readonly list?: ListShape | undefined;
  /** The body as text, where it is known. */
  readonly text?: string | undefined;
}

interface Parsed {
  readonly value: unknown;
}

/** Bytes that take some milliseconds to decode, parse or copy. */
export const long = 256 * 2 ** 10;

type AsItCame = Pick<Answered, "status" | "headers" | "rate" | "bytes">;

/** A class, for each answer has one and V8 makes so many closures slowly. */
class GoodAnswer implements Answered {
  readonly status: number;
  readonly headers: Answered["headers"];
  readonly rate: RateSnapshot;
  readonly bytes: Buffer;
  #parsed: Parsed | null;
  /** What is kept for long is no reason to keep its value, which takes several times as much memory. */
  #remembered: WeakRef<Parsed> | null = null;
  #unread = 1;
  #turn: Promise<void> | null = null;

  constructor({ status, headers, rate, bytes }: AsItCame, parsed: Parsed | null) {
    this.status = status;
    this.headers = headers;
    this.rate = rate;
    this.bytes = bytes;
    this.#parsed = parsed;
  }

  sharedBy(callers: number): void {
    this.#unread = Math.max(this.#unread, callers);
    if (this.#unread === Infinity && this.#parsed) this.#remember(this.#parsed);
  }

  json(): unknown {
    this.#unread -= 1;
    const found = this.#parsed ?? this.#remembered?.deref() ?? read(this.bytes);
    if (this.#unread <= 0) {
      this.#parsed = null;
      return found.value;
    }
    this.#parsed = found;
    if (this.#unread === Infinity) this.#remember(found);
    return this.#copied(found);
  }

  turn(): Promise<void> | null {
    if (this.#unread <= 1 || this.bytes.length < long) return null;
    this.#turn = (this.#turn ?? Promise.resolve()).then(() => turnOfTheLoop());
    return this.#turn;
  }

  #remember(found: Parsed): void {
    this.#remembered = new WeakRef(found);
    this.#parsed = null;
  }

  #copied({ value }: Parsed): unknown {
    try {
      return copyOf(value);
    } catch {
      // The value is nested deeper than the stack is.
      return read(this.bytes).value;
    }
  }
}

/**
 * With `parse` the body is read at once; without, it is only known to look like JSON.
 * @throws {SyntaxError} it is no JSON.
 * @throws {ListMissing} it comes without the `list` that was asked for.
 */
export function createAnswered(answer: AsItCame, { parse, list, text }: Expected): Answered {
  const bytes = withoutMark(answer.bytes);
  if (!parse && !looksLikeJson(bytes)) throw new SyntaxError("neither an object nor a list");
  const parsed = parse ? read(bytes, text) : null;
  // An answer that is handed on is not parsed: the list's name in its text is enough.
  const named = !parse && bytes.includes(`"${list?.key}"`);
  if (list && !named && !holdsList((parsed ?? read(bytes)).value, list)) throw new ListMissing();
  return new GoodAnswer({ ...answer, bytes }, parsed);
}

function read(bytes: Buffer, text = bytes.toString("utf8")): Parsed {
  return { value: parseBody(text) };
}

/** What `text` may say: decoding and parsing a long body would each keep the event loop busy for long enough. */
export async function textOfLong(bytes: Buffer): Promise<string> {
  const text = bytes.toString("utf8");
  await turnOfTheLoop();
  return text;
}

/** The byte order mark that some proxies and gateways put before JSON (RFC 8259, 8.1). */
function withoutMark(bytes: Buffer): Buffer {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}

/** Empty, or an object or list by its first and last sign: enough to tell it from a proxy's page. */
function looksLikeJson(bytes: Buffer): boolean {
  const start = bytes.toString("latin1", 0, 64).trim();
  const end = bytes.toString("latin1", Math.max(0, bytes.length - 64)).trim();
  if (start === "" && end === "") return true;
  return (start.startsWith("{") && end.endsWith("}")) || (start.startsWith("[") && end.endsWith("]"));
}
