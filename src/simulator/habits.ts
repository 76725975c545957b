import { requireOneOf } from "./known";

/** Where Aircall is harder on its clients than one expects. Each default is what Aircall is believed to do. */
export interface HabitOptions {
  /** `true` takes the kind value, said below, wherever nothing else is said. Default false. */
  kind?: boolean | undefined;
  /**
   * Which answers carry `X-AircallApi-Limit`, `-Remaining` and `-Reset`: only those that refuse for the limit (`limited`,
   * the default), all (`always`; kind) or none.
   */
  rateHeaders?: "always" | "limited" | "never" | undefined;
  /** How long a contact, number or address just written cannot be found by the contacts' search. Default 5; kind: 0. */
  searchLagSeconds?: number | undefined;
  /** How long a call that has ended goes on where calls are read. Default 30; kind: 0. */
  callEndLagSeconds?: number | undefined;
  /**
   * How long after a call its recording or voicemail is there; its Conversation Intelligence takes as long again, and
   * is 404 until then. Default 60; kind: 0.
   */
  assetDelaySeconds?: number | undefined;
  /** How long what was deleted stays. Default: a recording 600, a voicemail and a user 60; kind: 0. */
  deletionSeconds?: number | undefined;
  /** One in so many answers that are to hold a list is `{}` instead; 0 for none. Default 500; kind: 0. */
  emptyAnswerEvery?: number | undefined;
  /**
   * How many calls of AI voice agents a company has at a time, and one per number; the others wait until they expire.
   * Default 5; kind: `Infinity`, and none waits for a number.
   */
  aiVoiceCallsAtOnce?: number | undefined;
  /** What a recording's address does with a credential that comes along. Default `refused`, as at S3; kind: `ignored`. */
  secondCredential?: "refused" | "ignored" | undefined;
}

/** The same, complete. */
export type Habits = {
  readonly [Name in Exclude<keyof HabitOptions, "kind" | "deletionSeconds">]-?: NonNullable<HabitOptions[Name]>;
} & { readonly deletionSeconds: DeletionSeconds };

export type DeletionSeconds = Readonly<Record<"user" | "recording" | "voicemail", number>>;

const believed = {
  rateHeaders: "limited",
  searchLagSeconds: 5,
  callEndLagSeconds: 30,
  assetDelaySeconds: 60,
  deletionSeconds: { user: 60, recording: 600, voicemail: 60 },
  emptyAnswerEvery: 500,
  aiVoiceCallsAtOnce: 5,
  secondCredential: "refused",
} as const;

const kindest = {
  rateHeaders: "always",
  searchLagSeconds: 0,
  callEndLagSeconds: 0,
  assetDelaySeconds: 0,
  deletionSeconds: { user: 0, recording: 0, voicemail: 0 },
  emptyAnswerEvery: 0,
  aiVoiceCallsAtOnce: Infinity,
  secondCredential: "ignored",
} as const;

/** @throws {TypeError} for a word that is not one of those, {RangeError} for a number that cannot be. */
export function readHabits({ kind = false, ...given }: HabitOptions): Habits {
  const usual = kind ? kindest : believed;
  const {
    rateHeaders = usual.rateHeaders,
    searchLagSeconds = usual.searchLagSeconds,
    callEndLagSeconds = usual.callEndLagSeconds,
    assetDelaySeconds = usual.assetDelaySeconds,
    deletionSeconds: all,
    emptyAnswerEvery = usual.emptyAnswerEvery,
    aiVoiceCallsAtOnce = usual.aiVoiceCallsAtOnce,
    secondCredential = usual.secondCredential,
  } = given;
  const deletionSeconds = all === undefined ? usual.deletionSeconds : { user: all, recording: all, voicemail: all };

  requireOneOf("rateHeaders", rateHeaders, ["always", "limited", "never"]);
  requireOneOf("secondCredential", secondCredential, ["refused", "ignored"]);
  requireSeconds({ searchLagSeconds, callEndLagSeconds, assetDelaySeconds, deletionSeconds: all ?? 0 });
  requireCount("emptyAnswerEvery", emptyAnswerEvery, 0);
  if (aiVoiceCallsAtOnce !== Infinity) requireCount("aiVoiceCallsAtOnce", aiVoiceCallsAtOnce, 1);
  const lags = { searchLagSeconds, callEndLagSeconds, assetDelaySeconds, deletionSeconds };
  return { rateHeaders, ...lags, emptyAnswerEvery, aiVoiceCallsAtOnce, secondCredential };
}

function requireSeconds(all: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(all)) {
    if (!(value >= 0 && value < Infinity)) throw new RangeError(`${name} is a number of seconds from 0.`);
  }
}

function requireCount(name: string, value: number, least: number): void {
  if (!(Number.isInteger(value) && value >= least)) throw new RangeError(`${name} is a whole number from ${least}.`);
}
