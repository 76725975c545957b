import { types } from "node:util";
import { AircallError } from "./base";

/** Thrown by code that is wrong, or that misses something which this Node does not have. */
const names = [
  "TypeError",
  "ReferenceError",
  "SyntaxError",
  "RangeError",
  "EvalError",
  "URIError",
  "AssertionError",
  "InvalidArgumentError",
];

/** How a fetch says that the network failed, now and then without a cause. */
const ofNetworks = ["fetch failed", "terminated", "Failed to fetch", "Network request failed", "Load failed"];

/** Whether an error of what sends requests is a bug: nothing of the network's, and the same the next time. */
export function isProgrammingError(error: unknown): error is Error {
  // Of ours, too: nothing is left of its cause that could tell.
  if (!types.isNativeError(error) || error instanceof AircallError) return false;
  if (error.cause !== undefined) return isProgrammingError(error.cause);
  return names.includes(error.name) && !ofNetworks.includes(error.message);
}
