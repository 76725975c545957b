import type { SimulatorSettings } from "./options";

/** What to put into an app's environment, or its `.env`, so that `aircallAuth()` meets the simulator at `base`. */
export function basicLines(base: string, { apiId, apiToken }: { apiId: string; apiToken: string }): string[] {
  return lines({ AIRCALL_API_URL: base, AIRCALL_API_ID: apiId, AIRCALL_API_TOKEN: apiToken });
}

/** Comments: an environment has no place for them. */
export function companyLines(companies: readonly { id: number; name: string }[]): string[] {
  return companies.map(({ id, name }) => `#   ${id}  ${name}`);
}

export function oauthLines(
  base: string,
  { clientId, clientSecret, redirectUris }: Pick<SimulatorSettings, "clientId" | "clientSecret" | "redirectUris">,
): string[] {
  return lines({
    AIRCALL_API_URL: base,
    AIRCALL_AUTHORIZE_URL: `${base}/oauth/authorize`,
    AIRCALL_TOKEN_URL: `${base}/v1/oauth/token`,
    AIRCALL_CLIENT_ID: clientId,
    AIRCALL_CLIENT_SECRET: clientSecret,
    AIRCALL_CALLBACK_URL: redirectUris?.[0] ?? "http://localhost:3000/auth/aircall/callback",
    AIRCALL_INITIATE_OAUTH: "GETANDREFRESH",
  });
}

function lines(variables: Record<string, string>): string[] {
  return Object.entries(variables).map(
    ([name, value]) => `${name}=${/^[\w.:/@+-]*$/.test(value) ? value : `"${value}"`}`,
  );
}
