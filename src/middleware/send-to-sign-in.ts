import type { Request, Response } from "express";
import { keepPrivate } from "../sign-in/sign-in";
import { runtimeOf } from "../sign-in/runtime";
import { isNavigation } from "./navigation";

/**
 * Sends a person to sign in: to the library's own route, which brings them back to this page, or to the app's. False
 * where there is neither, or nobody is waiting for a page.
 */
export function sendToSignIn(req: Request, res: Response, appPath?: string): boolean {
  const { signInPath = null, strippedPrefix = "" } = runtimeOf(req) ?? {};
  const page = encodeURIComponent(strippedPrefix + req.originalUrl);
  const target = appPath ?? (signInPath && `${signInPath}?return_to=${page}`);
  if (!target || !isNavigation(req)) return false;
  keepPrivate(res);
  res.redirect(target);
  return true;
}
