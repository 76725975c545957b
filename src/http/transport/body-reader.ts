import { AsyncResource } from "node:async_hooks";
import { Readable } from "node:stream";
import { BodyTooLarge } from "../response-body";

/** What can be done about the connection that a body comes from. */
export interface BodySource {
  pause(): void;
  resume(): void;
  abort(reason: Error): void;
}

/** Collects a body for whoever reads it: all of it at once, or as it arrives. */
export interface BodyReader {
  add(chunk: Buffer): void;
  end(): void;
  fail(error: Error): void;
  bytes(maxBytes: number): Promise<Buffer>;
  stream(): Readable;
}

export function createBodyReader(source: BodySource): BodyReader {
  const chunks: Buffer[] = [];
  let length = 0;
  let outcome: { readonly error: Error | null } | null = null;
  let settle: () => void = () => undefined;
  let most = Infinity;
  let readable: Readable | undefined;
  /** A connection was opened for somebody else perhaps; what the stream tells is for who asked for it. */
  let inContext = (work: () => void) => work();

  function finish(error: Error | null): void {
    outcome ??= { error };
    settle();
    inContext(() => (error ? readable?.destroy(error) : readable?.push(null)));
  }

  /** A body may have ended before anybody says how much of it they take. */
  function checkLength(): void {
    if (length <= most || outcome?.error) return;
    const error = new BodyTooLarge(`The answer is longer than ${most} bytes.`);
    const ended = outcome !== null;
    outcome = { error };
    settle();
    if (!ended) source.abort(error);
  }

  return {
    add(chunk) {
      if (readable) return inContext(() => void (readable?.push(chunk) || source.pause()));
      chunks.push(chunk);
      length += chunk.length;
      checkLength();
    },
    end: () => finish(null),
    fail: finish,
    bytes(maxBytes) {
      most = maxBytes;
      checkLength();
      return new Promise((resolve, reject) => {
        settle = () => {
          if (outcome?.error) reject(outcome.error);
          else if (outcome) resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, length));
        };
        settle();
      });
    },
    stream() {
      const asked = new AsyncResource("express-aircall.file");
      inContext = (work) => asked.runInAsyncScope(work);
      readable = new Readable({
        read: () => source.resume(),
        destroy(error, done) {
          if (!outcome) source.abort(error ?? new Error("Nobody reads on."));
          done(error);
        },
      });
      for (const chunk of chunks.splice(0)) readable.push(chunk);
      if (outcome) finish(outcome.error);
      return readable;
    },
  };
}
