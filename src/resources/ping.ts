import type { Answer } from "../http/answer";
import type { CallOptions } from "../http/options";
import type { Api } from "./api";
import { route } from "../http/route";

/** What Aircall answers to a credential it accepts. */
export interface Pong {
  ping: "pong";
}

export const pingRoute = route`GET /v1/ping`;

/**
 * Succeeds when Aircall accepts the credential.
 * @see https://developers.aircall.io/api-references/#ping
 */
export function ping(http: Api, options?: CallOptions): Answer<Pong> {
  return http.send<Pong>(pingRoute, null, options);
}
