import { type Readable, Transform } from "node:stream";
import { ConnectionError, TimeoutError } from "../errors/errors";
import { failureOf, type Way } from "../http/transport/unreachable";
import { listenTo } from "../time/deadline";

interface Watched {
  readonly request: string;
  readonly way: Way;
  /** Bytes that were announced. */
  readonly length: number | null;
  readonly idleTimeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

/**
 * The same bytes, not taken faster than they are read. Fails where fewer or more come than announced, when none has
 * come for too long, and when the signal aborts; the source ends with it in any case.
 */
export function watchBody(source: Readable, { request, way, length, idleTimeoutMs, signal }: Watched): Readable {
  let received = 0;
  const broken = (reason: string) =>
    new ConnectionError(request, `the file's server sent ${reason} than it announced.`);
  const body = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      idle.refresh();
      received += chunk.length;
      if (length !== null && received > length) return done(broken("more"));
      done(null, chunk);
    },
    flush: (done) => done(length !== null && received < length ? broken("less") : null),
  });

  const idle = setTimeout(giveUpUnlessUnread, idleTimeoutMs);
  function giveUpUnlessUnread(): void {
    if (source.readableEnded) return;
    if (body.writableNeedDrain) idle.refresh();
    else body.destroy(new TimeoutError(request, idleTimeoutMs));
  }

  const leave = () => body.destroy(signal?.reason as Error);
  const stopListening = signal && listenTo(signal, leave);
  if (signal?.aborted) leave();

  body.on("drain", () => idle.refresh());
  // An error before anybody reads the stream must not end the process; its reader hears of it anyway.
  body.on("error", () => undefined);
  body.once("close", () => {
    clearTimeout(idle);
    stopListening?.();
    source.destroy();
  });
  source.on("error", (error) => body.destroy(failureOf(request, error, way)));
  return source.pipe(body);
}
