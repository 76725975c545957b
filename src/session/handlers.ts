import type { IncomingMessage, ServerResponse } from "node:http";

/**
 * Middleware for Express 4 and 5. Structural, over what Node gives: it fits whichever Express's types an app has, also
 * where its package manager lays out several. What implements it may count on Express's request, hence the methods:
 * TypeScript compares their parameters in both directions.
 */
export type Handler = Handlers["handle"];
/** The same for errors. */
export type ErrorHandler = Handlers["handleError"];

interface Handlers {
  handle(req: IncomingMessage, res: ServerResponse, next: (error?: unknown) => void): void;
  handleError(error: unknown, req: IncomingMessage, res: ServerResponse, next: (error?: unknown) => void): void;
}
