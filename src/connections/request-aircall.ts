import type { Request, Response } from "express";
import { AircallClient } from "../client/client";
import type { CompanyLike } from "../config/company-id";
import type { Account, Grant } from "../grants/grant";
import { createApi } from "../client/api";
import type { Api } from "../resources/api";
import type { Done, HttpParts } from "../http/parts";
import type { Asker } from "../http/limiter";
import type { Connection } from "./connection";
import { runtimeKey } from "./request-context";

/** The same for all requests that come by one mount path. */
export interface RequestAircallParts {
  /** What the middleware leaves for those who come after it. */
  readonly runtime: object;
  readonly http: Omit<HttpParts, "tokens">;
  readonly disableOnDisconnect: boolean;
  readonly use: (req: Request, res: Response) => RequestUse;
}

/** What a request needs that uses its client: whose tokens, and who waits in the queue. */
export interface RequestUse {
  readonly connection: Connection;
  readonly asker: Asker;
  readonly onDone: ((done: Done) => void) | null;
}

/** `req.aircall`: the client of the company this request works with, and what can be done about that connection. */
export class RequestAircall extends AircallClient {
  readonly #req: Request;
  readonly #res: Response;
  readonly #parts: RequestAircallParts;
  #known: RequestUse | null = null;

  /** @internal Nothing is made until it is used: most requests never do. */
  constructor(req: Request, res: Response, parts: RequestAircallParts) {
    super(() => this.#api());
    this.#req = req;
    this.#res = res;
    this.#parts = parts;
  }

  /**
   * The connected company; null when none is, or when its permission has ended. It is read from what signing in stored
   * and sends nothing to Aircall. With an API key, or a token obtained elsewhere, Aircall is asked, once.
   * @throws {StoreError} when the grant store does not answer.
   */
  account(): Promise<Account | null> {
    return this.#used().connection.account();
  }

  /** Every company this session has connected, the current one first; those whose permission has ended are left out. */
  accounts(): Promise<Account[]> {
    return this.#used().connection.accounts();
  }

  /**
   * Ends the current company's connection: once it resolves, no request of this session reaches Aircall with it, not
   * even one already under way that has yet to ask for its token. Resolves too when nothing is connected. With
   * `hold: "company"` the session only lets go of the grant, which others go on using.
   * @throws {ConfigError} with an API key, which is the app's own, or where `company` says whose grant is used.
   */
  async disconnect(): Promise<void> {
    if (this.#parts.disableOnDisconnect) await RequestAircall.disableIntegrations(this, [await this.account()]);
    return this.#used().connection.disconnect();
  }

  /**
   * A client for another company that this session has connected: Aircall's id, also as a text or a bigint, or `{ ref }`. Its requests
   * reject with a NotConnectedError if it is not, and with a ConfigError where that is no id.
   */
  as(company: CompanyLike): AircallClient {
    const { http } = this.#parts;
    const { connection, ...use } = this.#used();
    return new AircallClient(() => createApi({ ...http, ...use, tokens: connection.tokensOf(company) }));
  }

  #used(): RequestUse {
    return (this.#known ??= this.#parts.use(this.#req, this.#res));
  }

  #api(): Api {
    const { connection, ...use } = this.#used();
    return createApi({ ...this.#parts.http, ...use, tokens: connection.tokens });
  }

  /** @internal */
  get [runtimeKey](): object {
    return this.#parts.runtime;
  }

  /** Resolves when a company is connected, as far as is known without asking Aircall. */
  static requireConnected(aircall: RequestAircall): Promise<void> {
    return aircall.#used().connection.require();
  }

  /** The grants that end with this visitor's session. */
  static held(aircall: RequestAircall): Promise<Grant[]> {
    return aircall.#used().connection.held();
  }

  /** Tells Aircall that companies leave. They do in any case, so its answer is not waited for long, nor minded. */
  static async disableIntegrations(aircall: RequestAircall, accounts: readonly (Account | null)[]): Promise<void> {
    const known = accounts.flatMap((account) => (account?.id == null ? [] : [aircall.as(account.id)]));
    await Promise.all(known.map(disableIntegration));
  }
}

/** Tells Aircall that a company leaves. It does in any case. */
export async function disableIntegration(company: AircallClient): Promise<void> {
  await company.integrations.disable({ timeoutMs: 5_000, maxRetries: 0 }).catch(() => undefined);
}
