import type { RateSnapshot } from "../errors";
import { holdsList, ListMissing, parseBody } from "./body";
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
}

interface Expected {
  readonly parse: boolean;
  readonly list?: ListShape | undefined;
}

/**
 * With `parse` the body is read at once; without, it is only known to look like JSON.
 * @throws {SyntaxError} it is no JSON.
 * @throws {ListMissing} it comes without the `list` that was asked for.
 */
export function createAnswered(answer: Omit<Answered, "json">, { parse, list }: Expected): Answered {
  const { bytes } = answer;
  const read = () => parseBody(bytes.toString("utf8"));
  if (!parse && !looksLikeJson(bytes)) throw new SyntaxError("neither an object nor a list");
  let unclaimed = parse ? { value: read() } : null;
  // Nobody else will read it, and its name in there is enough.
  const named = !parse && bytes.includes(`"${list?.key}"`);
  if (list && !named && !holdsList(unclaimed ? unclaimed.value : read(), list)) throw new ListMissing();

  return {
    ...answer,
    json() {
      const first = unclaimed;
      unclaimed = null;
      return first ? first.value : read();
    },
  };
}

/** Empty, or an object or list by its first and last sign: enough to tell it from a proxy's page. */
function looksLikeJson(bytes: Buffer): boolean {
  const start = bytes.toString("latin1", 0, 64).trim();
  const end = bytes.toString("latin1", Math.max(0, bytes.length - 64)).trim();
  if (start === "" && end === "") return true;
  return (start.startsWith("{") && end.endsWith("}")) || (start.startsWith("[") && end.endsWith("]"));
}
