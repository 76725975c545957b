import type { Request } from "express";
import type { Holding } from "../grants/holding";
import type { GrantStore } from "../grants/store";
import { copyHeld, heldGrants, holdGrants } from "../grants/held";
import { storeCall } from "../grants/store-call";

const oneDayMs = 86_400_000;

/** What we use of express-session's session. */
export interface AppSession {
  readonly cookie: { readonly originalMaxAge?: number | null };
  regenerate(done: (error?: unknown) => void): unknown;
  save(done: (error?: unknown) => void): unknown;
  destroy(done: (error?: unknown) => void): unknown;
}

export function sessionOf(req: Request): AppSession & Record<string, unknown> {
  return (req as unknown as { session: AppSession & Record<string, unknown> }).session;
}

/** How long the app keeps a session; a day where it lasts as long as the browser, as connect-redis does. */
export function sessionLifeMs(req: Request): number {
  return sessionOf(req).cookie.originalMaxAge ?? oneDayMs;
}

/** Where a session's grants are kept, whose they are, and which app's. */
export interface SessionKeeping {
  readonly grants: GrantStore;
  readonly holding: Holding;
  /** See {@link appKey}. */
  readonly app: string;
}

/**
 * Gives the session a new id and makes it hold this grant: in place of those it held, which it lets go, or before them.
 * Resolves when the session is stored; when that fails, it holds what it held.
 */
export async function connectSession(
  req: Request,
  { grants, holding, app }: SessionKeeping,
  id: string,
  { add }: { add: boolean },
): Promise<void> {
  const held = heldGrants(sessionOf(req), app).filter((other) => other !== id);
  const replaced = add ? await ofSameCompany(grants, id, held) : held;
  await startAfresh(req);
  try {
    holdGrants(sessionOf(req), app, [id, ...held.filter((other) => !replaced.includes(other))]);
    await storeCall("save the session", (done) => sessionOf(req).save(done));
  } catch (error) {
    // express-session tries again when the answer ends: then as if nobody had signed in.
    holdGrants(sessionOf(req), app, held);
    throw error;
  }
  surviveRegeneration(req);
  await holding.release(grants, replaced);
}

/** A new session id, so that one planted before signing in is worthless; what the app kept moves along. */
async function startAfresh(req: Request): Promise<void> {
  const session = sessionOf(req);
  const { sessionID } = req as Request & { sessionID: string };
  try {
    await storeCall("begin a new session", (done) => session.regenerate(done));
  } catch (error) {
    // express-session has put an empty session here all the same.
    Object.assign(req, { session, sessionID });
    throw error;
  }
  const { cookie: _cookie, ...kept } = session;
  Object.assign(sessionOf(req), kept);
}

/** Passport's logIn begins a new session once more, right after us, and would leave the grants behind. */
function surviveRegeneration(req: Request): void {
  const session = sessionOf(req);
  const regenerate = session.regenerate.bind(session);

  Object.defineProperty(session, "regenerate", {
    configurable: true,
    writable: true,
    value(done: (error?: unknown) => void) {
      regenerate((error) => {
        if (!error) {
          copyHeld(session, sessionOf(req));
          surviveRegeneration(req);
        }
        done(error);
      });
      return session;
    },
  });
}

async function ofSameCompany(grants: GrantStore, id: string, others: readonly string[]): Promise<string[]> {
  const [grant, ...rest] = await Promise.all([id, ...others].map((other) => grants.get(other)));
  const companyId = grant?.account.id ?? null;
  return others.filter((_, index) => companyId !== null && rest[index]?.account.id === companyId);
}
