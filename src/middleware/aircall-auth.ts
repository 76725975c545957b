import type { NextFunction, Request, RequestHandler, Response } from "express";
import { canSignIn, readConfig, type Config, type SettingsOptions, type SignInConfig } from "../config/config";
import { createConnections } from "../connections/connections";
import type { RequestAircall } from "../connections/request-aircall";
import { ConfigError } from "../errors";
import type { GrantStore } from "../grants/store";
import { createTransport } from "../http/transport";
import { noSession } from "../sign-in/doctor";
import { grantsFor, leaveRuntime, type Runtime } from "../sign-in/runtime";
import { createSignIn } from "../sign-in/sign-in";
import { readVerify, type Verify } from "../sign-in/verify";
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

export interface AircallAuthOptions extends SettingsOptions {
  /** Where grants are kept. Default: beside the sessions, in the app's own session store. */
  grants?: GrantStore | undefined;
  /** With GETANDREFRESH: decides whether a company may connect. Default: every company may. */
  verify?: Verify | undefined;
}

/** The middleware, and what outlives its requests. */
export interface AircallAuth extends RequestHandler {
  /** Waits for renewals under way and closes the connections to Aircall. Call it when the server has closed. */
  close(): Promise<void>;
}

/**
 * Puts an authenticated Aircall client on `req.aircall`: `app.use(aircallAuth())`, after `express-session` when
 * companies connect with OAuth. Settings come from the options, a connection string or the environment. With
 * `InitiateOAuth=GETANDREFRESH` it also serves the routes that sign people in and out.
 * @throws {ConfigError} at once, when a setting is missing or impossible.
 */
export function aircallAuth(options: AircallAuthOptions = {}): AircallAuth {
  const { grants = null, verify, ...settings } = options;
  const config = readConfig(settings, { door: "middleware", otherOptions: ["grants", "verify"] });
  const transport = createTransport(config.fetch);
  const connections = createConnections({ config, transport, grantsFor });
  const signInConfig = signsIn(config) ? config : null;
  if (!signInConfig && (verify || (config.scheme === "OAuth" && config.companies))) throw new ConfigError(nobodyAsks);

  const routes =
    signInConfig && createSignInRoutes(signInConfig, createSignIn(signInConfig, readVerify(verify), transport));
  const runtimeAt = createRuntimes(grants, signInConfig);
  const needsSession = config.scheme === "OAuth" && !config.staticTokens;
  let sessionSeen = !needsSession;

  function aircall(req: Request, res: Response, next: NextFunction): void {
    sessionSeen ||= "session" in req && req.session !== undefined;
    if (!sessionSeen) return next(new ConfigError(noSession));
    const runtime = runtimeAt(req.baseUrl);
    leaveRuntime(req, runtime);
    req.aircall = connections.of(req, runtime.signInPath);
    const route = routes?.(req);
    if (!route) return next();
    route(req, res, runtime).catch(next);
  }

  async function close(): Promise<void> {
    await connections.close();
    await transport.close();
  }

  return Object.assign(aircall, { close });
}

const nobodyAsks =
  "`verify` and `companies` are asked by the sign-in routes of InitiateOAuth=GETANDREFRESH. " +
  "Where Passport signs people in, give them to AircallStrategy.";

function signsIn(config: Config): config is SignInConfig {
  return canSignIn(config) && config.initiateOAuth === "GETANDREFRESH";
}

/** What is left on a request depends only on where the middleware is mounted, so requests share it. */
function createRuntimes(grants: GrantStore | null, config: SignInConfig | null): (baseUrl: string) => Runtime {
  const strippedPrefix = config ? prefixBefore(config) : "";
  const known = new Map<string, Runtime>();

  return function runtimeAt(baseUrl) {
    const made = known.get(baseUrl);
    if (made) return made;
    const signInPath = config ? strippedPrefix + baseUrl + config.signInPath : null;
    const runtime = { grants, signInPath, strippedPrefix };
    // A mount path with parameters has as many base URLs as visitors care to type.
    if (known.size < 100) known.set(baseUrl, runtime);
    return runtime;
  };
}

/** What a proxy takes off the public path before this process sees it. */
function prefixBefore({ callbackUrl, callbackPath }: SignInConfig): string {
  const publicPath = new URL(callbackUrl).pathname;
  return callbackPath && publicPath.endsWith(callbackPath) ? publicPath.slice(0, -callbackPath.length) : "";
}
