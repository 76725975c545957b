const loaded = Symbol.for("express-aircall.loaded");

/**
 * Warned of as the package is loaded: what two copies of it remember is not shared, so that a strategy of one does not
 * know how a middleware of the other keeps grants.
 */
export function noteCopy(
  path: string,
  { process: of, warn }: { process: object; warn: (message: string) => void },
): void {
  const first: unknown = Reflect.get(of, loaded);
  if (first === undefined) Object.defineProperty(of, loaded, { value: path });
  else if (first !== path) warn(twoCopies);
}

const twoCopies =
  "Two copies of express-aircall are loaded, and neither knows what the other keeps. `npm ls express-aircall` shows who " +
  "brought them; keep one.";

// In a bundle of ES modules there is no such thing.
const here = typeof __dirname === "string" ? __dirname : "a bundle";

noteCopy(here, { process, warn: (message) => process.emitWarning(message, { code: "EXPRESS_AIRCALL_COPIES" }) });
