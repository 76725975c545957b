import { setImmediate as turnOfTheLoop } from "node:timers/promises";
import type { RateSnapshot } from "../errors";
import { holdsList, ListMissing, parseBody } from "./body";
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

/** Bytes that take some milliseconds to copy. */
const long = 256 * 2 ** 10;

/**
 * With `parse` the body is read at once; without, it is only known to look like JSON.
 * @throws {SyntaxError} it is no JSON.
 * @throws {ListMissing} it comes without the `list` that was asked for.
 */
export function createAnswered(
  answer: Pick<Answered, "status" | "headers" | "rate" | "bytes">,
  { parse, list, text }: Expected,
): Answered {
  const bytes = withoutMark(answer.bytes);
  const read = (known = bytes.toString("utf8")) => ({ value: parseBody(known) });
  if (!parse && !looksLikeJson(bytes)) throw new SyntaxError("neither an object nor a list");
  let parsed: Parsed | null = parse ? read(text) : null;
  // Nobody else will read it, and its name in there is enough.
  const named = !parse && bytes.includes(`"${list?.key}"`);
  if (list && !named && !holdsList((parsed ?? read()).value, list)) throw new ListMissing();

  let unread = 1;
  /** What is kept for long is no reason to keep its value, which takes several times as much memory. */
  let remembered: WeakRef<Parsed> | undefined;
  let turn = Promise.resolve();

  function remember(found: Parsed): void {
    remembered = new WeakRef(found);
    parsed = null;
  }

  function copied({ value }: Parsed): unknown {
    try {
      return copyOf(value);
    } catch {
      // Nested deeper than the stack is.
      return read().value;
    }
  }

  return {
    ...answer,
    bytes,
    sharedBy(callers) {
      unread = Math.max(unread, callers);
      if (unread === Infinity && parsed) remember(parsed);
    },
    json() {
      unread -= 1;
      const found = parsed ?? remembered?.deref() ?? read();
      if (unread <= 0) {
        parsed = null;
        return found.value;
      }
      parsed = found;
      if (unread === Infinity) remember(found);
      return copied(found);
    },
    turn() {
      if (unread <= 1 || bytes.length < long) return null;
      turn = turn.then(() => turnOfTheLoop());
      return turn;
    },
  };
}

/** What `text` may say: decoding and parsing a long body would each keep the event loop busy for long enough. */
export async function textOfLong(bytes: Buffer): Promise<string | undefined> {
  if (bytes.length < long) return undefined;
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
