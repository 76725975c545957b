import { createHmac, timingSafeEqual } from "node:crypto";
import type { SimulatorSettings } from "../options";

/** Gives recordings and voicemails addresses that end, as those at Amazon S3 do. Paths go in, paths with a query come out. */
export interface AssetAddresses {
  /** Signs an asset's address. Null, and an address that is not ours, stay what they are. */
  sign(asset: string | null): string | null;
  /** A short address, three times as long-lived; it redirects to a fresh one of the other kind. */
  shorten(asset: string | null): string | null;
  judge(path: string, query: Readonly<Record<string, unknown>>): Verdict;
}

export type Verdict = "good" | "expired" | "forged" | "unsigned";

const shortLives = 3;

export function createAssetAddresses(
  settings: Pick<SimulatorSettings, "seed" | "now" | "assetUrlSeconds">,
): AssetAddresses {
  const { seed, assetUrlSeconds } = settings;
  const nowSeconds = () => Math.floor(settings.now() / 1000);

  function signature(path: string, expires: string): string {
    return createHmac("sha256", `assets of seed ${seed}`).update(`${path}\n${expires}`).digest("base64url");
  }

  function signFor(path: string, seconds: number): string {
    const expires = String(nowSeconds() + seconds);
    return `${path}?Expires=${expires}&Signature=${signature(path, expires)}`;
  }

  return {
    sign: (asset) => (isOurs(asset) ? signFor(asset, assetUrlSeconds) : asset),
    shorten(asset) {
      return isOurs(asset) ? signFor(asset.replace("/assets/", "/assets/short/"), assetUrlSeconds * shortLives) : asset;
    },
    judge(path, { Expires: expires, Signature: given }) {
      if (typeof expires !== "string" || typeof given !== "string") return "unsigned";
      if (!same(given, signature(path, expires))) return "forged";
      return nowSeconds() < Number(expires) ? "good" : "expired";
    },
  };
}

function isOurs(asset: string | null): asset is string {
  return asset?.startsWith("/assets/") ?? false;
}

function same(given: string, expected: string): boolean {
  return given.length === expected.length && timingSafeEqual(Buffer.from(given), Buffer.from(expected));
}
