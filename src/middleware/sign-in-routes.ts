import type { Request, Response } from "express";
import type { SignInConfig } from "../config/config";
import { RequestAircall } from "../connections/request-aircall";
import { actOn, type Audit } from "../companies/audit";
import { ConfigError, NotConnectedError } from "../errors/errors";
import { absentSession } from "../session/absent";
import { endSession } from "../sign-in/end-session";
import { createLoopGuard } from "../sign-in/loop-guard";
import { parameterOf, pathKeyOf, targetOf, type PathKey } from "../sign-in/request-target";
import { safeReturnTo } from "../sign-in/return-to";
import type { Runtime } from "../sign-in/runtime";
import type { SignIn } from "../sign-in/sign-in";
import { isNavigation } from "./navigation";
import { isSameOrigin } from "./same-origin";

type Route = (req: Request, res: Response, runtime: Runtime) => Promise<void>;

/**
 * The routes of GETANDREFRESH: `/auth/aircall`, `/auth/aircall/install` and `/auth/aircall/logout` below where the
 * middleware is mounted, and the callback's own path. Answers which one a request is for, if any.
 */
export function createSignInRoutes(
  config: SignInConfig,
  signIn: SignIn,
  { disableOnDisconnect, audit }: { disableOnDisconnect: boolean; audit: Audit },
): (req: Request) => Route | undefined {
  const { origin } = new URL(config.callbackUrl);
  const loopGuard = createLoopGuard(config);
  const { signInPath, callbackPath } = config;
  const routes: [path: string, route: Route][] = [
    [signInPath, (...args) => begin(...args, { install: false })],
    [`${signInPath}/install`, (...args) => begin(...args, { install: true })],
    [`${signInPath}/logout`, logOut],
  ];

  async function begin(req: Request, res: Response, runtime: Runtime, wish: { install: boolean }): Promise<void> {
    if (!isNavigation(req)) throw new NotConnectedError(runtime.signInPath);
    const keyOf = pathKeyOf(req);
    const mount = `${keyOf(req.baseUrl)}/`;
    if (!`${keyOf(callbackPath!)}/`.startsWith(mount)) throw new ConfigError(unreachableCallback(config, req));
    const returnTo = safeReturnTo(parameterOf(req, "return_to"), origin);
    res.redirect(await signIn.begin(req, res, { returnTo, add: parameterOf(req, "add") === "1", ...wish }));
  }

  async function finish(req: Request, res: Response, { homePath }: Runtime): Promise<void> {
    if (req.method !== "GET") return void res.set("Allow", "GET").status(405).send("Aircall answers with a GET.");
    const { attempt } = await signIn.finish(req, res, { add: false });
    res.redirect(attempt.install ? successPage(config) : (attempt.returnTo ?? origin + homePath));
  }

  async function logOut(req: Request, res: Response, { homePath }: Runtime): Promise<void> {
    if (req.method !== "POST") return void res.set("Allow", "POST").status(405).send("Signing out takes a POST.");
    if (!isSameOrigin(req, origin))
      return void res
        .status(403)
        .send("Signing out takes a form of this site, sent with its origin (Referrer-Policy: same-origin).");
    if (!("sessionStore" in req)) throw absentSession();
    if (disableOnDisconnect) await RequestAircall.disableIntegrations(req.aircall, await req.aircall.accounts());
    const told = audit.on ? await toTell(req, audit) : null;
    await endSession(req);
    told?.();
    loopGuard.forget(res);
    res.redirect(303, safeReturnTo(parameterOf(req, "return_to"), origin) ?? origin + homePath);
  }

  const tables = new Map<PathKey, Map<string, Route>>();

  /** Apps that compare paths in one way share one. */
  function tableFor(keyOf: PathKey): Map<string, Route> {
    const table = tables.get(keyOf) ?? new Map(routes.map(([path, route]) => [keyOf(path), route]));
    tables.set(keyOf, table);
    return table;
  }

  return function routeOf(req) {
    const keyOf = pathKeyOf(req);
    const found = tableFor(keyOf).get(keyOf(req.path));
    if (found) return found;
    return keyOf(targetOf(req.originalUrl).path) === keyOf(callbackPath!) ? finish : undefined;
  };
}

/** Who leaves, and which companies end with their session: nobody can tell afterwards. */
async function toTell(req: Request, audit: Audit): Promise<() => void> {
  const tell = audit.by(req);
  const grants = await RequestAircall.held(req.aircall).catch(() => [null]);
  return () => grants.forEach((grant) => tell(actOn("disconnect", grant)));
}

/** Aircall's own last page, beside its consent page: there the administrator picks numbers. */
function successPage({ authorizeUrl }: SignInConfig): string {
  return new URL("success", authorizeUrl).href;
}

function unreachableCallback({ callbackPath }: SignInConfig, req: Request): string {
  return (
    `The callback path ${callbackPath} is not below ${req.baseUrl}, where aircallAuth() is mounted, so it would never ` +
    "see the answer. Change CallbackURL, or mount aircallAuth() at the root."
  );
}
