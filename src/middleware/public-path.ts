import type { SignInConfig } from "../config/config";

/** What paths of this process are called where browsers are: a proxy in front may add, strip or replace a prefix. */
export interface PublicPaths {
  readonly pathOf: (path: string) => string;
  /** Of the middleware's mount path; of the first page behind the proxy where that cannot be reached. */
  readonly homeOf: (baseUrl: string) => string;
}

/** What the proxy does is read from what CallbackURL's path and `callbackPath` do not share at their beginnings. */
export function createPublicPaths({ callbackUrl, callbackPath, signInPath }: SignInConfig): PublicPaths {
  const { outside, inside } = prefixes(new URL(callbackUrl).pathname, callbackPath ?? "");

  function pathOf(path: string): string {
    if (path !== inside && !path.startsWith(`${inside}/`) && !path.startsWith(`${inside}?`)) return path;
    const whole = outside + path.slice(inside.length);
    return whole.startsWith("/") ? whole : `/${whole}`;
  }

  function homeOf(baseUrl: string): string {
    const proxied = (path: string) => path.startsWith(`${inside}/`);
    const home = `${baseUrl}/`;
    return pathOf(proxied(baseUrl + signInPath) && !proxied(home) ? `${inside}/` : home);
  }

  return { pathOf, homeOf };
}

/** Paths that end alike differ in the prefix alone. Where not one segment is shared, only that one path was rewritten. */
function prefixes(outside: string, inside: string): { outside: string; inside: string } {
  const [outer, inner] = [outside.split("/"), inside.split("/")];
  const most = Math.min(outer.length, inner.length) - 1;
  let shared = 0;
  while (shared < most && outer.at(-1 - shared) === inner.at(-1 - shared)) shared++;
  if (shared === 0) return { outside: "", inside: "" };
  return { outside: outer.slice(0, -shared).join("/"), inside: inner.slice(0, -shared).join("/") };
}
