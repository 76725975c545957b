import { AircallClient } from "../client/client";
import { readAccount } from "../client/account";
import type { SignInConfig } from "../config/config";
import { ApiError, ConnectionError, RateLimitError, SignInError, TimeoutError } from "../errors/errors";
import { isProgrammingError } from "../errors/programming-error";
import type { Account } from "../grants/grant";
import { createApi } from "../client/api";
import type { TokenSource } from "../http/credential";
import type { Transport } from "../http/transport/transport";

/** The company in the shape Passport's documentation calls a normalised profile. */
export interface Profile {
  readonly provider: "aircall";
  /** The company id as text; empty when the profile was skipped. Never the name. */
  readonly id: string;
  readonly displayName: string;
  readonly emails?: { value: string }[];
  readonly account: Account;
}

/** A company nobody asked about: `skipUserProfile`. */
export const unknownAccount: Account = Object.freeze({ id: null, name: null, user: null });

export type AccountReader = (accessToken: string) => Promise<Account>;

/** Which company a fresh token belongs to. */
export function createAccountReader({ apiUrl, timeoutMs }: SignInConfig, transport: Transport): AccountReader {
  return async function accountOf(accessToken: string): Promise<Account> {
    const client = new AircallClient(createApi({ apiUrl, timeoutMs, transport, tokens: onlyThis(accessToken) }));
    try {
      return await readAccount(client);
    } catch (cause) {
      if (cause instanceof RateLimitError || isProgrammingError(cause)) throw cause;
      throw new SignInError("sign_in_profile", reasonOf(cause, new URL(apiUrl).host), null, { cause });
    }
  };
}

function reasonOf(cause: unknown, host: string): string {
  const unreachable = cause instanceof ConnectionError || cause instanceof TimeoutError;
  if (unreachable || (cause instanceof ApiError && cause.status >= 500)) {
    return `Signing in reached Aircall, but its API at ${host} did not answer when asked which company this is. Try again.`;
  }
  return "Aircall did not say which company this is. Try again.";
}

/** A token that is tried as it is: nothing can be renewed before the grant exists. */
function onlyThis(accessToken: string): TokenSource {
  return {
    owner: () => Promise.resolve(null),
    credential: () => Promise.resolve({ authorization: `Bearer ${accessToken}`, secret: accessToken }),
    refused: () => Promise.resolve("permission"),
  };
}

export function profileOf(account: Account): Profile {
  const { id, name, user } = account;
  return {
    provider: "aircall",
    id: id === null ? "" : String(id),
    displayName: name ?? "",
    ...(user?.email ? { emails: [{ value: user.email }] } : {}),
    account,
  };
}
