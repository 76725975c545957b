import type { CallOptions } from "../http/options";
import type { Api } from "./api";
import { route, withQuery } from "../http/route";
import type { NestedUser } from "./user";
import type { Open } from "./wire";

/** This app as installed by one company. */
export interface Integration {
  id?: number;
  name: string;
  custom_name: string | null;
  /** URL. */
  logo: string | null;
  company_id: number;
  status: Open<"active" | "installed">;
  active: boolean;
  /** The numbers the administrator chose for this app. */
  number_ids?: number[];
  numbers_count?: number;
  /** The administrator who installed it. */
  user: NestedUser | null;
}

/** This app's own installation. @see https://developers.aircall.io/api-references/#integrations */
export const integrations = (http: Api) => ({
  /** The installation, with its `company_id`. With OAuth only. */
  me: (options?: CallOptions) => http.send<Integration>(route`GET /v1/integrations/me`, "integration", options),
  /**
   * Starts this app's webhooks again. `install` on the first time, while the administrator installs it: Aircall then
   * shows its settings page. Never sent twice. With OAuth only.
   */
  enable: (query: { install?: boolean | undefined } = {}, options?: CallOptions) =>
    http.send<void>(withQuery(route`POST /v1/integrations/enable`, query), null, options),
  /** Stops this app's webhooks for the company without uninstalling it. Never sent twice. With OAuth only. */
  disable: (options?: CallOptions) => http.send<void>(route`POST /v1/integrations/disable`, null, options),
});
