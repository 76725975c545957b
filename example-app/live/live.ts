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

const lookMs = 1_000;
const answersWithinMs = 5_000;
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
    let saidLost = false;
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
      const connected = await within(answersWithinMs, stillConnected(req, board.key)).catch(() => null);
      if (connected === false) {
        stream.send("ended", {});
        return stream.end();
      }
      changed();
      // Null: nobody can say. The stream goes on, and says that it may be behind.
      beat(connected === null || board.mirror.lostSince !== null);
    }

    function beat(lost: boolean): void {
      saidLost = lost;
      stream.send("beat", { lost });
    }

    /** That nothing is heard is not to wait for the next check. */
    function lookWhetherLost(): void {
      const lost = board.mirror.lostSince !== null;
      if (lost !== saidLost) beat(lost);
    }

    streams.get(browser)?.();
    const replace = () => {
      stream.send("replaced", {});
      stream.end();
    };
    streams.set(browser, replace);
    const stopListening = board.mirror.onChange(board.key, changed);
    const checking = setInterval(() => void check(), checkMs);
    const looking = setInterval(lookWhetherLost, lookMs);
    const ending = setTimeout(() => stream.end(), lastsMs);
    stream.onEnd(() => {
      stopListening();
      clearInterval(checking);
      clearInterval(looking);
      clearTimeout(ending);
      if (gathering) clearTimeout(gathering);
      if (streams.get(browser) === replace) streams.delete(browser);
    });
    working = sendChanges().then(() => beat(board.mirror.lostSince !== null));
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
