import { requireKnown } from "../known";

/** How webhooks are sent. Each default is what Aircall is believed to do, on a schedule that is shorter. */
export interface WebhookOptions {
  /**
   * Real milliseconds before each further attempt; the last one counts for all that follow. Default 100, 200, 500, 1,000,
   * 2,000, 5,000. Aircall's schedule is not published.
   */
  retryMs?: number | readonly number[] | undefined;
  /** How often one event is sent until it is given up, the first time included. Default 51: once and fifty retries. */
  attempts?: number | undefined;
  /** Real milliseconds that a receiver has to answer. Default 5,000. */
  timeoutMs?: number | undefined;
  /** After so many failures in a row a webhook is `active: false`, until one of its events arrives. Default 50. */
  disableAfter?: number | undefined;
  /** From 0 to 1: how many events come a second time, with the same body. Default 0. */
  duplicate?: number | undefined;
  /** From 0 to 1: how many events are held back, so that later ones overtake them. Default 0. */
  reorder?: number | undefined;
  /** Real milliseconds that such an event is held back, at most. Default 200. */
  holdMs?: number | undefined;
  /** From 0 to 1: how many events never leave. Default 0. */
  drop?: number | undefined;
  /** Timestamps in milliseconds, as seen on `message.received`. Default false: seconds. */
  milliseconds?: boolean | undefined;
  /** Bodies as of 2022: without `contact`, `assigned_to`, `call_uuid`, `participants`; contacts have integer dates. Default false. */
  bare?: boolean | undefined;
  /** `tagged_by: {}` on the tags of calls, as a queue callback sets them. Default false. */
  emptyTaggedBy?: boolean | undefined;
}

/** The same, complete. */
export type WebhookSettings = {
  readonly [Name in Exclude<keyof WebhookOptions, "retryMs">]-?: NonNullable<WebhookOptions[Name]>;
} & { readonly retryMs: readonly number[] };

const believed: WebhookSettings = {
  retryMs: [100, 200, 500, 1_000, 2_000, 5_000],
  attempts: 51,
  timeoutMs: 5_000,
  disableAfter: 50,
  duplicate: 0,
  reorder: 0,
  holdMs: 200,
  drop: 0,
  milliseconds: false,
  bare: false,
  emptyTaggedBy: false,
};

/**
 * What is not said stays as it was `before`.
 * @throws {TypeError} for an option that there is not, {RangeError} for a number that cannot be.
 */
export function readWebhookOptions(given: WebhookOptions, before: WebhookSettings = believed): WebhookSettings {
  requireKnown("webhooks", given, Object.keys(believed));
  const { retryMs = before.retryMs, ...others } = given;
  const said = Object.entries(others).filter(([, value]) => value !== undefined);
  const settings = { ...before, ...Object.fromEntries(said), retryMs: [retryMs].flat() } as WebhookSettings;
  refuseUnless(settings.retryMs.length > 0 && settings.retryMs.every(isMs), "retryMs is one or more numbers from 0.");
  for (const name of ["attempts", "disableAfter"] as const) {
    refuseUnless(Number.isInteger(settings[name]) && settings[name] >= 1, `${name} is a whole number from 1.`);
  }
  for (const name of ["timeoutMs", "holdMs"] as const) {
    refuseUnless(isMs(settings[name]), `${name} is a number of milliseconds from 0.`);
  }
  for (const name of ["duplicate", "reorder", "drop"] as const) {
    refuseUnless(settings[name] >= 0 && settings[name] <= 1, `${name} goes from 0 to 1.`);
  }
  return Object.freeze(settings);
}

function isMs(value: number): boolean {
  return value >= 0 && value < Infinity;
}

function refuseUnless(good: boolean, sentence: string): void {
  if (!good) throw new RangeError(sentence);
}
