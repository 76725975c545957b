import { randomBytes } from "node:crypto";
import { readEntitlements, type ChosenEntitlements, type Entitlements } from "./data/entitlements";
import { readHabits, type HabitOptions, type Habits } from "./habits";
import { requireKnown, requireOneOf } from "./known";
import { readWebhookOptions, type WebhookOptions, type WebhookSettings } from "./webhooks/options";

/** How the pretend Aircall behaves. Everything has a default: `createSimulator()` is enough. */
export interface SimulatorOptions extends HabitOptions {
  /** Which made-up companies and calls; the same seed at the same moment gives the same data. Default 1. */
  seed?: number | undefined;
  /** UNIX milliseconds. Default `Date.now`. Expiry, rate limit and the age of the seeded calls go by it. */
  now?: (() => number) | undefined;
  /** Where a browser reaches the simulator when its `handler` is mounted in another app; else `listen` knows. */
  url?: string | undefined;
  /** Default `simulator-client`. */
  clientId?: string | undefined;
  /** Default `simulator-secret`. */
  clientSecret?: string | undefined;
  /** The redirect addresses that were registered. Default: any http or https address. */
  redirectUris?: readonly string[] | undefined;
  /** API key of the first company, for Basic. Default: made from the company's id. */
  apiId?: string | undefined;
  apiToken?: string | undefined;
  /** `permanent` as Aircall's are today (default), or `rotating`: they expire and come with a refresh token. */
  tokens?: "permanent" | "rotating" | undefined;
  /** Life of a rotating access token. Default 3,600. */
  expiresInSeconds?: number | undefined;
  /**
   * What a used code or refresh token does: `strict` (default) ends the whole grant; `tolerant` answers the previous
   * refresh token once more with the current pair, and otherwise only refuses.
   */
  reuseDetection?: "strict" | "tolerant" | undefined;
  /** When set, redirects back to the app carry it as `iss` (RFC 9207). */
  issuer?: string | undefined;
  /** Requests per company and window, at least 1. Default 120. */
  rateLimit?: number | undefined;
  /** How long a window of the rate limit lasts; it begins with its first request. Default 60. */
  rateWindowSeconds?: number | undefined;
  /** Unit of the UNIX time in `X-AircallApi-Reset`, for Aircall's is not certain. Default `s`. */
  rateResetUnit?: "s" | "ms" | undefined;
  /** Results of one query that can be paged through. Default 10,000, as Aircall's. */
  resultCap?: number | undefined;
  /** Roughly, on a working day and per company. Default 40; at most 5,000. */
  callsPerDay?: number | undefined;
  /**
   * How many calls each company has, exactly: beside this week's and last week's, older ones spread over six months, or
   * only the latest of them. Several share a second, as Aircall's do. Default: this week's and last week's. At most 1,000,000.
   */
  calls?: number | undefined;
  /** How many contacts each company has, exactly. Default: a dozen or so. At most 1,000,000. */
  contacts?: number | undefined;
  /** How long the address of a recording or voicemail lasts after the call was read. Default 3,600. */
  assetUrlSeconds?: number | undefined;
  /** Size of each recording and voicemail. Default 65,536; from 44, which is silence. */
  assetBytes?: number | undefined;
  /** What the companies have booked; what is not said, they have. `simulator.entitle` changes it for one of them. */
  entitlements?: ChosenEntitlements | undefined;
  /** Makes codes and tokens. Default: 32 random bytes in hexadecimal. */
  randomToken?: (() => string) | undefined;
  /** How webhooks are sent; `simulator.changeWebhooks` changes it. */
  webhooks?: WebhookOptions | undefined;
  /** Lets calls come in by themselves, one or two a minute over all companies, or as many as are said. Default false. */
  live?: boolean | { callsPerMinute: number } | undefined;
  /** From 0 up to, not including, 1: decides when live calls come, and which events are lost. Default `Math.random`. */
  random?: (() => number) | undefined;
}

/** The same, complete. */
export interface SimulatorSettings extends Habits {
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
  readonly rateWindowSeconds: number;
  readonly rateResetUnit: "s" | "ms";
  readonly resultCap: number;
  readonly callsPerDay: number;
  readonly calls: number | null;
  readonly contacts: number | null;
  readonly assetUrlSeconds: number;
  readonly assetBytes: number;
  readonly entitlements: Entitlements;
  readonly randomToken: () => string;
  readonly webhooks: WebhookSettings;
  /** Null where no calls come in by themselves. */
  readonly live: { readonly callsPerMinute: number } | null;
  readonly random: () => number;
}

export function readOptions(options: SimulatorOptions): SimulatorSettings {
  const {
    seed = 1,
    now = () => Date.now(), // which a test may replace later
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
    rateWindowSeconds = 60,
    rateResetUnit = "s",
    resultCap = 10_000,
    callsPerDay = 40,
    calls = null,
    contacts = null,
    assetUrlSeconds = 3_600,
    assetBytes = 65_536,
    entitlements = {},
    randomToken = () => randomBytes(32).toString("hex"),
    webhooks = {},
    live = false,
    random = () => Math.random(),
  } = options;

  requireOneOf("tokens", tokens, ["permanent", "rotating"]);
  requireOneOf("reuseDetection", reuseDetection, ["strict", "tolerant"]);
  requireOneOf("rateResetUnit", rateResetUnit, ["s", "ms"]);
  if (!(Number.isInteger(rateLimit) && rateLimit >= 1)) throw new RangeError("rateLimit is a whole number from 1.");
  if (!(callsPerDay >= 0 && callsPerDay <= 5_000)) throw new RangeError("callsPerDay goes from 0 to 5,000.");
  if (calls !== null) requireWhole("calls", calls, [0, 1_000_000]);
  if (contacts !== null) requireWhole("contacts", contacts, [0, 1_000_000]);
  requireWhole("assetBytes", assetBytes, [44, 4_000_000_000]);

  const oauth = { clientId, clientSecret, redirectUris, tokens, expiresInSeconds, reuseDetection, issuer, randomToken };
  const rate = { rateLimit, rateWindowSeconds, rateResetUnit };
  const data = {
    seed,
    resultCap,
    callsPerDay,
    calls,
    contacts,
    assetUrlSeconds,
    assetBytes,
    entitlements: readEntitlements(entitlements),
  };
  const happening = { webhooks: readWebhookOptions(webhooks), live: readLive(live), random };
  const settings = { now, url, apiId, apiToken, ...oauth, ...rate, ...data, ...happening, ...readHabits(options) };
  requireKnown("createSimulator", options, [...Object.keys(settings), "kind"]);
  return Object.freeze(settings);
}

function readLive(live: NonNullable<SimulatorOptions["live"]>): SimulatorSettings["live"] {
  if (typeof live === "boolean") return live ? { callsPerMinute: 1.5 } : null;
  requireKnown("live", live, ["callsPerMinute"]);
  const { callsPerMinute } = live;
  if (callsPerMinute > 0 && callsPerMinute <= 600) return { callsPerMinute };
  throw new RangeError("callsPerMinute is above 0 and at most 600.");
}

function requireWhole(name: string, value: number, [low, high]: readonly [number, number]): void {
  if (Number.isInteger(value) && value >= low && value <= high) return;
  throw new RangeError(`${name} is a whole number from ${low} to ${high}.`);
}
