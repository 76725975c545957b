import { AircallClient } from "../client";
import type { Account } from "../grants/grant";
import { createHttp, type HttpParts } from "../http/http";
import type { Connection } from "./connection";

/** `req.aircall`: the client of the company this request works with, and what can be done about that connection. */
export class RequestAircall extends AircallClient {
  readonly #connection: Connection;
  readonly #parts: Omit<HttpParts, "tokens">;

  constructor(connection: Connection, parts: Omit<HttpParts, "tokens">) {
    super(() => createHttp({ ...parts, tokens: connection.tokens }));
    this.#connection = connection;
    this.#parts = parts;
  }

  /**
   * The connected company; null when none is, or when its permission has ended. With OAuth this is read from what
   * signing in stored and sends nothing to Aircall; with an API key it is asked once.
   * @throws {StoreError} when the grant store does not answer.
   */
  account(): Promise<Account | null> {
    return this.#connection.account();
  }

  /**
   * Ends the current company's connection: once it resolves, no request of this session reaches Aircall with it, not
   * even one already under way that has yet to ask for its token. Resolves too when nothing is connected.
   * @throws {ConfigError} with an API key, which is the app's own.
   */
  disconnect(): Promise<void> {
    return this.#connection.disconnect();
  }

  /** A client for another company that this session has connected. Its requests reject with a NotConnectedError if not. */
  as(companyId: number): AircallClient {
    return new AircallClient(() => createHttp({ ...this.#parts, tokens: this.#connection.tokensOf(companyId) }));
  }

  /** Resolves when a company is connected, as far as is known without asking Aircall. */
  static requireConnected(aircall: RequestAircall): Promise<void> {
    return aircall.#connection.require();
  }
}
