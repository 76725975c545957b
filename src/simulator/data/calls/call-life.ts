import type { Company } from "../company";
import type { Call, NestedUser, User } from "../entities";
import type { Happening, Tell } from "../happening";
import type { WebhookEvent } from "../webhooks";
import { hasInsights } from "./call-insights";

/** What happens to a call at one moment of its life. */
export interface Step {
  /** Seconds since the call began. */
  readonly after: number;
  readonly change: () => void;
  /** What is told of it then, in this order. */
  readonly happenings: readonly Happening[];
}

export interface Life {
  /** As it begins: it rings. */
  readonly call: Call;
  /** Earliest first. */
  readonly steps: readonly Step[];
}

export interface LifeSettings {
  readonly callEndLagSeconds: number;
  readonly assetDelaySeconds: number;
}

const nothing = () => undefined;

/** The life of a call that ends as `end`: created, rung, answered or not, hung up, ended, recorded and transcribed. */
export function planLife(company: Company, end: Call, settings: LifeSettings): Life {
  const call = beginningOf(end);
  const of = (...events: WebhookEvent[]) => events.map((event) => ({ event, call }));
  const length = end.duration;
  const answerAfter = end.answered_at === null ? null : end.answered_at - end.started_at;
  const endAfter = length + settings.callEndLagSeconds;
  const heardAfter = Math.max(endAfter, length + settings.assetDelaySeconds);
  const understoodAfter = Math.max(endAfter, length + 2 * settings.assetDelaySeconds);
  const { recording, voicemail, asset, comments, tags, archived, assigned_to } = end;
  const heard = [...(voicemail ? of("call.voicemail_left") : []), ...of("call.comm_assets_generated")];
  const { answered_at, ended_at, duration, missed_call_reason, user } = end;
  const over = { status: "done", ended_at, duration, missed_call_reason, recording, voicemail, asset } as const;
  const answer = () => Object.assign(call, { status: "answered", answered_at, user: call.user ?? user });

  const steps: (Step | null)[] = [
    { after: 0, change: nothing, happenings: of("call.created") },
    rungStep(company, end, call),
    answerAfter === null ? null : { after: answerAfter, change: answer, happenings: of("call.answered") },
    { after: length, change: () => Object.assign(call, over), happenings: of("call.hungup") },
    ...wrapUp(company, end),
    {
      after: endAfter,
      change: () => Object.assign(call, { comments, tags, archived, assigned_to }),
      happenings: of("call.ended"),
    },
    recording || voicemail ? { after: heardAfter, change: nothing, happenings: heard } : null,
    understood(company, end)
      ? { after: understoodAfter, change: nothing, happenings: of(...understanding(end)) }
      : null,
  ];
  return { call, steps: steps.filter((step) => step !== null).sort((one, other) => one.after - other.after) };
}

/** Plays the life of a call as time passes, from now; nobody is told of a call any more that is removed meanwhile. */
export function live(company: Company, { call, steps }: Life, tell: Tell): void {
  company.ongoing.push(call);
  for (const step of steps) {
    const at = (call.started_at + step.after) * 1000;
    const happen = () => {
      if (!company.calls.includes(call)) return;
      take(company, { call, step });
      for (const happening of step.happenings) tell(company, { at, ...happening });
    };
    if (step.after === 0) happen();
    else company.later.push({ at, happen });
  }
}

/** Brings a call to this step of its life. */
export function take({ ongoing }: Company, { call, step }: { call: Call; step: Step }): void {
  step.change();
  const at = ongoing.indexOf(call);
  if (at >= 0 && call.status === "done") ongoing.splice(at, 1);
}

/** Tells of what a call that is there already has gone through; what is still to come is told when it does. */
export function tellPast(
  company: Company,
  call: Call,
  { now, tell, ...settings }: LifeSettings & { readonly now: number; readonly tell: Tell },
): void {
  if (call.status !== "done") return tellBeginning(company, call, tell);
  for (const { after, change, happenings } of planLife(company, call, settings).steps) {
    const at = (call.started_at + after) * 1000;
    const happen = () => {
      change();
      for (const happening of happenings) tell(company, { at, ...happening });
    };
    if (at <= now) happen();
    else company.later.push({ at, happen });
  }
}

function tellBeginning(company: Company, call: Call, tell: Tell): void {
  tell(company, { event: "call.created", call: beginningOf(call), at: call.started_at * 1000 });
  if (call.answered_at !== null) tell(company, { event: "call.answered", call, at: call.answered_at * 1000 });
}

function beginningOf(end: Call): Call {
  const open = { status: "initial", missed_call_reason: null, answered_at: null, ended_at: null, duration: 0 } as const;
  const nothingYet = { voicemail: null, recording: null, asset: null, archived: false, assigned_to: null } as const;
  const user = end.direction === "outbound" ? end.user : null;
  return { ...end, ...open, ...nothingYet, comments: [], tags: [], user };
}

function rungStep(company: Company, end: Call, call: Call): Step | null {
  const ringing = rungUser(company, end);
  if (!ringing) return null;
  const happenings = [{ event: "call.ringing_on_agent", call, ringing } as const];
  return { after: Math.min(1, end.duration), change: nothing, happenings };
}

/** Who is rung: who takes the call, or the first at the number who does not. */
function rungUser({ numbers }: Company, { direction, user, missed_call_reason, number }: Call): NestedUser | null {
  if (direction === "outbound") return null;
  if (user) return user;
  const rung = missed_call_reason === "agents_did_not_answer" || missed_call_reason === "abandoned_in_classic";
  return (rung && numbers.find(({ id }) => id === number.id)?.users[0]) || null;
}

function wrapUp(company: Company, { answered_at, duration, user }: Call): Step[] {
  const agent = company.users.find(({ id }) => id === user?.id);
  if (answered_at === null || !agent || agent.wrap_up_time === 0) return [];
  const of = (name: string): Happening[] => twins(agent, `user.${name}`);
  return [
    { after: duration, change: nothing, happenings: of("wut_start") },
    { after: duration + agent.wrap_up_time, change: nothing, happenings: of("wut_end") },
  ];
}

/** A user's event in both versions, with `.v2` and without. */
export function twins(user: User, event: WebhookEvent, overrides?: object): Happening[] {
  const more = overrides && { overrides };
  return [
    { event: `${event}.v2`, user, ...more },
    { event, user, ...more },
  ];
}

function understood({ entitlements }: Company, end: Call): boolean {
  return entitlements.conversationIntelligence && (hasInsights(end) || end.voicemail !== null);
}

function understanding(end: Call): WebhookEvent[] {
  if (!hasInsights(end)) return ["transcription.created"];
  return ["transcription.created", "summary.created", "topics.created", "sentiment.created", "action_item.created"];
}
