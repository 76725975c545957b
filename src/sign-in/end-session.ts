import type { Request } from "express";
import { heldGrants } from "../grants/held";
import { storeCall } from "../grants/store-call";
import { grantsFor, holdingFor } from "./runtime";
import { sessionOf } from "./session";

/** Signs out: grants of its own end first, because a request in flight may write the session back. Then it ends. */
export async function endSession(req: Request): Promise<void> {
  const session = sessionOf(req);
  if (!session) return;
  await holdingFor(req).release(grantsFor(req), heldGrants(session));
  await storeCall("end the session", (done) => session.destroy(done));
}
