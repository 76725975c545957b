import type { Request } from "express";
import { ConfigError, NotConnectedError, ReconnectRequiredError } from "../errors";
import type { Account } from "../grants/grant";
import { createGrantTokens, type GrantTokens } from "../grants/grant-tokens";
import { heldGrants, holdGrants } from "../grants/held";
import type { Renewals } from "../grants/renew";
import type { GrantStore } from "../grants/store";
import type { TokenSource } from "../http/http";
import { lookedUp, type Connection } from "./connection";

/** Where a request's grants are, and what keeps them working. */
export interface GrantKeeping {
  readonly store: GrantStore;
  readonly renewals: Renewals;
}

/** The companies that this request's session has connected. */
export class SessionConnection implements Connection {
  readonly #req: Request;
  readonly #signInPath: string | null;
  readonly #keepingFor: (req: Request) => GrantKeeping;
  #known: Map<string, GrantTokens> | undefined;

  constructor(req: Request, signInPath: string | null, keepingFor: (req: Request) => GrantKeeping) {
    this.#req = req;
    this.#signInPath = signInPath;
    this.#keepingFor = keepingFor;
  }

  get tokens(): TokenSource {
    return lookedUp(() => Promise.resolve(this.#current()));
  }

  tokensOf(companyId: number): TokenSource {
    return lookedUp(async () => {
      for (const id of this.#ids()) {
        const tokens = this.#tokensOf(id);
        if ((await tokens.grant())?.account.id === companyId) return tokens;
      }
      throw new NotConnectedError(this.#signInPath);
    });
  }

  async account(): Promise<Account | null> {
    const [id] = this.#ids();
    const grant = id === undefined ? null : await this.#tokensOf(id).grant();
    return grant?.ended === null ? grant.account : null;
  }

  async require(): Promise<void> {
    const grant = await this.#current().grant();
    if (!grant) throw new NotConnectedError(this.#signInPath);
    if (grant.ended) throw new ReconnectRequiredError(this.#signInPath);
  }

  /** The record ends first: whatever is in flight finds nothing from then on. */
  async disconnect(): Promise<void> {
    const [id, ...others] = this.#ids();
    if (id === undefined) return;
    await this.#keepingFor(this.#req).store.delete(id);
    this.#known?.delete(id);
    holdGrants(this.#session(), others);
  }

  #current(): GrantTokens {
    const [id] = this.#ids();
    if (id === undefined) throw new NotConnectedError(this.#signInPath);
    return this.#tokensOf(id);
  }

  #tokensOf(id: string): GrantTokens {
    this.#known ??= new Map();
    const known = this.#known.get(id);
    if (known) return known;
    const tokens = createGrantTokens({ ...this.#keepingFor(this.#req), id, signInPath: this.#signInPath });
    this.#known.set(id, tokens);
    return tokens;
  }

  #ids(): readonly string[] {
    return heldGrants(this.#session());
  }

  #session(): object {
    const { session } = this.#req as Request & { session?: object };
    if (!session) throw new ConfigError("There is no session on this request, and so no Aircall connection.");
    return session;
  }
}
