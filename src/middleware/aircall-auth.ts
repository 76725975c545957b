import type { NextFunction, Request, RequestHandler, Response } from "express";
import { createBudgets } from "../budget/budget";
import { AircallClient } from "../client/client";
import { requireCompanyId, type CompanyId } from "../config/company-id";
import { canSignIn, readConfig, type Config, type SettingsOptions, type SignInConfig } from "../config/config";
import { ownOptions } from "../config/own-options";
import { createConnections } from "../connections/connections";
import { disableIntegration, RequestAircall } from "../connections/request-aircall";
import { ConfigError } from "../errors/errors";
import { tell } from "../diagnostics";
import { watchConnection } from "../session/disconnection";
import { appKey } from "../grants/session-grants";
import type { GrantStore } from "../grants/store";
import { onStoreTimeOf } from "../time/store-time";
import { createAlone } from "../http/alone";
import { createApi } from "../client/api";
import { createDedupe } from "../http/dedupe";
import { createTransport } from "../http/transport/choose";
import type { Asker } from "../http/limiter";
import { repeatable } from "../resources/repeatable";
import { createLoopGuard } from "../sign-in/loop-guard";
import { announceKeeping, grantsFor } from "../sign-in/runtime";
import { sessionStoreOf } from "../sign-in/session-apps";
import { createSignIn, keepPrivate } from "../sign-in/sign-in";
import { createVisits } from "../sign-in/visits";
import { readVerify, type Verify } from "../sign-in/verify/verify";
import { isOfExpress } from "./express-request";
import { grantOptionNames, readGrantOptions, type GrantOptions } from "./grant-options";
import { refuseRequest } from "../config/refuse-request";
import { createRuntimes } from "./runtimes";
import { createSharedCount } from "./shared-count";
import { createSignInRoutes } from "./sign-in-routes";

declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- how Express lets others add to its requests
  namespace Express {
    interface Request {
      /** The Aircall client of this request. Set by `aircallAuth()`. */
      aircall: RequestAircall;
    }
  }
}

export interface AircallAuthOptions extends SettingsOptions, GrantOptions {
  /** With GETANDREFRESH: decides whether a company may connect. Default: every company may. */
  verify?: Verify | undefined;
}

/** The middleware, and what outlives its requests. */
export interface AircallAuth extends RequestHandler {
  /**
   * The client of a connected company, for jobs without a request; renewed like any other. With an API key it is the
   * app's own company, whatever the id. Its requests reject with a NotConnectedError when the company is not connected.
   * @throws {ConfigError} when no request has shown yet which store the grants are in: then give `grants`.
   */
  readonly clientFor: (companyId: CompanyId) => AircallClient;
  /** Ends every grant that a company gave to this app, and only these. Answers how many there were. */
  readonly disconnectCompany: (companyId: CompanyId) => Promise<number>;
  /** Waits for renewals and writes under way, then closes the connections to Aircall. Call it when the server has closed. */
  readonly close: () => Promise<void>;
}

/**
 * Puts an authenticated Aircall client on `req.aircall`: `app.use(aircallAuth())`, after `express-session` when
 * companies connect with OAuth. Settings come from the options, a connection string or the environment. With
 * `InitiateOAuth=GETANDREFRESH` it also serves the routes that sign people in and out.
 * @throws {ConfigError} at once, when a setting is missing or impossible.
 */
export function aircallAuth(options: AircallAuthOptions = {}): AircallAuth {
  refuseRequest(options, "aircallAuth");
  const own = ownOptions(options, "aircallAuth()");
  const { grants, hold, company, encryptionKeys, acceptUnsealed, disableOnDisconnect, verify, ...settings } = own;
  const config = readConfig(settings, { door: "middleware", otherOptions: [...grantOptionNames, "verify"] });
  const given = { grants, hold, company, encryptionKeys, acceptUnsealed, disableOnDisconnect };
  const keeping = readGrantOptions(given, config);
  const app = config.scheme === "OAuth" && config.client ? appKey(config.client.id) : null;
  const transport = createTransport(config.fetch, config.dispatcher);
  const { apiUrl, timeoutMs, readOnly } = config;
  const sharedCount = createSharedCount(keeping.grants);
  const budgets = createBudgets({ counter: () => sharedCount.counter() });
  const alone = createAlone(sharedCount.exclusive);
  const http = { apiUrl, timeoutMs, readOnly, repeatable, transport, dedupe: createDedupe(), limiter: budgets, alone };
  const storeOf = (req: Request) => grantsFor(req, keeping);
  const connections = createConnections({ config, http, grantsFor: storeOf, ...keeping });
  const signInConfig = signsIn(config) ? config : null;
  if (!signInConfig && (verify !== undefined || (config.scheme === "OAuth" && config.companies)))
    throw new ConfigError(nobodyAsks);
  if (signInConfig?.staticTokens) throw new ConfigError(nobodySignsIn);

  const disableOnRelease = keeping.disableOnDisconnect && keeping.holding.hold === "session";

  const routes =
    signInConfig &&
    createSignInRoutes(signInConfig, createSignIn(signInConfig, readVerify(verify), transport), {
      disableOnDisconnect: disableOnRelease,
    });
  const runtimeAt = createRuntimes({ ...keeping, app }, signInConfig);
  const loopGuard = canSignIn(config) ? createLoopGuard(config) : null;
  const needsSession = config.scheme === "OAuth" && !config.staticTokens;
  let store = keeping.grants;
  const grantsOf = (req: Request) => ({ grants: storeOf(req), hold: keeping.holding.hold });
  const visit = needsSession && app !== null ? createVisits({ app, grantsOf }) : null;
  const withdrawKeeping = visit && announceKeeping(app!, keeping);

  function aircall(req: Request, res: Response, next: NextFunction): void {
    const ofExpress = isOfExpress(req, res);
    const route = ofExpress ? routes?.(req) : undefined;
    if (route) keepPrivate(res);
    const runtime = runtimeAt(req.baseUrl ?? "");
    const parts = { http, runtime, asker: askerOf(req), disableOnDisconnect: disableOnRelease };
    req.aircall = new RequestAircall(connections.ofRequest(req, runtime.signInPath), parts);
    const sessionStore = sessionStoreOf(req);
    if (sessionStore) watchConnection(sessionStore);
    try {
      store ??= needsSession && hasSession(req) ? storeOf(req) : null;
      visit?.(req, res);
    } catch (error) {
      return next(error);
    }
    sharedCount.lookIn(req, store);
    if (ofExpress && !route) loopGuard?.noteReturn(req, res);
    const goOn = route ? () => void route(req, res, runtime).catch(next) : next;
    if (needsSession) onStoreTimeOf(req, Object(res) as Response, () => goOn());
    else goOn();
  }

  function knownStore(): GrantStore {
    if (store) return store;
    throw new ConfigError("No request has shown yet where grants are kept: give aircallAuth({ grants }) the store.");
  }

  function clientFor(companyId: CompanyId): AircallClient {
    if (needsSession) knownStore();
    const { tokens } = connections.ofCompany(companyId, knownStore);
    return new AircallClient(() => createApi({ ...http, tokens }));
  }

  async function disconnectCompany(company: CompanyId): Promise<number> {
    const companyId = requireCompanyId(company, "disconnectCompany(companyId)");
    const ids = await knownStore().idsOf(app, companyId);
    if (keeping.disableOnDisconnect && ids.length > 0) await disableIntegration(clientFor(companyId));
    await Promise.all(ids.map((id) => knownStore().delete(id)));
    tell("express-aircall:disconnection", { by: "disconnectCompany", grants: ids.length });
    return ids.length;
  }

  async function close(): Promise<void> {
    withdrawKeeping?.();
    await connections.close();
    budgets.close();
    await transport.close();
  }

  return Object.assign(aircall, { clientFor, disconnectCompany, close });
}

const nobodyAsks =
  "`verify` and `companies` are asked by the sign-in routes of InitiateOAuth=GETANDREFRESH. " +
  "Where Passport signs people in, give them to AircallStrategy.";

const nobodySignsIn =
  "OAuthAccessToken is one company's token for all visitors, and InitiateOAuth=GETANDREFRESH lets each connect their " +
  "own. Remove one of them.";

/** A page outside the session may do without: who uses `req.aircall` there is told what is missing. */
function hasSession(req: Request): boolean {
  return Boolean((req as { session?: unknown }).session);
}

/** A visitor's requests together are one that waits among others; each of those without a session stands for itself. */
function askerOf(req: Request): Asker {
  const { sessionID } = req as { sessionID?: unknown };
  return { session: typeof sessionID === "string" ? sessionID : null };
}

function signsIn(config: Config): config is SignInConfig {
  return canSignIn(config) && config.initiateOAuth === "GETANDREFRESH";
}
