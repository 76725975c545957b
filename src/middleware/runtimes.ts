import type { SignInConfig } from "../config/config";
import type { Runtime } from "../sign-in/runtime";
import type { GrantSettings } from "./grant-options";

/** What is left on a request depends only on where the middleware is mounted, so requests share it. */
export function createRuntimes(keeping: GrantSettings, config: SignInConfig | null): (baseUrl: string) => Runtime {
  const strippedPrefix = config ? prefixBefore(config) : "";
  const known = new Map<string, Runtime>();

  return function runtimeAt(baseUrl) {
    const made = known.get(baseUrl);
    if (made) return made;
    const signInPath = config ? strippedPrefix + baseUrl + config.signInPath : null;
    const runtime = { ...keeping, signInPath, strippedPrefix };
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
