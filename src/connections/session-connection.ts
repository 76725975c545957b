import type { Request } from "express";
import { lookedUp } from "../client/tokens";
import { ConfigError, NotConnectedError } from "../errors";
import { tell } from "../events";
import type { Account } from "../grants/grant";
import type { GrantTokens } from "../grants/grant-tokens";
import { heldGrants, letGo } from "../grants/held";
import type { Holding } from "../grants/holding";
import { noSession } from "../grants/no-session";
import type { TokenSource } from "../http/http";
import { companyNotConnected, livingAccount, requireLiving, type Connection } from "./connection";
import type { Keeping } from "./keeping";

export interface SessionConnectionParts {
  readonly keepingFor: (req: Request) => Keeping;
  readonly holding: Holding;
  /** Whose grants in the session these are; null for an app that has no client id, and takes any. */
  readonly app: string | null;
}

/** The companies that this request's session has connected. */
export class SessionConnection implements Connection {
  readonly #req: Request;
  readonly #signInPath: string | null;
  readonly #parts: SessionConnectionParts;
  #known: Map<string, GrantTokens> | undefined;

  constructor(req: Request, signInPath: string | null, parts: SessionConnectionParts) {
    this.#req = req;
    this.#signInPath = signInPath;
    this.#parts = parts;
  }

  get tokens(): TokenSource {
    return lookedUp(() => {
      const tokens = this.#current();
      return tokens ? Promise.resolve(tokens) : Promise.reject(new NotConnectedError(this.#signInPath));
    });
  }

  tokensOf(companyId: number): TokenSource {
    return lookedUp(async () => {
      for (const id of this.#ids()) {
        const tokens = this.#tokensWith(id);
        if ((await tokens.grant())?.account.id === companyId) return tokens;
      }
      throw companyNotConnected(await this.accounts(), this.#signInPath);
    });
  }

  async account(): Promise<Account | null> {
    return livingAccount(await this.#current()?.grant());
  }

  async accounts(): Promise<Account[]> {
    const grants = await Promise.all(this.#ids().map((id) => this.#tokensWith(id).grant()));
    return grants.map(livingAccount).filter((account) => account !== null);
  }

  async require(): Promise<void> {
    requireLiving(await this.#current()?.grant(), this.#signInPath);
  }

  /** A record of the session's own ends first: whatever is in flight finds nothing from then on. */
  async disconnect(): Promise<void> {
    const [id] = this.#ids();
    if (id === undefined) return;
    await this.#parts.holding.release(this.#keeping().store, [id]);
    this.#known?.delete(id);
    letGo(this.#session(), id);
    tell("express-aircall:disconnection", { by: "disconnect", grants: 1 });
  }

  #current(): GrantTokens | undefined {
    const [id] = this.#ids();
    return id === undefined ? undefined : this.#tokensWith(id);
  }

  #tokensWith(id: string): GrantTokens {
    this.#known ??= new Map();
    const tokens = this.#known.get(id) ?? this.#keeping().tokensOf(id, this.#signInPath);
    this.#known.set(id, tokens);
    return tokens;
  }

  #keeping(): Keeping {
    return this.#parts.keepingFor(this.#req);
  }

  #ids(): readonly string[] {
    return heldGrants(this.#session(), this.#parts.app);
  }

  #session(): object {
    const { session } = this.#req as Request & { session?: object };
    if (!session) throw new ConfigError(noSession);
    return session;
  }
}
