import { sha256 } from "../config/sha256";
import type { Credential } from "../http/credential";

/** One company's API ID and API token. */
export interface ApiKey {
  readonly user: string;
  readonly password: string;
}

/** @see https://developer.aircall.io/api-references/#basic-authentication */
export function keyCredential({ user, password }: ApiKey): Credential {
  return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`, secret: password };
}

/** The name of the request budget of a key whose company's id is unknown: the same in every process. */
export function keyBudget({ authorization }: Credential): string {
  return `credential:${sha256(authorization).slice(0, 22)}`;
}
