import type { Request } from "express";
import { lookedUp } from "../client/looked-up";
import { companyKey, requireCompanyName, type CompanyLike } from "../config/company-id";
import { NotConnectedError } from "../errors/errors";
import { tell } from "../diagnostics";
import { givenByGrant } from "../grants/encryption";
import type { Account, Grant } from "../grants/grant";
import type { GrantTokens } from "../grants/access";
import { isOfApp, releaseLinks } from "../grants/ownership";
import { absentSession } from "../session/absent";
import { sessionOf, sessionStoreOf } from "../session/session";
import { dropLink, linksOf, type Hold, type SessionLink } from "../grants/session-grants";
import type { TokenSource } from "../http/credential";
import type { RequestStoreTime } from "../time/store-time";
import {
  askedBudget,
  companyNotConnected,
  livingAccount,
  requireLiving,
  type Connection,
  type Disconnected,
} from "./connection";
import type { Keeping } from "./keeping";

export interface SessionConnectionParts {
  readonly keepingFor: (req: Request) => Keeping;
  /** Whose grants are that were kept before a session's links said so. */
  readonly hold: Hold;
  /** Whose grants in the session these are; null for an app that has no client id, and takes any. */
  readonly app: string | null;
  /** Null where nobody asks. */
  readonly disconnected: Disconnected | null;
}

interface SessionAsking {
  readonly signInPath: string | null;
  readonly storeTime: RequestStoreTime;
}

/** The companies that this request's session has connected. */
export class SessionConnection implements Connection {
  readonly #req: Request;
  readonly #signInPath: string | null;
  readonly #storeTime: RequestStoreTime;
  readonly #parts: SessionConnectionParts;
  #known: Map<string, GrantTokens> | undefined;

  constructor(req: Request, { signInPath, storeTime }: SessionAsking, parts: SessionConnectionParts) {
    this.#req = req;
    this.#signInPath = signInPath;
    this.#storeTime = storeTime;
    this.#parts = parts;
  }

  get tokens(): TokenSource {
    return lookedUp(async () => {
      const current = await this.#current();
      if (!current) throw new NotConnectedError(this.#signInPath);
      return current.tokens;
    });
  }

  tokensOf(company: CompanyLike): TokenSource {
    return lookedUp(async () => {
      const named = companyKey(requireCompanyName(company, "as(company)"));
      for (const link of this.#links()) {
        const tokens = this.#tokensBy(link);
        if (givenByGrant(await tokens.grant()).some(({ company }) => company === named)) return tokens;
      }
      throw companyNotConnected(await this.accounts(), this.#signInPath);
    }, askedBudget(company));
  }

  async account(): Promise<Account | null> {
    return livingAccount(await (await this.#current())?.tokens.grant());
  }

  async accounts(): Promise<Account[]> {
    const grants = await Promise.all(this.#links().map((link) => this.#tokensBy(link).grant()));
    return grants.map(livingAccount).filter((account) => account !== null);
  }

  async require(): Promise<void> {
    requireLiving(await (await this.#current())?.tokens.grant(), this.#signInPath);
  }

  /** The link's record ends first: whatever is in flight finds nothing from then on. Only one of several is looked for. */
  disconnect(): Promise<void> {
    return this.#storeTime.throughout(() => this.#disconnect());
  }

  async #disconnect(): Promise<void> {
    const links = this.#links();
    const link = links.length > 1 ? (await this.#current())?.link : links[0];
    if (!link) return;
    const { disconnected } = this.#parts;
    const former =
      disconnected &&
      (await this.#tokensBy(link)
        .grant()
        .catch(() => null));
    const grants = await releaseLinks(this.#keeping().store, [link], this.#parts.hold);
    this.#known?.delete(link.id);
    const session = this.#session();
    if (session) dropLink(session, link.id);
    tell("express-aircall:disconnection", { by: "disconnect", grants });
    if (grants > 0) disconnected?.(this.#req, former);
  }

  async held(): Promise<Grant[]> {
    const own = this.#links().filter(({ hold }) => (hold ?? this.#parts.hold) === "session");
    const grants = await Promise.all(own.map((link) => this.#tokensBy(link).grant()));
    return grants.filter((grant) => grant !== null);
  }

  /** The first whose grant is there: a request in flight may have written back a link that had ended. */
  async #current(): Promise<{ readonly link: SessionLink; readonly tokens: GrantTokens } | null> {
    for (const link of this.#links()) {
      const tokens = this.#tokensBy(link);
      if (await tokens.grant()) return { link, tokens };
    }
    return null;
  }

  #tokensBy(link: SessionLink): GrantTokens {
    this.#known ??= new Map();
    const hold = link.hold ?? this.#parts.hold;
    const known = this.#known.get(link.id);
    if (known) return known;
    const [signInPath, storeTime] = [this.#signInPath, this.#storeTime];
    const read = () => this.#grantBehind(link);
    const tokens = this.#keeping().tokensOf(link.id, { signInPath, storeTime, hold, read });
    this.#known.set(link.id, tokens);
    return tokens;
  }

  /**
   * Null as well where it is another app's, or its id was known before there were links and it was not kept then. A
   * company's was given its app later on.
   */
  async #grantBehind({ id, link, hold: said }: SessionLink): Promise<Grant | null> {
    const hold = said ?? this.#parts.hold;
    const grant = await this.#keeping().store.get(id, link ?? undefined);
    const former = link === null && hold === "session" && grant?.app !== null;
    return !former && isOfApp(grant, this.#parts.app, hold) ? grant : null;
  }

  #keeping(): Keeping {
    return this.#parts.keepingFor(this.#req);
  }

  #links(): readonly SessionLink[] {
    return linksOf(this.#session(), this.#parts.app);
  }

  /** Null once it was destroyed: it holds nothing any more. */
  #session(): object | null {
    const session = sessionOf(this.#req);
    if (!session && !sessionStoreOf(this.#req)) throw absentSession();
    return session;
  }
}
