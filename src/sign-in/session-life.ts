import { redisClientOf } from "../redis/send";
import { isMemorystore, isMemoryStore } from "../session/memory-stores";
import { sessionOf, sessionStoreOf, settingsOf, type Session } from "../session/session";

const oneDayMs = 86_400_000;
/** For a store in memory, where a session lives until its process ends. */
const inMemoryMs = 365 * oneDayMs;

/**
 * How long this request's session really lives from now, in milliseconds, when nobody comes back: by its cookie, or by
 * its store where the cookie lasts as long as the browser.
 */
export function sessionLifeMs(req: object): number {
  const session = sessionOf(req);
  const cookieMs = session?.cookie?.originalMaxAge ?? null;
  const store = sessionStoreOf(req) ?? {};
  const storeMs = storeLifeMs(store, session);
  // connect-redis goes by its own `ttl` only for want of a cookie's life, or where it is a function.
  if (redisClientOf(store) && typeof settingsOf(store).ttl !== "function") return cookieMs ?? storeMs ?? oneDayMs;
  if (storeMs !== null) return Math.min(storeMs, cookieMs ?? Infinity);
  return cookieMs ?? (isMemoryStore(store) ? inMemoryMs : oneDayMs);
}

/** Null where it goes by the cookie. */
function storeLifeMs(store: object, session: Session | null): number | null {
  const { ttl, options } = settingsOf(store);
  const seconds = typeof ttl === "function" ? callTtl(() => Reflect.apply(ttl, store, [session])) : ttl;
  if (isLife(seconds)) return seconds * 1000;
  if (isLife(options?.expiration)) return options.expiration;
  if (!isLife(options?.ttl)) return null;
  return isMemorystore(store) ? options.ttl : options.ttl * 1000;
}

/** A function of the app's: what it throws is said when the session is saved. */
function callTtl(ttl: () => unknown): unknown {
  try {
    return ttl();
  } catch {
    return null;
  }
}

function isLife(value: unknown): value is number {
  return typeof value === "number" && value > 0 && Number.isFinite(value);
}
