import { requireCompanyName } from "../config/company-id";
import { ConfigError } from "../errors/errors";
import { lookedUp } from "../client/looked-up";
import type { Account } from "../grants/grant";
import type { TokenSource } from "../http/credential";
import { companyNotConnected, type Connection } from "./connection";

/** One company for every request: an API key, or a token obtained elsewhere. */
export function createFixedConnection(tokens: TokenSource, askAccount: () => Promise<Account>): Connection {
  let known: Promise<Account> | undefined;

  /** Asked once: a company seldom changes its name, and each question costs a request of its budget. */
  function account(): Promise<Account> {
    known ??= askAccount();
    known.catch(() => (known = undefined));
    return known;
  }

  return {
    tokens,
    tokensOf: (company) =>
      lookedUp(async () => {
        const name = requireCompanyName(company, "as(company)");
        const own = await account();
        if (own.id === null)
          throw new ConfigError("An API key speaks for its own company only: leave as(company) out.");
        if (own.id !== name) throw companyNotConnected([own], null);
        return tokens;
      }, tokens.budget),
    account,
    accounts: async () => [await account()],
    require: () => Promise.resolve(),
    disconnect: () => Promise.reject(new ConfigError("This app's own key or token is not a visitor's to disconnect.")),
    held: () => Promise.resolve([]),
  };
}
