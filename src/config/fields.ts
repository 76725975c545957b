/**
 * Data from outside as fields to read one by one: its own enumerable properties, and nothing that a polluted prototype
 * adds. `{}` for what is no object, and for what cannot be read.
 */
export function fields(value: unknown): Readonly<Record<string, unknown>> {
  try {
    return typeof value === "object" ? { __proto__: null, ...value } : { __proto__: null };
  } catch {
    return { __proto__: null };
  }
}
