import { createCallWriter } from "./call-writer";
import { callersOf } from "./callers";
import type { Company } from "../company";
import { planAnswered, planCall, planMissed, type PlannedCall } from "./day";
import type { Call } from "../entities";
import { nextCallId } from "../ids";
import { createRandom, type Random } from "../random";
import { insert } from "./timeline";

const daySeconds = 86_400;

export interface ArrivalSettings {
  readonly seed: number;
  /** UNIX milliseconds. */
  readonly now: () => number;
  readonly callEndLagSeconds: number;
  readonly assetDelaySeconds: number;
}

/**
 * Adds calls to a company, each with what is given of it. One that is over by what is given was over early enough to be
 * read as such; any other rings, or goes on, as long as it cannot have ended yet.
 */
export function addCalls(company: Company, given: readonly Partial<Call>[], settings: ArrivalSettings): Call[] {
  const write = createCallWriter(company);
  const callers = callersOf(company);
  const ids = new Set(company.calls.map(({ id }) => id));
  const nowSeconds = Math.floor(settings.now() / 1000);

  return given.map((wanted) => {
    const { id = nextCallId(company) } = wanted;
    if (ids.has(id)) throw new RangeError(`There is a call ${id} already.`);
    ids.add(id);
    const random = createRandom(settings.seed, id);
    const planned = planWanted(wanted, { callers, random });
    const lengthSeconds = planned.ringSeconds + (planned.talkSeconds ?? 0);
    const over = isOver(wanted);
    const readable = Math.floor(nowSeconds - delayOf(wanted, settings));
    const startedAt = wanted.started_at ?? (over ? readable - lengthSeconds : nowSeconds);
    const second = startedAt % daySeconds;
    const written = write({ ...planned, second }, { id, midnight: startedAt - second }, random);
    const ended = startedAt + lengthSeconds <= nowSeconds;
    const happened = over ? endedBy(readable, written) : ended ? written : goingOn(written, wanted);
    const call = { ...happened, ...wanted };
    if (wanted.duration === undefined && call.ended_at !== null) call.duration = call.ended_at - call.started_at;
    insert(company.calls, (other) => other.started_at, call);
    return call;
  });
}

/** What happens on a call of which this much is known; when is up to who asks. */
function planWanted(wanted: Partial<Call>, parts: { callers: readonly string[]; random: Random }): PlannedCall {
  const { missed_call_reason, voicemail } = wanted;
  const reason = missed_call_reason ?? (voicemail ? "agents_did_not_answer" : null);
  if (reason) return { ...planMissed(reason, parts), voicemail: Boolean(voicemail) };
  return isAnswered(wanted) ? planAnswered(parts) : planCall(parts, 0);
}

function isAnswered({ status, answered_at, recording }: Partial<Call>): boolean {
  return status === "answered" || typeof answered_at === "number" || Boolean(recording);
}

function isOver({ missed_call_reason, status, ended_at, ...assets }: Partial<Call>): boolean {
  if (status !== undefined) return status === "done";
  return Boolean(missed_call_reason) || typeof ended_at === "number" || hasAssets(assets);
}

function hasAssets({ recording, voicemail }: Partial<Call>): boolean {
  return Boolean(recording) || Boolean(voicemail);
}

/** How long after its end a call can be read as it is given. */
function delayOf(wanted: Partial<Call>, { callEndLagSeconds, assetDelaySeconds }: ArrivalSettings): number {
  return hasAssets(wanted) ? Math.max(callEndLagSeconds, assetDelaySeconds) : callEndLagSeconds;
}

/** The same call, over by this moment unless it began later; UNIX seconds. */
function endedBy(moment: number, call: Call): Call {
  const ended_at = Math.max(call.started_at, Math.min(call.ended_at ?? moment, moment));
  const answered_at = call.answered_at === null ? null : Math.min(call.answered_at, ended_at);
  return { ...call, answered_at, ended_at, duration: ended_at - call.started_at };
}

/** Removes the call with this id; false where no company has it. */
export function removeCall(companies: readonly Company[], id: number): boolean {
  for (const { calls } of companies) {
    const position = calls.findIndex((call) => call.id === id);
    if (position >= 0) return calls.splice(position, 1).length > 0;
  }
  return false;
}

/** The same call before its end; it rings, unless it is known to have been answered. */
function goingOn(call: Call, wanted: Partial<Call>): Call {
  const open = { missed_call_reason: null, ended_at: null, duration: 0 } as const;
  const nothingYet = { voicemail: null, recording: null, asset: null } as const;
  const begun = isAnswered(wanted)
    ? ({ status: "answered", answered_at: call.started_at } as const)
    : ({ status: "initial", answered_at: null } as const);
  return { ...call, ...open, ...nothingYet, comments: [], ...begun };
}
