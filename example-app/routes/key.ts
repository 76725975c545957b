import { randomUUID } from "node:crypto";
import express, { type Request, type RequestHandler, type Response, type Router } from "express";
import { aircallAuth, ArgumentError, RateLimitError, SignInError } from "express-aircall";
import type { AircallAuth, AircallAuthOptions } from "express-aircall";
import { textOf } from "../form";
import { leaveNotice } from "../notice";
import { problemOf } from "../problems";
import { showConnect } from "./connect";

declare module "express-session" {
  interface SessionData {
    /** Our own name for the company that brings a key. */
    tenant?: string;
    /** Whether Aircall has taken its key. */
    byKey?: boolean;
  }
}

/**
 * For companies that bring an API key. Aircall does not say whose a key is, so the app names the tenant. This board has
 * no accounts of its own, and so each browser session is one; where people log in, it is the id of their company there.
 */
export function createKeys(options: Pick<AircallAuthOptions, KeyOption>): AircallAuth {
  const company = ({ session: { tenant } }: Request) => (tenant ? { ref: tenant } : null);
  return aircallAuth({ authScheme: "Basic", hold: "company", ...options, company });
}

type KeyOption = "grants" | "apiUrl" | "onConnect" | "onDisconnect" | "onHookError";

/** Works with the key that this session has connected, and takes one. Mount it after `aircallAuth()` for OAuth. */
export function keyPages(keys: AircallAuth): Router {
  const pages = express.Router();
  pages.use(async (req, res, next) => {
    if (!req.session.byKey || (await req.aircall.account())) return next();
    keys(req, res, next);
  });
  pages.post("/connect/key", express.urlencoded({ extended: false }), (req, res) => connectKey(keys, req, res));
  return pages;
}

/** The session is all that knows the tenant's name, so its key goes first. Mount it before the logout. */
export function forgetKey(keys: AircallAuth): RequestHandler {
  return async function forgetKey(req, _res, next) {
    const { tenant } = req.session;
    if (tenant) await keys.disconnectKey({ ref: tenant }, { req });
    next();
  };
}

async function connectKey(keys: AircallAuth, req: Request, res: Response): Promise<void> {
  if (await req.aircall.account()) {
    leaveNotice(req, "A company is connected already. Disconnect it first to connect another.");
    return res.redirect(303, "/missed-calls");
  }
  const tenant = (req.session.tenant ??= randomUUID());
  res.locals["sent"] = "The key";
  try {
    const key = { user: textOf(req, "apiId"), password: textOf(req, "apiToken") };
    // Who presses the button twice connects once.
    const { name } = await keys.connectKey({ ref: tenant }, key, { req, replace: true });
    await renewSession(req);
    Object.assign(req.session, { tenant, byKey: true });
    leaveNotice(req, `Connected to ${name ?? "your company"}.`);
  } catch (error) {
    const keyFault = faultOf(error);
    if (keyFault === null) throw error;
    return showConnect(res, { status: problemOf(error).status, keyFault });
  }
  res.redirect(303, "/missed-calls");
}

/** What the person at the form can do about it; null where they can do nothing. */
function faultOf(error: unknown): string | null {
  if (error instanceof ArgumentError)
    return "That is no API ID and token as Aircall gives them. Nothing was connected.";
  if (error instanceof RateLimitError) {
    return `Too many attempts within a minute. Try again in ${Math.ceil(error.retryAfterMs / 1000)} seconds.`;
  }
  if (!(error instanceof SignInError)) return null;
  const { title, message } = problemOf(error);
  return `${title}. ${message}`;
}

/** Under a new id: who planted the former one in this browser does not come in with it. */
function renewSession({ session }: Request): Promise<void> {
  return new Promise((done, failed) => session.regenerate((error) => (error ? failed(error) : done())));
}
