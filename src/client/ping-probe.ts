import { ApiError } from "../errors/errors";
import type { Probe, TokenSource } from "../http/credential";
import type { HttpParts } from "../http/parts";
import { ping } from "../resources/ping";
import { createApi } from "./api";

/** Asks by `GET /v1/ping`: Aircall answers 403 both to a worthless credential and to one that may not do this. */
export function createProbe(parts: Omit<HttpParts, "tokens">): Probe {
  return async function probe(credential, { signal }) {
    const tokens: TokenSource = {
      owner: () => Promise.resolve(null),
      credential: () => Promise.resolve(credential),
      refused: () => Promise.resolve("permission"),
    };
    try {
      await ping(createApi({ ...parts, tokens }), { signal, maxRetries: 0 });
      return "accepted";
    } catch (error) {
      return error instanceof ApiError && (error.status === 401 || error.status === 403) ? "refused" : "unknown";
    }
  };
}
