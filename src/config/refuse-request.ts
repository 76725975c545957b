import { IncomingMessage } from "node:http";
import { ConfigError } from "../errors/errors";

/** @throws {ConfigError} Express was handed what makes a middleware, not the middleware, and calls it with a request. */
export function refuseRequest(options: unknown, maker: string): void {
  if (!(options instanceof IncomingMessage)) return;
  throw new ConfigError(
    `Write ${maker}(): without its parentheses it is no middleware yet, and no request gets past it.`,
  );
}
