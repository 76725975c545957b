import type { Request, Response } from "express";
import type { CompanyLike } from "../config/company-id";
import type { Account, Grant } from "../grants/grant";
import type { TokenSource } from "../http/credential";
import { onStoreTimeOf } from "../time/store-time";
import type { Connection } from "./connection";

/**
 * A request's connection, whose calls to stores share the request's allowance. It is entered where a store is asked and
 * not around the whole request: following an asynchronous context costs an application more than all else we do.
 */
export class TimedConnection implements Connection {
  readonly #connection: Connection;
  readonly #req: Request;
  readonly #res: Response;

  constructor(connection: Connection, req: Request, res: Response) {
    this.#connection = connection;
    this.#req = req;
    this.#res = res;
  }

  get tokens(): TokenSource {
    return this.#timedTokens(this.#connection.tokens);
  }

  tokensOf(company: CompanyLike): TokenSource {
    return this.#timedTokens(this.#connection.tokensOf(company));
  }

  account(): Promise<Account | null> {
    return this.#timed(() => this.#connection.account());
  }

  accounts(): Promise<Account[]> {
    return this.#timed(() => this.#connection.accounts());
  }

  require(): Promise<void> {
    return this.#timed(() => this.#connection.require());
  }

  disconnect(): Promise<void> {
    return this.#timed(() => this.#connection.disconnect());
  }

  held(): Promise<Grant[]> {
    return this.#timed(() => this.#connection.held());
  }

  #timed<T>(work: () => T): T {
    return onStoreTimeOf(this.#req, Object(this.#res) as Response, work);
  }

  #timedTokens(tokens: TokenSource): TokenSource {
    return {
      budget: tokens.budget,
      owner: () => this.#timed(() => tokens.owner()),
      credential: (deadline) => this.#timed(() => tokens.credential(deadline)),
      refused: (credential, status, deadline, request) =>
        this.#timed(() => tokens.refused(credential, status, deadline, request)),
    };
  }
}
