import { lookedUp } from "../client/looked-up";
import { companyKey, requireCompanyName, type CompanyLike, type CompanyName } from "../config/company-id";
import { ConfigError, NotConnectedError, ReconnectRequiredError } from "../errors/errors";
import type { Account, Grant } from "../grants/grant";
import type { GrantTokens } from "../grants/access";
import { isSound } from "../grants/renewal/suspension";
import type { TokenSource } from "../http/credential";
import type { RequestStoreTime } from "../time/store-time";
import { askedBudget, companyNotConnected, livingAccount, requireLiving, type Connection } from "./connection";
import type { Keeping } from "./keeping";

export interface CompanyConnectionParts {
  readonly keeping: () => Keeping;
  /** Null where there is none. */
  readonly company: () => Promise<CompanyName | null>;
  readonly signInPath: string | null;
  readonly storeTime: RequestStoreTime;
  /** For how long a company without a grant that works is not looked up again. */
  readonly lookAgainAfterMs: number;
  /** Where it is known without asking for the company. */
  readonly budget?: string;
  readonly now?: () => number;
}

/** The company that the app says a request works for, or a job: `hold: "company"`. */
export class CompanyConnection implements Connection {
  readonly #parts: CompanyConnectionParts;
  readonly #now: () => number;
  #known: Found | undefined;
  #finding: Promise<GrantTokens | null> | undefined;

  constructor({ now = Date.now, ...parts }: CompanyConnectionParts) {
    this.#parts = parts;
    this.#now = now;
  }

  get tokens(): TokenSource {
    return {
      ...lookedUp(() => this.#required(), this.#parts.budget),
      refused: (...refusal) => this.#refused(...refusal),
    };
  }

  /** A request speaks for the company the app named, and no other. */
  tokensOf(company: CompanyLike): TokenSource {
    return lookedUp(async () => {
      const named = requireCompanyName(company, "as(company)");
      const own = await this.#parts.company();
      if (own === null || companyKey(own) !== companyKey(named)) {
        throw companyNotConnected(await this.accounts(), this.#parts.signInPath);
      }
      return this.tokens;
    }, askedBudget(company));
  }

  async account(): Promise<Account | null> {
    return livingAccount(await (await this.#find())?.grant());
  }

  async accounts(): Promise<Account[]> {
    const account = await this.account();
    return account ? [account] : [];
  }

  async require(): Promise<void> {
    requireLiving(await (await this.#find())?.grant(), this.#parts.signInPath);
  }

  disconnect(): Promise<void> {
    return Promise.reject(
      new ConfigError("The grant is the company's, not this visitor's: end it with disconnectCompany(companyId)."),
    );
  }

  held(): Promise<Grant[]> {
    return Promise.resolve([]);
  }

  async #required(): Promise<GrantTokens> {
    const tokens = await this.#find();
    if (!tokens) throw new NotConnectedError(this.#parts.signInPath);
    return tokens;
  }

  /** The company may have been connected anew since its grant was looked up. */
  async #refused(...refusal: Parameters<TokenSource["refused"]>): ReturnType<TokenSource["refused"]> {
    const tokens = await this.#required();
    try {
      return await tokens.refused(...refusal);
    } catch (error) {
      const isOver = error instanceof NotConnectedError || error instanceof ReconnectRequiredError;
      if (isOver && (await this.#required()) !== tokens) return "again";
      throw error;
    }
  }

  #find(): Promise<GrantTokens | null> {
    this.#finding ??= this.#findWorking().finally(() => (this.#finding = undefined));
    return this.#finding;
  }

  async #findWorking(): Promise<GrantTokens | null> {
    const known = this.#known;
    if (known && (this.#isRecent(known) || (await works(known)))) return known.tokens;
    const foundAt = this.#now();
    const tokens = await this.#look();
    this.#known = { tokens, foundAt };
    return tokens;
  }

  async #look(): Promise<GrantTokens | null> {
    const { company: companyOf, keeping, signInPath, storeTime } = this.#parts;
    const company = await companyOf();
    return company === null ? null : keeping().companies.tokensOf(company, { signInPath, storeTime });
  }

  #isRecent({ foundAt }: Found): boolean {
    return this.#now() - foundAt < this.#parts.lookAgainAfterMs;
  }
}

interface Found {
  readonly tokens: GrantTokens | null;
  readonly foundAt: number;
}

async function works({ tokens }: Found): Promise<boolean> {
  const grant = await tokens?.grant();
  return grant ? isSound(grant) : false;
}
