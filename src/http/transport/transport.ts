import type { Readable } from "node:stream";
import type { Cancellation } from "../../time/cancel";

export interface TransportRequest {
  readonly method: string;
  /** Absolute and normalised, without a fragment, as `new URL()` would print it. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  /** What ends it, the reading of its answer included. */
  readonly signal: AbortSignal | Cancellation;
  /** Travels over no connection that has been idle for more than a few seconds: its other end may be about to close it. */
  readonly fresh?: boolean;
  /** Told `true` before anything of it may leave this machine, and `false` if it turns out that nothing did. */
  readonly onLeaving?: (leaving: boolean) => void;
}

export interface TransportAnswer {
  readonly status: number;
  /** By names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  header(name: string): string | null;
  /** The whole body. Rejects with a BodyTooLarge past `maxBytes`. Call one of these three, once. */
  bytes(maxBytes: number): Promise<Buffer>;
  /** The body as it arrives. */
  stream(): Readable;
  /** Lets go of a body nobody will read. */
  discard(): Promise<void>;
}

/** Sends bytes and answers what came back, whatever the status. Never follows a redirect. */
export interface Transport {
  send(request: TransportRequest): Promise<TransportAnswer>;
  /** An Accept-Encoding of what `bytes` reads without anybody's doing; null where the platform sends its own. */
  codings?(): string | null;
  /** What requests to that origin go through, for errors: `http://proxy:3128`; null where there is none, or none is known. */
  proxyFor?(origin: string): string | null;
  /** Waits for answers under way, five seconds at most, and closes the connections. */
  close(): Promise<void>;
}
