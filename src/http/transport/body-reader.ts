import { AsyncResource } from "node:async_hooks";
import { Readable } from "node:stream";
import { BodyTooLarge } from "../response-body";

/** What can be done about the connection that a body comes from. */
export interface BodySource {
  pause(): void;
  resume(): void;
  abort(reason: Error): void;
}

/**
 * Collects a body for whoever reads it: all of it at once, or as it arrives. A class, for every answer has one and V8 makes
 * so many closures slowly.
 */
export class BodyReader {
  readonly #source: BodySource;
  readonly #chunks: Buffer[] = [];
  #length = 0;
  #outcome: { readonly error: Error | null } | null = null;
  #settle: (() => void) | null = null;
  #most = Infinity;
  #readable: Readable | null = null;
  /** Of whoever asked for the stream: a connection was opened for somebody else perhaps. */
  #asked: AsyncResource | null = null;

  constructor(source: BodySource) {
    this.#source = source;
  }

  add(chunk: Buffer): void {
    if (this.#readable) return this.#inContext((readable) => void (readable.push(chunk) || this.#source.pause()));
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    this.#checkLength();
  }

  end(): void {
    this.#finish(null);
  }

  fail(error: Error): void {
    this.#finish(error);
  }

  bytes(maxBytes: number): Promise<Buffer> {
    this.#most = maxBytes;
    this.#checkLength();
    return new Promise((resolve, reject) => {
      this.#settle = () => {
        const chunks = this.#chunks;
        if (this.#outcome?.error) reject(this.#outcome.error);
        else if (this.#outcome) resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, this.#length));
      };
      this.#settle();
    });
  }

  stream(): Readable {
    this.#asked = new AsyncResource("express-aircall.file");
    const readable = new Readable({
      read: () => this.#source.resume(),
      destroy: (error, done) => {
        if (!this.#outcome) this.#source.abort(error ?? new Error("Nobody reads on."));
        done(error);
      },
    });
    this.#readable = readable;
    for (const chunk of this.#chunks.splice(0)) readable.push(chunk);
    if (this.#outcome) this.#finish(this.#outcome.error);
    return readable;
  }

  #finish(error: Error | null): void {
    this.#outcome ??= { error };
    this.#settle?.();
    this.#inContext((readable) => (error ? readable.destroy(error) : readable.push(null)));
  }

  /** A body may have ended before anybody says how much of it they take. */
  #checkLength(): void {
    if (this.#length <= this.#most || this.#outcome?.error) return;
    const error = new BodyTooLarge(`The answer is longer than ${this.#most} bytes.`);
    const ended = this.#outcome !== null;
    this.#outcome = { error };
    this.#settle?.();
    if (!ended) this.#source.abort(error);
  }

  #inContext(work: (readable: Readable) => void): void {
    const readable = this.#readable;
    if (readable) this.#asked?.runInAsyncScope(work, undefined, readable);
  }
}
