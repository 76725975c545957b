/**
 * What an object of somebody else's holds under a name, itself or by its class: of an error, say, whose `cause` is not
 * enumerable. Undefined for what is no object.
 */
export function propertyOf(value: unknown, name: PropertyKey): unknown {
  const holds = (typeof value === "object" && value !== null) || typeof value === "function";
  return holds ? Reflect.get(value, name) : undefined;
}
