import type { Dispatcher } from "undici";

type Handler = Required<
  Pick<
    Dispatcher.DispatchHandler,
    "onRequestStart" | "onResponseStart" | "onResponseData" | "onResponseEnd" | "onResponseError"
  >
>;

/** The same handler for a dispatcher of undici 5 or 6, such as the one in Node 20 and 22, too: it calls other names. */
export function withLegacyNames(handler: Handler): Handler & Dispatcher.DispatchHandler {
  let controller: Dispatcher.DispatchController;
  let paused = false;
  let resume: () => void = () => undefined;

  return {
    ...handler,
    onConnect(abort: (reason?: Error) => void) {
      controller = {
        aborted: false,
        reason: null,
        get paused() {
          return paused;
        },
        abort,
        pause: () => void (paused = true),
        resume() {
          if (!paused) return;
          paused = false;
          resume();
        },
      };
      handler.onRequestStart(controller, {});
    },
    onHeaders(status: number, raw: readonly (Buffer | string)[], resumeBody: () => void) {
      resume = resumeBody;
      handler.onResponseStart(controller, status, readHeaders(raw));
      return !paused;
    },
    onData(chunk: Buffer) {
      handler.onResponseData(controller, chunk);
      return !paused;
    },
    onComplete: () => handler.onResponseEnd(controller, {}),
    onError: (error: Error) => handler.onResponseError(controller, error),
  };
}

/** Name after value after name, as they came. */
function readHeaders(raw: readonly (Buffer | string)[]): Record<string, string | string[]> {
  const headers = new Map<string, string | string[]>();
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = raw[at]!.toString("latin1").toLowerCase();
    const value = raw[at + 1]!.toString("latin1");
    const before = headers.get(name);
    headers.set(name, before === undefined ? value : [before, value].flat());
  }
  return Object.fromEntries(headers);
}
