import type { Request } from "express";
import { boardOf } from "../board-of";
import { callBackModel } from "../caller/call-back";
import { callerState, digestOfState, type CallerState } from "../caller/caller-state";
import { numberOfCall } from "../caller/history";
import type { MirroredCall } from "../mirror/mirrored-call";
import type { Watch } from "./live";
import { renderPart } from "./render-part";

/** What of a caller's page has changed. */
export interface CallerChanges {
  /** The form to call them back. */
  readonly callBack: string;
  /** Whether their calls read otherwise. These are not sent: the page asks for itself anew, with what Aircall says. */
  readonly stale: boolean;
  /** For who cannot see it. */
  readonly said: string;
}

/** Watches the page of a caller. Asks Aircall nothing where the board has the call. */
export async function watchCaller(req: Request, knows: string | null): Promise<Watch> {
  const board = boardOf(req);
  const id = Number(req.params["id"]);
  const number = await numberOfCall(board, id);
  const zone = board.mirror.call(board.key, id)?.line?.timeZone ?? null;
  let known = knows;
  let before: CallerState | null = null;

  return async function watchCaller() {
    const state = callerState(board, { id, number });
    const digest = digestOfState(state);
    const [present, former] = [state, before];
    before = present;
    if (digest === known) return null;
    const stale = callsIn(digest) !== callsIn(known);
    known = digest;
    const data: CallerChanges = {
      callBack: await renderPart(req.app, "caller/call-back", callBackModel(req, present, { id, number, zone })),
      stale,
      said: former ? whatHappened(former, present) : "",
    };
    return { name: "caller", data, digest };
  };
}

function callsIn(digest: string | null): string | undefined {
  return digest?.split(".")[0];
}

function whatHappened(before: CallerState, now: CallerState): string {
  const there = new Map(before.calls.map((call) => [call.id, call]));
  const sentences = now.calls.map((call) => whatHappenedTo(call, there.get(call.id)));
  if (now.holder?.by.id !== before.holder?.by.id) {
    sentences.push(now.holder ? `${now.holder.by.name} is on them.` : "Nobody is on them any more.");
  }
  return [...new Set(sentences)].filter(Boolean).join(" ");
}

function whatHappenedTo(call: MirroredCall, known: MirroredCall | undefined): string {
  if (!known && call.direction === "outbound") return "Somebody calls them.";
  if (!known) return call.voicemail ? "They rang again, and left a voicemail." : "They ring again.";
  if (call.comments > known.comments) return "A comment was added.";
  if (call.voicemail && !known.voicemail) return "They left a voicemail.";
  if (call.answeredAt !== null && known.answeredAt === null) return "They are spoken with.";
  return call.status === "done" && known.status !== "done" ? "The call is over." : "";
}
