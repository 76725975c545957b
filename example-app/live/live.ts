import type { Request, RequestHandler } from "express";
import { boardOf } from "../board-of";
import { createSender } from "./sender";
import { stillConnected } from "./still-connected";
import { openStream } from "./stream";

export interface LiveOptions {
  /** How often it is looked whether the visitor may still see this. */
  readonly checkMs?: number;
  /** How long one stream lasts. */
  readonly lastsMs?: number;
}

/** What a page's script is told; `digest` names what the page then shows. */
export interface LiveEvent {
  readonly name: string;
  readonly data: object;
  readonly digest: string;
}

/** Tells what of a page has changed since it was asked last; null where nothing has. */
export type Watch = () => Promise<LiveEvent | null>;

/** Begins to watch what a page shows. `knows` is the digest of what the browser has, which may be nothing. */
export type BeginWatch = (req: Request, knows: string | null) => Watch | Promise<Watch>;

const lookMs = 1_000;
const answersWithinMs = 5_000;

/**
 * Makes handlers that send a browser what changes on its page, as server-sent events. A browser has few connections: one
 * stream for each kind of page.
 */
export function createLive({ checkMs = 10_000, lastsMs = 600_000 }: LiveOptions = {}) {
  return function liveFor(beginWatch: BeginWatch): RequestHandler {
    const streams = new Map<string, () => void>();

    return async function live(req, res) {
      const { mirror, key } = boardOf(req);
      const watch = await beginWatch(req, knownDigest(req));
      if (res.closed) return;
      const browser = req.sessionID;
      const stream = openStream(req, res);
      const sender = createSender(stream, watch);
      let saidLost = false;

      async function check(): Promise<void> {
        const connected = await within(answersWithinMs, stillConnected(req, key)).catch(() => null);
        if (connected === false) {
          stream.send("ended", {});
          return stream.end();
        }
        sender.sendSoon();
        // Null: nobody can say. The stream goes on, and says that it may be behind.
        beat(connected === null || mirror.lostSince !== null);
      }

      function beat(lost = mirror.lostSince !== null): void {
        saidLost = lost;
        stream.send("beat", { lost });
      }

      /** That nothing is heard is not to wait for the next check. */
      function lookWhetherLost(): void {
        if ((mirror.lostSince !== null) !== saidLost) beat();
      }

      function replace(): void {
        stream.send("replaced", {});
        stream.end();
      }

      streams.get(browser)?.();
      streams.set(browser, replace);
      const stopListening = mirror.onChange(key, () => sender.sendSoon());
      const checking = setInterval(() => void check(), checkMs);
      const looking = setInterval(lookWhetherLost, lookMs);
      const ending = setTimeout(() => stream.end(), lastsMs);
      stream.onEnd(() => {
        stopListening();
        clearInterval(checking);
        clearInterval(looking);
        clearTimeout(ending);
        sender.stop();
        if (streams.get(browser) === replace) streams.delete(browser);
      });
      await sender.send();
      beat();
    };
  };
}

/** Of what the browser has: by its latest event, or by its page. */
function knownDigest(req: Request): string | null {
  const { digest } = req.query;
  return req.get("last-event-id") ?? (typeof digest === "string" ? digest : null);
}

function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => (timer = setTimeout(() => reject(new Error("Too late.")), ms)));
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
