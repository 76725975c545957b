import type { DispatcherLike } from "../../config/values";
import { propertyOf } from "../../errors/property";
import { kept } from "./platform";

/**
 * The proxy that a dispatcher of undici's sends requests to `origin` through, as `http://proxy:3128`: without its user
 * and password. Null where there is none, or none that it tells of.
 */
export function proxyOf(dispatcher: DispatcherLike, origin: string): string | null {
  const { protocol, hostname } = new URL(origin);
  const ofEnvironment = kept(dispatcher, protocol === "https:" ? "https proxy agent" : "http proxy agent");
  if (ofEnvironment && passesBy(hostname)) return null;
  const uri = propertyOf(kept(ofEnvironment ?? dispatcher, "proxy agent options"), "uri");
  if (typeof uri !== "string" || !URL.canParse(uri)) return null;
  const proxy = new URL(uri);
  return `${proxy.protocol}//${proxy.host}`;
}

/** By the environment's NO_PROXY. */
function passesBy(hostname: string): boolean {
  const listed = (process.env["no_proxy"] ?? process.env["NO_PROXY"] ?? "").toLowerCase().split(/[,\s]+/);
  return listed.some((one) => {
    const host = one.replace(/:\d+$/, "").replace(/^\*?\./, "");
    return host !== "" && (host === "*" || hostname === host || hostname.endsWith(`.${host}`));
  });
}
