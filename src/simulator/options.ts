import { randomBytes } from "node:crypto";

/** How the pretend Aircall behaves. Everything has a default: `createSimulator()` is enough. */
export interface SimulatorOptions {
  /** Which made-up companies and calls; the same seed at the same moment gives the same data. Default 1. */
  seed?: number;
  /** UNIX milliseconds. Default `Date.now`. Expiry, rate limit and the age of the seeded calls go by it. */
  now?: () => number;
  /** Where a browser reaches the simulator when its `handler` is mounted in another app; else `listen` knows. */
  url?: string;
  /** Default `simulator-client`. */
  clientId?: string;
  /** Default `simulator-secret`. */
  clientSecret?: string;
  /** The redirect addresses that were registered. Default: any http or https address. */
  redirectUris?: readonly string[];
  /** API key of the first company, for Basic. Default: made from the company's id. */
  apiId?: string;
  apiToken?: string;
  /** `permanent` as Aircall's are today (default), or `rotating`: they expire and come with a refresh token. */
  tokens?: "permanent" | "rotating";
  /** Life of a rotating access token. Default 3,600. */
  expiresInSeconds?: number;
  /**
   * What a used code or refresh token does: `strict` (default) ends the whole grant; `tolerant` answers the previous
   * refresh token once more with the current pair, and otherwise only refuses.
   */
  reuseDetection?: "strict" | "tolerant";
  /** When set, redirects back to the app carry it as `iss` (RFC 9207). */
  issuer?: string;
  /** Requests per company and minute. Default 120. */
  rateLimit?: number;
  /** Results of one query that can be paged through. Default 10,000, as Aircall's. */
  resultCap?: number;
  /** Roughly, on a working day and per company. Default 40; at most 5,000. */
  callsPerDay?: number;
  /** Makes codes and tokens. Default: 32 random bytes in hexadecimal. */
  randomToken?: () => string;
}

/** The same, complete. */
export interface SimulatorSettings {
  readonly seed: number;
  readonly now: () => number;
  readonly url: string | null;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redirectUris: readonly string[] | null;
  readonly apiId: string | null;
  readonly apiToken: string | null;
  readonly tokens: "permanent" | "rotating";
  readonly expiresInSeconds: number;
  readonly reuseDetection: "strict" | "tolerant";
  readonly issuer: string | null;
  readonly rateLimit: number;
  readonly resultCap: number;
  readonly callsPerDay: number;
  readonly randomToken: () => string;
}

export function readOptions(options: SimulatorOptions): SimulatorSettings {
  const {
    seed = 1,
    now = Date.now,
    url = null,
    clientId = "simulator-client",
    clientSecret = "simulator-secret",
    redirectUris = null,
    apiId = null,
    apiToken = null,
    tokens = "permanent",
    expiresInSeconds = 3_600,
    reuseDetection = "strict",
    issuer = null,
    rateLimit = 120,
    resultCap = 10_000,
    callsPerDay = 40,
    randomToken = () => randomBytes(32).toString("hex"),
    ...unknown
  } = options;

  const [stray] = Object.keys(unknown);
  if (stray !== undefined) throw new TypeError(`createSimulator has no option "${stray}".`);
  if (!(callsPerDay >= 0 && callsPerDay <= 5_000)) throw new RangeError("callsPerDay goes from 0 to 5,000.");

  const oauth = { clientId, clientSecret, redirectUris, tokens, expiresInSeconds, reuseDetection, issuer, randomToken };
  return Object.freeze({ seed, now, url, apiId, apiToken, rateLimit, resultCap, callsPerDay, ...oauth });
}
