import type { Request, Response } from "express";

/** One browser's server-sent events. */
export interface Stream {
  /** `data` goes as JSON; `id` comes back as `Last-Event-ID` when the browser connects anew. */
  send(event: string, data: unknown, id?: string): void;
  /** Ends it; the browser comes back by itself. */
  end(): void;
  /** Once, however it ends. */
  onEnd(listener: () => void): void;
}

/** How long a browser waits before it connects anew. */
const retryMs = 1_000;

export function openStream(req: Request, res: Response): Stream {
  res.status(200).set({
    "Content-Type": "text/event-stream",
    // What compresses an answer, and nginx, would keep what comes until it is much.
    "Cache-Control": "no-store, no-transform",
    "X-Accel-Buffering": "no",
  });
  res.flushHeaders();
  res.write(`retry: ${retryMs}\n\n`);

  return {
    send(event, data, id) {
      const head = id === undefined ? "" : `id: ${id}\n`;
      res.write(`${head}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
    },
    end() {
      forgetSession(req);
      res.end();
    },
    onEnd: (listener) => void res.once("close", listener),
  };
}

/** Looking is no use of a session: express-session would prolong it as the answer ends. */
function forgetSession(req: Request): void {
  Reflect.deleteProperty(req, "session");
}
