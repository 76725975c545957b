import type { Request } from "express";
import type { SignInConfig } from "../../config/config";

export const plainStart =
  "CallbackURL is https, but signing in began over plain HTTP, where browsers keep no cookie that https needs: nobody " +
  "could come back. Redirect http to https; behind a proxy that speaks https, let it send X-Forwarded-Proto.";

/**
 * Whether a callback by https was begun by http. Browsers send Fetch Metadata over https and to their own machine only,
 * so who sends it may sit before a proxy that says nothing of https, and so may who asks for another host.
 */
export function isPlainStart(req: Request, { callbackUrl }: SignInConfig): "certain" | "likely" | null {
  const { protocol, host } = new URL(callbackUrl);
  const asked = (req.get("x-forwarded-host") ?? req.headers.host)?.split(",")[0]?.trim();
  if (protocol !== "https:" || req.secure || saysHttps(req) || asked !== host) return null;
  return Object.keys(req.headers).some((name) => name.startsWith("sec-fetch-")) ? "likely" : "certain";
}

/** Any of the ways in which proxies say so. */
function saysHttps(req: Request): boolean {
  const on = ["x-forwarded-ssl", "front-end-https"].some((name) => req.get(name) === "on");
  const named = req.get("cloudfront-forwarded-proto") === "https" || req.get("x-arr-ssl") !== undefined;
  return on || named || calledHttpsByProxy(req) || /\bproto="?https/i.test(req.get("forwarded") ?? "");
}

/** As Express and express-session would believe it, were they told to. */
export function calledHttpsByProxy(req: Request): boolean {
  return req.get("x-forwarded-proto")?.split(",")[0]?.trim() === "https";
}
