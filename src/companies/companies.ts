import type { Request } from "express";
import { AircallClient } from "../client/client";
import { createApi } from "../client/api";
import { requireCompanyName, type CompanyLike } from "../config/company-id";
import { knownOptions } from "../config/own-options";
import type { Connections } from "../connections/connections";
import { disableIntegration } from "../connections/request-aircall";
import { tell } from "../diagnostics";
import { ConfigError } from "../errors/errors";
import type { GrantStore } from "../grants/store";
import type { HttpParts } from "../http/parts";
import { actOn, type Audit } from "./audit";
import type { Leaving } from "./leaving";
import { tellActs } from "./audited-requests";
import { listCompanies, type ConnectedCompany } from "./connected-company";
import { forEachCompany, type CompaniesResult, type CompanyWork, type ForEachCompanyOptions } from "./for-each";
import { createKeys, type Keys, type KeysParts } from "./keys";

/** Options of `disconnectCompany()`. */
export interface DisconnectOptions {
  /** The request that asked for it: `onAudit` hears who acted. Default: a job. */
  req?: Request | undefined;
}

/** What can be done about companies without a request of their own. */
export interface Companies extends Keys {
  /**
   * The client of a connected company, for jobs without a request; renewed like any other. By Aircall's id, or by
   * `{ ref }`, the app's own name for it. With the app's one API key it is the app's own company, whatever the id. Its
   * requests reject with a NotConnectedError when the company is not connected.
   * @throws {ConfigError} without `grants`, where companies connect: a job cannot know where they are kept.
   */
  readonly clientFor: (company: CompanyLike) => AircallClient;
  /**
   * Ends every grant that a company gave to this app, and only these. Answers how many there were.
   * @throws {ConfigError} without `grants`. @throws {StoreError} the store failed.
   */
  readonly disconnectCompany: (company: CompanyLike, options?: DisconnectOptions) => Promise<number>;
  /**
   * Every company that is connected to this app, each once, a page at a time, in no order that means anything; those
   * too whose grant is suspended or has ended. One that connects or leaves meanwhile may be among them or not.
   * @throws {ConfigError} without `grants`. @throws {StoreError} the store failed.
   */
  readonly companies: () => AsyncGenerator<ConnectedCompany, void>;
  /**
   * Works on every connected company, `concurrency` at a time; one that fails stops nobody and is named in the result.
   * Several processes share the work where they give the same `run`.
   * @throws {ConfigError} without `grants`, or for an option that is none. @throws {StoreError} the store failed: what
   * was done was told to `onProgress`.
   */
  readonly forEachCompany: (work: CompanyWork, options?: ForEachCompanyOptions) => Promise<CompaniesResult>;
}

export interface CompaniesParts extends Pick<KeysParts, "admit" | "refusal"> {
  /** See {@link appKey}. */
  readonly app: string | null;
  readonly connections: Connections;
  readonly http: Omit<HttpParts, "tokens">;
  /** The store that the app gave; null where it gave none. */
  readonly given: GrantStore | null;
  /** False with an API key of the app's own, or a token obtained elsewhere: then no grant is kept. */
  readonly keepsGrants: boolean;
  readonly disableOnDisconnect: boolean;
  readonly leaving: Pick<Leaving, "tell">;
  readonly audit: Audit;
}

export function createCompanies(parts: CompaniesParts): Companies {
  const { app, connections, http, given, keepsGrants, disableOnDisconnect, audit } = parts;
  const onDone = tellActs(audit, null);

  /** Not what a request has shown: what works must not depend on which came first. */
  function givenStore(method: string): GrantStore {
    if (given && keepsGrants) return given;
    throw new ConfigError(
      keepsGrants ? `${method} needs to know where grants are kept: ${line}` : nobodyConnects(method),
    );
  }

  function clientFor(company: CompanyLike): AircallClient {
    const store = keepsGrants ? givenStore("clientFor()") : null;
    const { tokens } = connections.ofCompany(company, () => store ?? givenStore("clientFor()"));
    return new AircallClient(() => createApi({ ...http, tokens, onDone }));
  }

  async function disconnectCompany(company: CompanyLike, options: DisconnectOptions = {}): Promise<number> {
    const { req = null } = knownOptions(options, "disconnectCompany()", ["req"]);
    const name = requireCompanyName(company, "disconnectCompany(company)");
    const store = givenStore("disconnectCompany()");
    const ids = await store.idsOf(app, name);
    if (ids.length > 0) await parts.leaving.tell(name);
    if (disableOnDisconnect && ids.length > 0) await disableIntegration(clientFor(name));
    const [id] = ids;
    const former = audit.on && id !== undefined ? await store.get(id).catch(() => null) : null;
    await Promise.all(ids.map((id) => store.delete(id)));
    tell("express-aircall:disconnection", { by: "disconnectCompany", grants: ids.length });
    if (ids.length > 0) audit(actOn("disconnect", former, typeof name === "number" ? name : null), req);
    return ids.length;
  }

  const companies = () => listCompanies(givenStore("companies()"), app);

  return {
    clientFor,
    disconnectCompany,
    companies,
    async forEachCompany(work, options) {
      const store = givenStore("forEachCompany()");
      return forEachCompany({ app, store, companies: companies(), clientFor }, work, options);
    },
    ...createKeys({ ...parts, knownStore: () => givenStore("connectKey()") }),
  };
}

const line =
  "aircallAuth({ grants: redisGrants(client), … }), postgresGrants(pool), fileGrants(path), or sessionGrants(store) beside " +
  "the sessions.";

function nobodyConnects(method: string): string {
  return `${method} is for companies that connect, but an API key, or a token obtained elsewhere, is one company's.`;
}
