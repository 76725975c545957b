import type { NextFunction, Request, RequestHandler, Response } from "express";
import { createBudgets } from "../budget/budget";
import { AircallClient } from "../client";
import { canSignIn, readConfig, type Config, type SettingsOptions, type SignInConfig } from "../config/config";
import { ownOptions } from "../config/own-options";
import { createConnections } from "../connections/connections";
import { RequestAircall } from "../connections/request-aircall";
import { ConfigError } from "../errors";
import { tell } from "../events";
import type { GrantStore } from "../grants/store";
import { onStoreTimeOf } from "../grants/store-time";
import { createHttp } from "../http/http";
import { createSharing } from "../http/sharing";
import { createTransport } from "../http/transport";
import { repeatable } from "../resources/repeatable";
import { grantsFor } from "../sign-in/runtime";
import { createSignIn, keepPrivate } from "../sign-in/sign-in";
import { readVerify, type Verify } from "../sign-in/verify";
import { isOfExpress } from "./express-request";
import { grantOptionNames, readGrantOptions, type GrantOptions } from "./grant-options";
import { refuseRequest } from "./options";
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
  readonly clientFor: (companyId: number) => AircallClient;
  /** Ends every grant of a company, and only of that one. Answers how many there were. */
  readonly disconnectCompany: (companyId: number) => Promise<number>;
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
  const { grants, hold, company, encryptionKeys, disableOnDisconnect, verify, ...settings } = ownOptions(
    options,
    "aircallAuth",
  );
  const config = readConfig(settings, { door: "middleware", otherOptions: [...grantOptionNames, "verify"] });
  const keeping = readGrantOptions({ grants, hold, company, encryptionKeys, disableOnDisconnect }, config);
  const transport = createTransport(config.fetch);
  const { apiUrl, timeoutMs, readOnly } = config;
  const sharedCount = createSharedCount(keeping.grants);
  const budgets = createBudgets({ counter: () => sharedCount.counter() });
  const http = { apiUrl, timeoutMs, readOnly, repeatable, transport, sharing: createSharing(), turns: budgets };
  const connections = createConnections({ config, http, grantsFor, ...keeping });
  const signInConfig = signsIn(config) ? config : null;
  if (!signInConfig && (verify !== undefined || (config.scheme === "OAuth" && config.companies)))
    throw new ConfigError(nobodyAsks);
  if (signInConfig?.staticTokens) throw new ConfigError(nobodySignsIn);

  const routes =
    signInConfig &&
    createSignInRoutes(signInConfig, createSignIn(signInConfig, readVerify(verify), transport), keeping);
  const runtimeAt = createRuntimes(keeping, signInConfig);
  const needsSession = config.scheme === "OAuth" && !config.staticTokens;
  let store = keeping.grants;

  function aircall(req: Request, res: Response, next: NextFunction): void {
    const ofExpress = isOfExpress(req, res);
    const route = ofExpress ? routes?.(req) : undefined;
    if (route) keepPrivate(res);
    const runtime = runtimeAt(req.baseUrl ?? "");
    const parts = { http, runtime, disableOnDisconnect: keeping.disableOnDisconnect };
    req.aircall = new RequestAircall(connections.ofRequest(req, runtime.signInPath), parts);
    try {
      store ??= needsSession && hasSession(req) ? grantsFor(req) : null;
    } catch (error) {
      return next(error);
    }
    sharedCount.lookIn(req, store);
    const goOn = route ? () => void route(req, res, runtime).catch(next) : next;
    if (needsSession) onStoreTimeOf(req, res, () => goOn());
    else goOn();
  }

  function knownStore(): GrantStore {
    if (store) return store;
    throw new ConfigError("No request has shown yet where grants are kept: give aircallAuth({ grants }) the store.");
  }

  function clientFor(companyId: number): AircallClient {
    if (needsSession) knownStore();
    const { tokens } = connections.ofCompany(companyId, knownStore);
    return new AircallClient(() => createHttp({ ...http, tokens }));
  }

  async function disconnectCompany(companyId: number): Promise<number> {
    const ids = await knownStore().idsOf(companyId);
    await Promise.all(ids.map((id) => knownStore().delete(id)));
    tell("express-aircall:disconnection", { by: "disconnectCompany", grants: ids.length });
    return ids.length;
  }

  async function close(): Promise<void> {
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

function signsIn(config: Config): config is SignInConfig {
  return canSignIn(config) && config.initiateOAuth === "GETANDREFRESH";
}
