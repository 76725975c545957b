import { ConfigError, NotConnectedError } from "../errors";
import type { Account } from "../grants/grant";
import type { GrantTokens } from "../grants/grant-tokens";
import type { TokenSource } from "../http/http";
import { companyNotConnected, livingAccount, lookedUp, requireLiving, type Connection } from "./connection";
import type { Keeping } from "./keeping";

/** The company that the app says a request works for, or a job: `hold: "company"`. */
export class CompanyConnection implements Connection {
  readonly #keeping: () => Keeping;
  readonly #companyId: () => Promise<number | null>;
  readonly #signInPath: string | null;
  #found: Promise<GrantTokens | null> | undefined;

  constructor(keeping: () => Keeping, companyId: () => Promise<number | null>, signInPath: string | null) {
    this.#keeping = keeping;
    this.#companyId = companyId;
    this.#signInPath = signInPath;
  }

  get tokens(): TokenSource {
    return lookedUp(async () => {
      const tokens = await this.#find();
      if (!tokens) throw new NotConnectedError(this.#signInPath);
      return tokens;
    });
  }

  /** A request speaks for the company the app named, and no other. */
  tokensOf(companyId: number): TokenSource {
    return lookedUp(async () => {
      if ((await this.#companyId()) !== companyId) {
        throw companyNotConnected(await this.accounts(), this.#signInPath);
      }
      return this.tokens;
    });
  }

  async account(): Promise<Account | null> {
    return livingAccount(await (await this.#find())?.grant());
  }

  async accounts(): Promise<Account[]> {
    const account = await this.account();
    return account ? [account] : [];
  }

  async require(): Promise<void> {
    requireLiving(await (await this.#find())?.grant(), this.#signInPath);
  }

  disconnect(): Promise<void> {
    return Promise.reject(
      new ConfigError("The grant is the company's, not this visitor's: end it with disconnectCompany(companyId)."),
    );
  }

  #find(): Promise<GrantTokens | null> {
    this.#found ??= this.#look();
    this.#found.catch(() => (this.#found = undefined));
    return this.#found;
  }

  async #look(): Promise<GrantTokens | null> {
    const companyId = await this.#companyId();
    return companyId === null ? null : this.#keeping().companies.tokensOf(companyId, this.#signInPath);
  }
}
