import type { Request, Response } from "express";
import type { SignInConfig } from "../config/config";
import { RequestAircall } from "../connections/request-aircall";
import { ConfigError, NotConnectedError } from "../errors";
import { endSession } from "../sign-in/end-session";
import { safeReturnTo } from "../sign-in/return-to";
import type { Runtime } from "../sign-in/runtime";
import type { SignIn } from "../sign-in/sign-in";
import { isNavigation } from "./navigation";

type Route = (req: Request, res: Response, runtime: Runtime) => Promise<void>;

/**
 * The routes of GETANDREFRESH: `/auth/aircall`, `/auth/aircall/install` and `/auth/aircall/logout` below where the
 * middleware is mounted, and the callback's own path. Answers which one a request is for, if any.
 */
export function createSignInRoutes(
  config: SignInConfig,
  signIn: SignIn,
  { disableOnDisconnect }: { disableOnDisconnect: boolean },
): (req: Request) => Route | undefined {
  const { origin } = new URL(config.callbackUrl);
  const routes = new Map<string, Route>([
    [config.signInPath, begin],
    [`${config.signInPath}/install`, begin],
    [`${config.signInPath}/logout`, logOut],
  ]);

  // eslint-disable-next-line @typescript-eslint/require-await -- a route is a promise, so that what it throws reaches next
  async function begin(req: Request, res: Response, { signInPath }: Runtime): Promise<void> {
    if (!isNavigation(req)) throw new NotConnectedError(signInPath);
    if (!config.callbackPath!.startsWith(`${req.baseUrl}/`)) throw new ConfigError(unreachableCallback(config, req));
    const { return_to: wanted, add } = req.query;
    const returnTo = safeReturnTo(wanted, origin);
    const install = req.path.endsWith("/install");
    res.redirect(signIn.begin(req, res, { returnTo, add: add === "1", install }));
  }

  async function finish(req: Request, res: Response, { strippedPrefix }: Runtime): Promise<void> {
    if (req.method !== "GET") return void res.set("Allow", "GET").status(405).send("Aircall answers with a GET.");
    const { attempt } = await signIn.finish(req, res, { add: false });
    const home = `${origin}${strippedPrefix}${req.baseUrl}/`;
    res.redirect(attempt.install ? successPage(config) : (attempt.returnTo ?? home));
  }

  async function logOut(req: Request, res: Response, { strippedPrefix }: Runtime): Promise<void> {
    if (req.method !== "POST") return void res.set("Allow", "POST").status(405).send("Signing out takes a POST.");
    if (!isSameOrigin(req, origin))
      return void res
        .status(403)
        .send("Signing out takes a form of this site, sent with its origin (Referrer-Policy: same-origin).");
    if (disableOnDisconnect) await RequestAircall.disableIntegrations(req.aircall, await req.aircall.accounts());
    await endSession(req);
    const home = `${origin}${strippedPrefix}${req.baseUrl}/`;
    res.redirect(303, safeReturnTo(req.query["return_to"], origin) ?? home);
  }

  return function routeOf(req) {
    return routes.get(req.path) ?? (pathOf(req.originalUrl) === config.callbackPath ? finish : undefined);
  };
}

/** Browsers say where a form was sent from; a request that says nothing was not sent by one of this site's pages. */
function isSameOrigin(req: Request, origin: string): boolean {
  const site = req.get("sec-fetch-site");
  return site === undefined ? req.get("origin") === origin : site === "same-origin";
}

/** Aircall's own last page, beside its consent page: there the administrator picks numbers. */
function successPage({ authorizeUrl }: SignInConfig): string {
  return new URL("success", authorizeUrl).href;
}

function pathOf(url: string): string {
  const mark = url.indexOf("?");
  return mark < 0 ? url : url.slice(0, mark);
}

function unreachableCallback({ callbackPath }: SignInConfig, req: Request): string {
  return (
    `The callback path ${callbackPath} is not below ${req.baseUrl}, where aircallAuth() is mounted, so it would never ` +
    "see the answer. Change CallbackURL, or mount aircallAuth() at the root."
  );
}
