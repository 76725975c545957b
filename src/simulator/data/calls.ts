import { createHash } from "node:crypto";
import { planDay, planJustMissed, type PlannedCall } from "./day";
import type { Call, Comment, Contact, NestedUser, PhoneNumber, Tag, Team } from "./entities";
import { commentTexts } from "./profiles";
import { createRandom, type Random } from "./random";

export interface CallSeed {
  readonly seed: number;
  /** Which company, counted from zero. */
  readonly index: number;
  readonly now: number;
  readonly callsPerDay: number;
  readonly users: readonly NestedUser[];
  readonly teams: readonly Team[];
  readonly numbers: readonly PhoneNumber[];
  readonly contacts: readonly Contact[];
  readonly strangers: readonly string[];
  readonly tags: readonly Tag[];
}

const daySeconds = 86_400;
const idsPerDay = 20_000;

/**
 * The calls of last week and this week (Monday to Sunday, UTC) that have ended by now, oldest first. Each day is drawn
 * on its own, so a restart minutes later shows the same calls and a few more. Some calls were missed just now, whatever
 * the hour: a page that shows today is never empty.
 */
export function seedCalls(seed: CallSeed): Call[] {
  const nowSeconds = Math.floor(seed.now / 1000);
  const today = Math.floor(nowSeconds / daySeconds);
  const lastMonday = today - ((today + 3) % 7) - 7; // day 0 was a Thursday
  const days = Array.from({ length: today - lastMonday + 1 }, (_, offset) => lastMonday + offset);

  return [...days.flatMap((day) => callsOfDay(day, seed)), ...callsJustMissed(today, nowSeconds, seed)]
    .filter((call) => call.started_at + call.duration <= nowSeconds)
    .sort((one, other) => one.started_at - other.started_at);
}

function callsOfDay(day: number, seed: CallSeed): Call[] {
  const random = createRandom(seed.seed, seed.index, day);
  const weekend = (day + 3) % 7 > 4;
  const plan = planDay({ weekend, callsPerDay: seed.callsPerDay, callers: everyCaller(seed), random });
  return plan.map((call, position) => writeCall(call, firstIdOf(day, seed) + position, day * daySeconds, seed, random));
}

function callsJustMissed(today: number, nowSeconds: number, seed: CallSeed): Call[] {
  if (seed.callsPerDay === 0) return [];
  const random = createRandom(seed.seed, seed.index, today, 1);
  const plan = planJustMissed(nowSeconds - today * daySeconds, { callers: everyCaller(seed), random });
  const firstId = firstIdOf(today, seed) + idsPerDay - plan.length;
  return plan.map((call, position) => writeCall(call, firstId + position, today * daySeconds, seed, random));
}

function everyCaller({ strangers, contacts }: CallSeed): string[] {
  return [...strangers, ...contacts.flatMap((contact) => contact.phone_numbers[0]?.value ?? [])];
}

/** Above 2^31, as Aircall's are. */
function firstIdOf(day: number, { index }: CallSeed): number {
  return 3_000_000_000 + index * 1_000_000_000 + day * idsPerDay;
}

function writeCall(call: PlannedCall, id: number, midnight: number, seed: CallSeed, random: Random): Call {
  const { users, ...number } = random.pick(seed.numbers);
  const user = random.pick(users);
  const startedAt = midnight + call.second;
  const answeredAt = call.talkSeconds === null ? null : startedAt + call.ringSeconds;
  const endedAt = startedAt + call.ringSeconds + (call.talkSeconds ?? 0);
  const recorded = answeredAt !== null && number.live_recording_activated;
  const missed = call.missedReason !== null;

  return {
    id,
    sid: `CA${createHash("md5").update(String(id)).digest("hex")}`,
    direct_link: `/v1/calls/${id}`,
    direction: call.direction,
    status: "done",
    missed_call_reason: call.missedReason,
    started_at: startedAt,
    answered_at: answeredAt,
    ended_at: endedAt,
    duration: endedAt - startedAt,
    raw_digits: call.caller,
    voicemail: call.voicemail ? `/assets/voicemail/${id}` : null,
    recording: recorded ? `/assets/recording/${id}` : null,
    asset: call.voicemail || recorded ? `/assets/${id}` : null,
    archived: !missed && random.chance(0.3),
    number,
    user: missed ? null : user,
    contact: seed.contacts.find((contact) => contact.phone_numbers[0]?.value === call.caller) ?? null,
    assigned_to: missed && random.chance(0.1) ? user : null,
    teams: call.direction === "inbound" ? [withoutUsers(random.pick(seed.teams))] : [],
    comments: random.chance(0.12) ? [writeComment(id, endedAt, user, random)] : [],
    tags: random.chance(0.2) ? [callTag(random.pick(seed.tags))] : [],
  };
}

function withoutUsers({ users: _users, ...team }: Team): Omit<Team, "users"> {
  return team;
}

function writeComment(callId: number, endedAt: number, author: NestedUser, random: Random): Comment {
  return {
    id: callId * 10,
    content: random.pick(commentTexts),
    posted_at: endedAt + random.between(20, 400),
    posted_by: author,
  };
}

function callTag({ id, name }: Tag): { id: number; name: string } {
  return { id, name };
}
