/** @throws {TypeError} that lists the known names, when `given` is no object or has another name in it. */
export function requireKnown(what: string, given: object, known: readonly string[]): void {
  const names = `Known: ${known.join(", ")}.`;
  if (typeof given !== "object" || given === null) throw new TypeError(`${what} takes an object. ${names}`);
  const stray = Object.keys(given).find((name) => !known.includes(name));
  if (stray !== undefined) throw new TypeError(`${what} has no option "${stray}". ${names}`);
}

/** @throws {TypeError} that lists the allowed words, when `value` is none of them. */
export function requireOneOf(name: string, value: string, allowed: readonly string[]): void {
  if (allowed.includes(value)) return;
  throw new TypeError(`${name} is ${allowed.map((one) => `"${one}"`).join(" or ")}.`);
}
