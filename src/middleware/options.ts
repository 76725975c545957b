import { IncomingMessage } from "node:http";
import { knownOptions } from "../config/own-options";
import { text } from "../config/values";
import { ConfigError } from "../errors";

/** @throws {ConfigError} Express was handed what makes a middleware, not the middleware, and calls it with a request. */
export function refuseRequest(options: unknown, maker: string): void {
  if (!(options instanceof IncomingMessage)) return;
  throw new ConfigError(
    `Write ${maker}(): without its parentheses it is no middleware yet, and no request gets past it.`,
  );
}

/** The one option of `requireAircall()` and `aircallErrors()`. @throws {ConfigError} it is misspelled or impossible. */
export function readSignInPath(options: { signInPath?: string | undefined }, maker: string): string | undefined {
  refuseRequest(options, maker);
  const { signInPath } = knownOptions(options, `${maker}()`, ["signInPath"]);
  return signInPath === undefined ? undefined : text({ value: signInPath, name: "signInPath", fromText: false });
}
