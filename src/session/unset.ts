import type { Response } from "express";
import { withDestroy } from "./guard";
import { putBackOf } from "./own-property";
import type { SessionRequest } from "./session";

/** An answer whose session is to end first. */
export interface HeldBack {
  /** Lets it leave. */
  readonly send: () => void;
}

/**
 * Has express-session end an answer whose request has no session any more. With `unset: "destroy"` it also ends the
 * session, but lets the answer go at once, whatever comes of that: then the answer is held back. Null when it has left.
 */
export function holdBackUnset(req: SessionRequest, res: Response, end: () => void): HeldBack | null {
  const held = new Error("held back");
  let send: (() => void) | null = null;
  const putBack = putBackOf(res, "writeHead");

  function hold(_id: unknown, done: unknown): void {
    if (typeof done === "function") send = () => void Reflect.apply(done, undefined, []);
    res.writeHead = () => {
      throw held;
    };
  }

  try {
    withDestroy(req.sessionStore, hold, end);
  } catch (error) {
    if (error !== held) throw error;
  } finally {
    if (send) putBack();
  }
  return send && { send };
}

/**
 * Ends an answer in place of one that was held back, which express-session can end no more. What was mounted before it and
 * changes bodies on their way is passed by, and told so.
 */
export function endPlainly(res: Response, chunk: unknown, encoding: unknown): void {
  if (res.writableEnded) return;
  const cacheControl = [res.getHeader("Cache-Control") ?? [], "no-transform"].flat().join(", ");
  if (!res.headersSent) res.setHeader("Cache-Control", cacheControl);
  const plainEnd: unknown = Reflect.get(Reflect.getPrototypeOf(res) ?? res, "end");
  if (typeof plainEnd === "function") Reflect.apply(plainEnd, res, [chunk, encoding]);
}
