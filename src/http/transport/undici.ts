import type { Dispatcher } from "undici";
import type { DispatcherLike } from "../../config/values";
import { readCoded } from "./content-coding";
import { listenTo } from "../../time/deadline";
import { takeOut } from "../flights";
import { BodyReader } from "./body-reader";
import { withLegacyNames } from "./legacy-handler";
import { globalDispatcher } from "./platform";
import { createPool } from "./pool";
import { proxyOf } from "./proxy";
import type { Transport, TransportAnswer, TransportRequest } from "./transport";

const ofProcess = createPool();

interface UndiciParts {
  /** In place of what the whole process sends through. */
  readonly dispatcher?: DispatcherLike | null;
  readonly closeWithinMs?: number;
}

/** By a dispatcher of undici's: the developer's, or the process's where one was set; else over connections of our own. */
export function createUndiciTransport({ dispatcher = null, closeWithinMs = 5_000 }: UndiciParts = {}): Transport {
  const underWay = createUnderWay();
  let joined = false;
  let closing: Promise<void> | undefined;

  function ownDispatcher(fresh: boolean): Dispatcher {
    if (!joined) ofProcess.join();
    joined = true;
    return ofProcess.dispatcher(fresh);
  }

  /** An answer that nobody reads to its end would keep it open for ever. */
  async function close(): Promise<void> {
    const late = setTimeout(() => underWay.abort(new Error("The client was closed.")), closeWithinMs);
    await underWay.ended();
    clearTimeout(late);
    if (joined) await ofProcess.leave();
  }

  return {
    send(request) {
      if (closing) return Promise.reject(new Error("Its connections were closed."));
      const given = dispatcher ?? globalDispatcher();
      return dispatch(given ?? ownDispatcher(request.fresh ?? false), request, { underWay, foreign: given !== null });
    },
    codings: () => "gzip, br",
    proxyFor(origin) {
      const given = dispatcher ?? globalDispatcher();
      return given && proxyOf(given, origin);
    },
    close() {
      if (joined || underWay.any()) closing ??= close();
      return closing ?? Promise.resolve();
    },
  };
}

type Abort = (reason: Error) => void;

/** The requests whose answers have not come to their end. No Set, for the reason that {@link Flights} are no Map. */
function createUnderWay() {
  const aborts: Abort[] = [];
  let allEnded: () => void = () => undefined;

  return {
    add: (abort: Abort) => void aborts.push(abort),
    delete(abort: Abort): void {
      takeOut(aborts, abort);
      if (aborts.length === 0) allEnded();
    },
    any: () => aborts.length > 0,
    abort: (reason: Error) => [...aborts].forEach((abort) => abort(reason)),
    ended: () => new Promise<void>((resolve) => (aborts.length === 0 ? resolve() : (allEnded = resolve))),
  };
}

interface Course {
  readonly underWay: ReturnType<typeof createUnderWay>;
  /** The dispatcher may be of any version of undici's. */
  readonly foreign: boolean;
}

/** By its dispatcher rather than by its `request`: that makes a stream of every answer, for a third of the CPU time. */
function dispatch(
  dispatcher: DispatcherLike,
  { method, url, headers, body, signal, onLeaving }: TransportRequest,
  { underWay, foreign }: Course,
): Promise<TransportAnswer> {
  return new Promise((resolve, reject) => {
    let controller: Dispatcher.DispatchController | undefined;
    let incoming: BodyReader | undefined;
    let stopped: { readonly reason: Error } | undefined;
    let stopListening: () => void = () => undefined;

    function end(): void {
      stopListening();
      underWay.delete(abort);
    }

    function fail(error: Error): void {
      end();
      incoming?.fail(error);
      reject(error);
    }

    function abort(reason: Error): void {
      stopped = { reason };
      controller?.abort(reason);
      fail(reason);
    }

    stopListening = listenTo(signal, (reason) => abort(reason as Error));
    if (stopped) return;

    const handler = {
      onRequestStart(started: Dispatcher.DispatchController) {
        controller = started;
        if (stopped) return started.abort(stopped.reason);
        onLeaving?.(true);
      },
      onResponseStart(started: Dispatcher.DispatchController, status: number, found: TransportAnswer["headers"]) {
        if (status < 200) return;
        incoming = new BodyReader(started);
        resolve(answerOf({ status, headers: found }, incoming, started));
      },
      onResponseData: (_controller: Dispatcher.DispatchController, chunk: Buffer) => incoming?.add(chunk),
      onResponseEnd() {
        end();
        incoming?.end();
      },
      onResponseError: (_controller: Dispatcher.DispatchController, error: Error) => fail(error),
    };

    underWay.add(abort);
    const pathAt = url.indexOf("/", "https://".length);
    const [origin, path] = [url.slice(0, pathAt), url.slice(pathAt)];
    // No time limits of undici's: the request has a deadline of its own.
    const options = { origin, path, method, headers, body, headersTimeout: 0, bodyTimeout: 0 };
    try {
      dispatcher.dispatch(options, foreign ? withLegacyNames(handler) : handler);
    } catch (error) {
      end();
      reject(error);
    }
  });
}

function answerOf(
  { status, headers }: Pick<TransportAnswer, "status" | "headers">,
  incoming: BodyReader,
  controller: Dispatcher.DispatchController,
): TransportAnswer {
  return {
    status,
    headers,
    header: (name) => singleValue(headers[name.toLowerCase()]),
    bytes: (maxBytes) => readCoded(incoming.bytes(maxBytes), headers["content-encoding"], maxBytes),
    stream: () => incoming.stream(),
    discard() {
      controller.abort(new Error("Nobody reads this answer."));
      return Promise.resolve();
    },
  };
}

function singleValue(value: string | string[] | undefined): string | null {
  return (Array.isArray(value) ? value[0] : value) ?? null;
}
