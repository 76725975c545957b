import type { Answer } from "../http/answer";
import type { CallOptions } from "../http/options";
import type { Api } from "./api";
import { route } from "../http/route";

/** What stands at the top of the API. */
export interface ApiRoot {
  resource: string;
  contact: string;
}

/**
 * The API's name and a contact, outside every version of the API. It says nothing about the credential: `ping` does.
 * @see https://developers.aircall.io/api-references/
 */
export function root(http: Api, options?: CallOptions): Answer<ApiRoot> {
  return http.send<ApiRoot>(route`GET /`, null, options);
}
