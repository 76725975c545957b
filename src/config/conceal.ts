import { inspect } from "node:util";

/** Freezes a value, and shows it without its secrets wherever it is inspected, logged or turned into JSON. */
export function conceal<T extends object>(value: T, ...secrets: readonly (keyof T)[]): T {
  const hidden: ReadonlySet<PropertyKey> = new Set(secrets);
  const show = () =>
    Object.fromEntries(Object.entries(value).map(([key, held]) => [key, shown(held, hidden.has(key))]));
  // Not enumerable, so that comparing and copying see settings only.
  Object.defineProperties(value, { toJSON: { value: show }, [inspect.custom]: { value: show } });
  for (const held of Object.values(value)) if (typeof held === "object") Object.freeze(held);
  return Object.freeze(value);
}

function shown(held: unknown, secret: boolean): unknown {
  if (secret && held !== null) return "[secret]";
  return held instanceof Set ? [...(held as ReadonlySet<unknown>)] : held;
}
