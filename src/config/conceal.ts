import { propertyOf } from "../errors/property";
import { inspect } from "node:util";

const ours: readonly unknown[] = [Object.prototype, Set.prototype, Date.prototype];

/** Freezes a value, and shows it without its secrets wherever it is inspected, logged or turned into JSON. */
export function conceal<T extends object>(value: T, ...secrets: readonly (keyof T)[]): T {
  const hidden: ReadonlySet<PropertyKey> = new Set(secrets);
  const show = () =>
    Object.fromEntries(Object.entries(value).map(([key, held]) => [key, shown(held, hidden.has(key))]));
  // These properties are not enumerable, so that comparing and copying see settings only.
  Object.defineProperties(value, { toJSON: { value: show }, [inspect.custom]: { value: show } });
  for (const held of Object.values(value)) if (isOurs(held)) Object.freeze(held);
  return Object.freeze(value);
}

function shown(held: unknown, secret: boolean): unknown {
  if (secret && held !== null) return "[secret]";
  if (isObject(held) && !isOurs(held)) return `[${String(propertyOf(held.constructor, "name"))}]`;
  return held instanceof Set ? Array.from<unknown>(held) : held;
}

/** Anything else is the developer's own, and may hold secrets, as a proxy's dispatcher does. */
function isOurs(held: unknown): boolean {
  return isObject(held) && ours.includes(Object.getPrototypeOf(held));
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
