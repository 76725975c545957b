import { propertyOf } from "../errors/property";
import { settingsOf } from "./session";

// By what they hold and not by the name of their class, which a minifier changes.

/** express-session's own, which keeps sessions until its process ends; no class that an app derives from it. */
export function isMemoryStore(store: object): boolean {
  const sessions = Object.hasOwn(store, "sessions") ? propertyOf(store, "sessions") : null;
  const isBare = typeof sessions === "object" && sessions !== null && Object.getPrototypeOf(sessions) === null;
  return isBare && Object.hasOwn(Reflect.getPrototypeOf(store) ?? {}, "all");
}

/** The package memorystore's, whose `ttl` is in milliseconds. */
export function isMemorystore(store: object): boolean {
  return Object.hasOwn(settingsOf(store).options ?? {}, "checkPeriod");
}
