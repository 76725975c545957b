import type { Request } from "express";
import { tell } from "../diagnostics";
import { dropAllLinks, mayHoldLinks } from "../grants/session-grants";
import { inHandWhile } from "../session/in-hand";
import { storeCall } from "../session/store-call";
import { hasSession } from "../session/session";
import { releaseSession } from "./session-apps";
import { appsOfRequest } from "./runtime";

/** Signs out: what the session links to ends first, because a request in flight may write the session back. Then it ends. */
export async function endSession(req: Request): Promise<void> {
  if (!hasSession(req)) return;
  const { session, sessionStore } = req;
  const grants = mayHoldLinks(session) ? await releaseSession(session, appsOfRequest(req)) : 0;
  dropAllLinks(session);
  await storeCall("end the session", sessionStore, (done) => {
    inHandWhile(session, (ended) => session.destroy(ended)).then(() => done(), done);
  });
  tell("express-aircall:disconnection", { by: "logout", grants });
}
