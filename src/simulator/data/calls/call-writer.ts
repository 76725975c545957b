import type { PlannedCall } from "./day";
import type { Call, Comment, Contact, NestedUser, PhoneNumber, Tag, Team } from "../entities";
import { commentTexts } from "../profiles";
import { createRandom, type Random } from "../random";

/** Of whom and what a company's calls tell. */
export interface Cast {
  readonly teams: readonly Team[];
  readonly numbers: readonly PhoneNumber[];
  readonly contacts: readonly Contact[];
  readonly tags: readonly Tag[];
}

/** The record of a planned call; `midnight` is that of its day, in UNIX seconds. */
export type WriteCall = (
  call: PlannedCall,
  { id, midnight }: { readonly id: number; readonly midnight: number },
  random: Random,
) => Call;

export function createCallWriter(cast: Cast): WriteCall {
  const numbers = cast.numbers.map(({ users, ...number }) => ({ users, number }));
  const teams = cast.teams.map(({ users: _users, ...team }) => team);
  const contacts = contactsByNumber(cast.contacts);

  return function writeCall(call, { id, midnight }, random) {
    const { users, number } = random.pick(numbers);
    const user = random.pick(users);
    const startedAt = midnight + call.second;
    const answeredAt = call.talkSeconds === null ? null : startedAt + call.ringSeconds;
    const endedAt = startedAt + call.ringSeconds + (call.talkSeconds ?? 0);
    const recorded = answeredAt !== null && number.live_recording_activated;
    const missed = call.missedReason !== null;

    return {
      id,
      sid: sidOf(id),
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
      contact: contacts.get(call.caller) ?? null,
      assigned_to: missed && random.chance(0.1) ? user : null,
      teams: call.direction === "inbound" ? [random.pick(teams)] : [],
      comments: random.chance(0.12) ? [writeComment({ callId: id, endedAt, author: user }, random)] : [],
      tags: random.chance(0.2) ? [callTag(random.pick(cast.tags))] : [],
    };
  };
}

/** As the telephone network calls it: `CA` and 32 hexadecimal digits. */
function sidOf(id: number): string {
  const random = createRandom(Math.floor(id / 2 ** 32), id);
  const word = () =>
    random
      .between(0, 2 ** 32 - 1)
      .toString(16)
      .padStart(8, "0");
  return `CA${word()}${word()}${word()}${word()}`;
}

function contactsByNumber(contacts: readonly Contact[]): ReadonlyMap<string, Contact> {
  const found = new Map<string, Contact>();
  for (const contact of contacts) {
    const digits = contact.phone_numbers[0]?.value;
    if (digits !== undefined && !found.has(digits)) found.set(digits, contact);
  }
  return found;
}

interface Commented {
  readonly callId: number;
  readonly endedAt: number;
  readonly author: NestedUser;
}

function writeComment({ callId, endedAt, author }: Commented, random: Random): Comment {
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
