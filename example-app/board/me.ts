import type { Request } from "express";
import type { Named } from "../mirror/mirrored-call";

declare module "express-session" {
  interface SessionData {
    /** Which of the company's agents looks at the board in this browser. */
    me?: Named;
    /** To whose dialer this browser sent a number last. */
    lastAgent?: Named;
  }
}

export function meOf({ session }: Request): Named | null {
  return session.me ?? null;
}
