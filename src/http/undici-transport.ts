import type { Dispatcher } from "undici";
import { listenTo } from "./deadline";
import { createIncoming, type Incoming } from "./incoming";
import type { Transport, TransportAnswer, TransportRequest } from "./transport";

/** How long a connection may have been idle, in milliseconds: as we guess, and as its server may say. */
const kept = { keepAliveTimeout: 60_000, keepAliveMaxTimeout: 300_000 };
const justUsed = { keepAliveTimeout: 3_000, keepAliveMaxTimeout: 3_000 };

/** Connections of our own, kept between requests; those that must not end as a request leaves are let go soon. */
export function createUndiciTransport({ closeWithinMs = 5_000 } = {}): Transport {
  const agents: { kept?: Dispatcher; justUsed?: Dispatcher } = {};
  const running: Running = new Set();
  let closing: Promise<void> | undefined;

  /** An answer that nobody reads to its end would keep it open for ever. */
  async function endWithin(agent: Dispatcher): Promise<void> {
    const late = setTimeout(() => {
      for (const controller of running) controller.abort(new Error("The client was closed."));
    }, closeWithinMs);
    await agent.close().catch(() => undefined);
    clearTimeout(late);
  }

  return {
    send(request) {
      if (closing) return Promise.reject(new Error("Its connections were closed."));
      const agent = request.fresh ? (agents.justUsed ??= loadAgent(justUsed)) : (agents.kept ??= loadAgent(kept));
      return dispatch(agent, request, running);
    },
    close() {
      const open = Object.values(agents);
      if (open.length > 0) closing ??= Promise.all(open.map(endWithin)).then(() => undefined);
      return closing ?? Promise.resolve();
    },
  };
}

function loadAgent(idle: typeof kept): Dispatcher {
  // Loading undici takes longer than the rest of the library together; an app that never calls Aircall never pays.
  const { Agent } = require("undici") as typeof import("undici");
  return new Agent({ ...idle, headersTimeout: 0, bodyTimeout: 0 });
}

type Running = Set<Dispatcher.DispatchController>;

/** By its dispatcher rather than by its `request`: that makes a stream of every answer, for a third of the CPU time. */
function dispatch(
  agent: Dispatcher,
  { method, url, headers, body, signal, onLeaving }: TransportRequest,
  running: Running,
): Promise<TransportAnswer> {
  return new Promise((resolve, reject) => {
    let controller: Dispatcher.DispatchController | undefined;
    let incoming: Incoming | undefined;
    let stopped: { readonly reason: Error } | undefined;
    let stopListening: () => void = () => undefined;

    function end(): void {
      stopListening();
      if (controller) running.delete(controller);
    }

    function fail(error: Error): void {
      end();
      incoming?.fail(error);
      reject(error);
    }

    stopListening = listenTo(signal, (reason) => {
      stopped = { reason: reason as Error };
      controller?.abort(stopped.reason);
      fail(stopped.reason);
    });
    if (stopped) return;

    const pathAt = url.indexOf("/", "https://".length);
    agent.dispatch(
      { origin: url.slice(0, pathAt), path: url.slice(pathAt), method, headers, body },
      {
        onRequestStart(started) {
          controller = started;
          if (stopped) return started.abort(stopped.reason);
          running.add(started);
          onLeaving?.(true);
        },
        onResponseStart(started, status, answerHeaders) {
          if (status < 200) return;
          incoming = createIncoming(started);
          resolve(answerOf(status, answerHeaders, incoming, started));
        },
        onResponseData: (_controller, chunk) => incoming?.add(chunk),
        onResponseEnd() {
          end();
          incoming?.end();
        },
        onResponseError: (_controller, error) => fail(error),
      },
    );
  });
}

function answerOf(
  status: number,
  headers: TransportAnswer["headers"],
  incoming: Incoming,
  controller: Dispatcher.DispatchController,
): TransportAnswer {
  return {
    status,
    headers,
    header: (name) => singleValue(headers[name.toLowerCase()]),
    bytes: (maxBytes) => incoming.bytes(maxBytes),
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
