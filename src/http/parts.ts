import type { Alone } from "./alone";
import type { Owner, TokenSource } from "./credential";
import type { Dedupe } from "./dedupe";
import type { Asker, Limiter } from "./limiter";
import type { Transport } from "./transport/transport";

/** What was done in Aircall, or may have been: the answer to a write can be lost. */
export interface Done {
  /** Method and route template. */
  readonly request: string;
  /** The field that named the file, where one was opened. */
  readonly file: string | null;
  /** Null where it is not known any more. */
  readonly owner: Owner | null;
}

/** What requests are made of. */
export interface HttpParts {
  /** Origin and base path of the API, without a trailing slash. */
  readonly apiUrl: string;
  /** The deadline of requests that name none, in milliseconds. */
  readonly timeoutMs: number;
  readonly transport: Transport;
  readonly tokens: TokenSource;
  /** Default: every attempt may go at once. */
  readonly limiter?: Limiter;
  /** In whose name it asks for permits. Default: its own. */
  readonly asker?: Asker;
  /** Where several clients share their answers. Default: each has its own. */
  readonly dedupe?: Dedupe;
  /** Where several clients keep out of each other's way. Default: each has its own. */
  readonly alone?: Alone;
  /** Sends nothing but GETs. Default false. */
  readonly readOnly?: boolean;
  /** Templates of the writes that come to the same when they are done twice. Default: none. */
  readonly idempotent?: ReadonlySet<string>;
  /** Hears of writes and of files that were opened. Default: nobody does. */
  readonly onDone?: ((done: Done) => void) | null;
  readonly now?: () => number;
  readonly random?: () => number;
  /** Rejects when the signal aborts. */
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<unknown>;
}
