import type { Request } from "express";
import { heldGrants } from "../grants/held";
import { storeCall } from "../grants/store-call";
import { grantsFor } from "./runtime";
import { sessionOf } from "./session";

/** Signs out: the grants end first, because a request in flight may write the session back. Then the session ends. */
export async function endSession(req: Request): Promise<void> {
  const session = sessionOf(req);
  if (!session) return;
  const grants = grantsFor(req);
  await Promise.all(heldGrants(session).map((id) => grants.delete(id)));
  await storeCall("end the session", (done) => session.destroy(done));
}
