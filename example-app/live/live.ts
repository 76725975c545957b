import type { Request, RequestHandler } from "express";
import { boardOf } from "../board-of";
import { meOf } from "../board/me";
import { boardModel } from "../board/render";
import { readView } from "../board/view";
import { createChanges } from "./changes";
import { openStream } from "./stream";
import { stillConnected } from "./still-connected";

export interface LiveOptions {
  /** How often it is looked whether the visitor may still see this. */
  readonly checkMs?: number;
  /** How long one stream lasts. */
  readonly lastsMs?: number;
}

/** What comes together is sent together. */
const gatherMs = 50;

/** Sends a browser what changes on the part of the board that it shows, as server-sent events. Asks Aircall nothing. */
export function liveBoard({ checkMs = 10_000, lastsMs = 600_000 }: LiveOptions = {}): RequestHandler {
  const streams = new Map<string, () => void>();

  return function liveBoard(req, res) {
    const board = boardOf(req);
    const view = readView(req.query);
    const me = meOf(req);
    const changesTo = createChanges(req.app, knownDigest(req));
    const browser = req.sessionID;
    const stream = openStream(req, res);
    let gathering: NodeJS.Timeout | null = null;
    let working = Promise.resolve();

    async function sendChanges(): Promise<void> {
      const model = boardModel(board, view, me);
      const changes = await changesTo(model);
      if (changes) stream.send("board", changes, model.digest);
    }

    function changed(): void {
      gathering ??= setTimeout(() => {
        gathering = null;
        working = working.then(sendChanges).catch(() => stream.end());
      }, gatherMs);
    }

    async function check(): Promise<void> {
      const connected = await stillConnected(req, board.key).catch(() => null);
      if (connected === false) {
        stream.send("ended", {});
        return stream.end();
      }
      changed();
      // Null: nobody can say. The stream goes on, and says that it may be behind.
      stream.send("beat", { lost: connected === null || board.mirror.lostSince !== null });
    }

    streams.get(browser)?.();
    const replace = () => {
      stream.send("replaced", {});
      stream.end();
    };
    streams.set(browser, replace);
    const stopListening = board.mirror.onChange(board.key, changed);
    const checking = setInterval(() => void check(), checkMs);
    const ending = setTimeout(() => stream.end(), lastsMs);
    stream.onEnd(() => {
      stopListening();
      clearInterval(checking);
      clearTimeout(ending);
      if (gathering) clearTimeout(gathering);
      if (streams.get(browser) === replace) streams.delete(browser);
    });
    working = sendChanges().then(() => stream.send("beat", { lost: board.mirror.lostSince !== null }));
  };
}

/** Of what the browser has: by its latest event, or by its page. */
function knownDigest(req: Request): string | null {
  const { digest } = req.query;
  return req.get("last-event-id") ?? (typeof digest === "string" ? digest : null);
}
