import type { SimulatorSettings } from "../options";
import type { CodeBook } from "./code-book";

/** What an app asks for when it sends someone to the consent page. */
export interface Authorization {
  readonly redirectUri: string;
  /** Returned unchanged; null when the app sent none. */
  readonly state: string | null;
  readonly challenge: string | null;
}

/** Reads the query of the consent page; a sentence when it asks for something that cannot be. */
export function readAuthorization(query: URLSearchParams, settings: SimulatorSettings): Authorization | string {
  const repeated = [...query.keys()].find((name) => query.getAll(name).length > 1);
  if (repeated !== undefined) return "A parameter appears more than once in the address.";

  const redirectUri = query.get("redirect_uri") ?? "";
  if (query.get("client_id") !== settings.clientId) return "No app is registered with this client_id.";
  if (!isRegistered(redirectUri, settings)) return "This redirect_uri is not registered for the app.";
  if (query.get("response_type") !== "code") return "response_type must be “code”.";
  if (query.get("scope") !== "public_api") return "scope must be “public_api”.";

  const challenge = query.get("code_challenge");
  if (challenge !== null && query.get("code_challenge_method") !== "S256")
    return "code_challenge_method must be “S256”.";

  return { redirectUri, state: query.get("state"), challenge };
}

/** Where the browser goes once the person has decided; a null company means they said no. */
export function decide(
  { redirectUri, state, challenge }: Authorization,
  companyId: number | null,
  { codes, issuer }: { codes: CodeBook; issuer: string | null },
): string {
  const answer = new URLSearchParams();
  if (companyId === null) answer.set("error", "access_denied");
  else answer.set("code", codes.issue({ companyId, redirectUri, challenge }));
  if (state !== null) answer.set("state", state);
  if (issuer !== null) answer.set("iss", issuer);
  return `${redirectUri}${redirectUri.includes("?") ? "&" : "?"}${answer.toString()}`;
}

function isRegistered(redirectUri: string, { redirectUris }: SimulatorSettings): boolean {
  if (!URL.canParse(redirectUri) || redirectUri.includes("#")) return false;
  if (!["http:", "https:"].includes(new URL(redirectUri).protocol)) return false;
  return redirectUris === null || redirectUris.includes(redirectUri);
}
