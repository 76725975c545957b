import { ApiError } from "../errors/errors";

const unknownRate = { limit: null, remaining: null, resetAt: null };

/** The entity names no file. */
export function noFile(request: string, what: string): ApiError {
  const troubleshoot =
    `There is no ${what} (yet). Aircall may take a while to provide one after the call; ` +
    "the webhook event call.comm_assets_generated tells when it is there.";
  return new ApiError(
    { status: 404, code: "not_found", request, title: "Not Found", troubleshoot, rate: unknownRate },
    `${request}: ${troubleshoot}`,
  );
}

/**
 * The server that keeps the file gave an answer that brings none. Its 401 or 403 is between it and Aircall; a visitor
 * who was shown the same status would look for a permission of their own.
 */
export function fileRefused(request: string, answered: number): ApiError {
  const gone = answered === 404 || answered === 410;
  const status = gone ? 404 : answered === 416 || answered >= 500 ? answered : 502;
  const code = gone ? "not_found" : status === 416 ? "api_error" : "server_error";
  const title = gone ? "Not Found" : status === 416 ? "Range Not Satisfiable" : "Bad Gateway";
  const troubleshoot = `The server that keeps the file answered ${answered}.`;
  return new ApiError({ status, code, request, title, troubleshoot, rate: unknownRate }, `${request}: ${troubleshoot}`);
}
