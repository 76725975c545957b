import { requireCompanyName, type CompanyLike, type CompanyName } from "../config/company-id";
import { knownOptions } from "../config/own-options";
import { kindOf, positive } from "../config/values";
import { ArgumentError, ConfigError, RateLimitError } from "../errors/errors";
import { createExpiringMap } from "../time/expiring-map";
import { createLinkTokens, type LinkTarget } from "./link-tokens";

/** Links that play a call's recording to whoever has one. */
export interface RecordingLinkSettings {
  /** Absolute, without a slash at its end. */
  readonly url: string;
  /** The first signs, all verify. */
  readonly keys: readonly string[];
  /** How long a link is good, where `recordingLink()` is not told. */
  readonly expiresInMs: number;
}

/** Options of `recordingLink()`. */
export interface RecordingLinkOptions {
  /** Milliseconds for which the link is good, at most 90 days. Default: that of the option `recordingLinks`, 7 days. */
  expiresInMs?: number | undefined;
}

export interface RecordingLinks {
  /** See `AircallAuth.recordingLink`. */
  readonly link: (
    company: CompanyLike | null | undefined,
    callId: number | bigint | string,
    options?: RecordingLinkOptions,
  ) => string;
  /** What a link leads to, by the token at its end; null where it is forged or expired. */
  readonly read: (token: string) => LinkTarget | null;
  /** @throws {RateLimitError} the link was opened too often in the last minute, in this process. */
  readonly noteOpening: (token: string) => void;
}

export interface RecordingLinksParts {
  /** Null where the app has not set the option. */
  readonly settings: RecordingLinkSettings | null;
  /** False with an API key of the app's own, or a token obtained elsewhere. */
  readonly keepsGrants: boolean;
  readonly now?: () => number;
}

const dayMs = 86_400_000;
export const longestLinkMs = 90 * dayMs;
export const usualLinkMs = 7 * dayMs;

const openingsAMinute = 30;
const minuteMs = 60_000;
const maxLinks = 10_000;
const noRate = { limit: openingsAMinute, remaining: 0, resetAt: null };

export function createRecordingLinks({ settings, keepsGrants, now = Date.now }: RecordingLinksParts): RecordingLinks {
  const tokens = settings && createLinkTokens(settings.keys);
  const openings = createExpiringMap<number[]>(maxLinks, now);

  return {
    link(company, callId, options = {}) {
      if (!settings || !tokens) throw new ConfigError(notSet);
      const { expiresInMs = settings.expiresInMs } = knownOptions(options, "recordingLink()", ["expiresInMs"]);
      const lifeMs = linkLife({ value: expiresInMs, name: "recordingLink(): expiresInMs", fromText: false });
      const expiresAt = Math.ceil((now() + lifeMs) / 1000);
      const target = { company: whose(company, { keepsGrants }), callId: requireCallId(callId), expiresAt };
      return `${settings.url}/${tokens.sign(target)}`;
    },
    read(token) {
      const target = tokens?.read(token) ?? null;
      if (!target || target.expiresAt * 1000 <= now()) return null;
      // An app that has changed from one key to companies, or back, must not take one for another.
      return (target.company !== null) === keepsGrants ? target : null;
    },
    noteOpening(token) {
      const recent = (openings.get(token) ?? []).filter((at) => at > now() - minuteMs);
      if (recent.length >= openingsAMinute) {
        const waitMs = recent[0]! + minuteMs - now();
        throw new RateLimitError("Opening a recording link", waitMs, noRate, "not_sent", "the link's own limit");
      }
      openings.set(token, [...recent, now()], minuteMs);
    },
  };
}

/** @throws {ConfigError} it is no number of milliseconds above 0, or more than 90 days. */
export const linkLife = positive("milliseconds", longestLinkMs);

const notSet =
  "recordingLink() needs the option recordingLinks, such as aircallAuth({ recordingLinks: { url: " +
  '"https://app.example.com/recordings/shared", keys: [process.env.LINKS_KEY] } }).';

/** With one key or token for the whole app, its company is the only one, whatever is given. */
function whose(
  company: CompanyLike | null | undefined,
  { keepsGrants }: Pick<RecordingLinksParts, "keepsGrants">,
): CompanyName | null {
  return keepsGrants ? requireCompanyName(company, "recordingLink(company)") : null;
}

/** @throws {ArgumentError} and no ConfigError: the id often comes from a visitor. */
function requireCallId(id: unknown): string {
  const text = typeof id === "number" || typeof id === "bigint" ? String(id) : id;
  if (typeof text === "string" && /^[1-9]\d{0,15}$/.test(text)) return text;
  throw new ArgumentError(`recordingLink(): the id of a call is a whole number above 0; got ${kindOf(id)}.`);
}
