import type { Company } from "./data/company";
import type { SimulatorSettings } from "./options";

/** Options by which an app meets the simulator with OAuth; `callbackUrl` is the app's own. */
export interface OAuthSettings {
  readonly authScheme: "OAuth";
  readonly apiUrl: string;
  readonly authorizeUrl: string;
  readonly tokenUrl: string;
  readonly oauthClientId: string;
  readonly oauthClientSecret: string;
}

/** Options by which an app meets the simulator with a company's API key. */
export interface BasicSettings {
  readonly authScheme: "Basic";
  readonly apiUrl: string;
  readonly user: string;
  readonly password: string;
}

export function oauthSettings(url: string, { clientId, clientSecret }: SimulatorSettings): OAuthSettings {
  return {
    authScheme: "OAuth",
    apiUrl: url,
    authorizeUrl: `${url}/oauth/authorize`,
    tokenUrl: `${url}/v1/oauth/token`,
    oauthClientId: clientId,
    oauthClientSecret: clientSecret,
  };
}

export function basicSettings(url: string, { apiId, apiToken }: Company): BasicSettings {
  return { authScheme: "Basic", apiUrl: url, user: apiId, password: apiToken };
}
