import type { Request, Response } from "express";
import { ReconnectRequiredError, type NotConnectedError } from "../errors/errors";
import { targetOf } from "../sign-in/request-target";
import { runtimeOf } from "../sign-in/runtime";
import { keepPrivate } from "../sign-in/sign-in";
import { isOfExpress } from "./express-request";
import { isNavigation } from "./navigation";

/**
 * Sends a person to sign in: to the library's own route, or to the app's. Either is told the page that was wanted, where
 * its address names none, and `reason=revoked` where a connection has ended; the library's is told to add a company to
 * another one that lives.
 * False where there is neither, or nobody is waiting for a page.
 * @throws {StoreError} it is not known what else is connected: signing in could drop it.
 */
export async function sendToSignIn(
  req: Request,
  res: Response,
  { error, appPath }: { error: NotConnectedError | ReconnectRequiredError; appPath?: string | undefined },
): Promise<boolean> {
  if (!isOfExpress(req, res) || !isNavigation(req)) return false;
  const { signInPath = null, publicPath = String } = runtimeOf(req) ?? {};
  const target = appPath ?? signInPath;
  if (!target) return false;

  const ofLibrary = appPath === undefined;
  const query = [
    // Another site is not told which page of this one somebody wanted.
    ...(isOfThisSite(target) && !/[?&]return_to=/.test(target)
      ? [`return_to=${encodeURIComponent(publicPath(pageOf(req)))}`]
      : []),
    ...(ofLibrary && (await holdsAnother(req)) ? ["add=1"] : []),
    ...(error instanceof ReconnectRequiredError ? ["reason=revoked"] : []),
  ];
  keepPrivate(res);
  res.redirect(withQuery(target, query));
  return true;
}

/** As a browser reads it: `//host` and `/\host` lead to another. */
function isOfThisSite(address: string): boolean {
  const here = "http://here.invalid";
  return address.startsWith("/") && URL.canParse(address, here) && new URL(address, here).origin === here;
}

/** Whether signing in again would take the place of a company that works: the current one, which does not, aside. */
export async function holdsAnother(req: Request): Promise<boolean> {
  return (await req.aircall.accounts()).length > 0;
}

/** An address may have a query and a fragment of its own. */
export function withQuery(address: string, parameters: readonly string[]): string {
  if (parameters.length === 0) return address;
  const [page = "", ...fragment] = address.split(/(?=#)/);
  return [page, page.includes("?") ? "&" : "?", parameters.join("&"), ...fragment].join("");
}

function pageOf(req: Request): string {
  const { path, query } = targetOf(req.originalUrl);
  return query ? `${path}?${query}` : path;
}
