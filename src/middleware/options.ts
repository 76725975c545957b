import { refuseUnknown } from "../config/unknown-option";
import { kindOf, text } from "../config/values";
import { ConfigError } from "../errors";

/** @throws {ConfigError} Express was handed what makes a middleware, not the middleware, and calls it with a request. */
export function refuseRequest(options: unknown, maker: string): void {
  const given = Object(options) as object;
  if (!("headers" in given && "method" in given)) return;
  throw new ConfigError(
    `Write ${maker}(): without its parentheses it is no middleware yet, and no request gets past it.`,
  );
}

/** The one option of `requireAircall()` and `aircallErrors()`. @throws {ConfigError} it is misspelled or impossible. */
export function readSignInPath(options: { signInPath?: string }, maker: string): string | undefined {
  refuseRequest(options, maker);
  if (kindOf(options) !== "an object") {
    throw new ConfigError(`${maker}() takes an object, such as { signInPath: "/login" }; got ${kindOf(options)}.`);
  }
  refuseUnknown(options, ["signInPath"]);
  const { signInPath } = options;
  return signInPath === undefined ? undefined : text({ value: signInPath, name: "signInPath", fromText: false });
}
