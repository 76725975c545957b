import type { SignInConfig } from "../config/config";
import { requireApart } from "../config/sign-in-paths";
import { safeReturnTo } from "../sign-in/return-to";
import type { Keeping, Runtime } from "../sign-in/runtime";
import { createPublicPaths, type PublicPaths } from "./public-path";

/**
 * What is left on a request depends only on where the middleware is mounted, so requests share it, and what `extend` makes
 * of it. Asked for a place where the callback is one of the middleware's other routes, it throws a ConfigError.
 */
export function createRuntimes<T>(
  keeping: Keeping & { readonly app: string | null },
  config: SignInConfig | null,
  extend: (runtime: Runtime) => T,
): (baseUrl: string) => T {
  const { pathOf: publicPath, homeOf } = config ? createPublicPaths(config) : asTheyAre;
  const known = new Map<string, T>();

  return function at(baseUrl) {
    const made = known.get(baseUrl);
    if (made) return made;
    if (config) requireApart(config.callbackPath!, config.signInPath, baseUrl);
    const signInPath = config && ownPath(publicPath(baseUrl + config.signInPath), config);
    const extended = extend({ ...keeping, signInPath, publicPath, homePath: homeOf(baseUrl) });
    // A mount path with parameters has as many base URLs as visitors care to type.
    if (known.size < 100) known.set(baseUrl, extended);
    return extended;
  };
}

/** Where no route of ours is served, nothing is known of a proxy. */
const asTheyAre: PublicPaths = { pathOf: (path) => path, homeOf: (baseUrl) => `${baseUrl}/` };

/** Null for a path that would lead to another site: a mount path with a wildcard lets visitors type `//evil.example`. */
function ownPath(path: string, { callbackUrl }: SignInConfig): string | null {
  return safeReturnTo(path, new URL(callbackUrl).origin) && path;
}
