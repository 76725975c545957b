import type { Request } from "express";
import { tell } from "../events";
import { heldGrants } from "../grants/held";
import { storeCall } from "../grants/store-call";
import { grantsFor, holdingFor } from "./runtime";
import { sessionOf } from "./session";

/** Signs out: grants of its own end first, because a request in flight may write the session back. Then it ends. */
export async function endSession(req: Request): Promise<void> {
  const session = sessionOf(req);
  if (!session) return;
  const held = heldGrants(session, null);
  await holdingFor(req).release(grantsFor(req), held);
  await storeCall("end the session", (done) => session.destroy(done));
  tell("express-aircall:disconnection", { by: "logout", grants: held.length });
}
