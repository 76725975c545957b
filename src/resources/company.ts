import type { CallOptions } from "../http/options";
import type { Api } from "./api";
import { route } from "../http/route";

/** The connected company. */
export interface Company {
  name: string;
  users_count: number;
  numbers_count: number;
}

/** The company the credential belongs to. @see https://developers.aircall.io/api-references/#company */
export const company = (http: Api) => ({
  /** Name and sizes only; the company's id is in `integrations.me()`. */
  get: (options?: CallOptions) => http.send<Company>(route`GET /v1/company`, "company", options),
});
