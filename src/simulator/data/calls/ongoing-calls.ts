import { createHash } from "node:crypto";
import type { Company } from "../company";
import type { Call, PhoneNumber, User } from "../entities";
import { nextCallId } from "../ids";
import { nestedUser } from "../people";
import { hasNumber } from "../phone-digits";
import { insert } from "./timeline";

const ringSeconds = 5;
const talkSeconds = 60;

interface Start {
  readonly user: User;
  readonly number: PhoneNumber;
  /** E.164. */
  readonly to: string;
  /** UNIX seconds. */
  readonly at: number;
}

/** A call that rings from now on, is answered after five seconds and ends a minute later. */
export function startCall(company: Company, { user, number: { users: _users, ...number }, to, at }: Start): Call {
  const id = nextCallId(company);
  const call: Call = {
    id,
    sid: `CA${createHash("md5").update(String(id)).digest("hex")}`,
    direct_link: `/v1/calls/${id}`,
    direction: "outbound",
    status: "initial",
    missed_call_reason: null,
    started_at: at,
    answered_at: null,
    ended_at: null,
    duration: 0,
    raw_digits: to,
    voicemail: null,
    recording: null,
    asset: null,
    archived: false,
    number,
    user: nestedUser(user),
    contact: company.contacts.find((contact) => hasNumber(contact.phone_numbers, to)) ?? null,
    assigned_to: null,
    teams: [],
    comments: [],
    tags: [],
  };
  insert(company.calls, ({ started_at }) => started_at, call);
  company.ongoing.push(call);
  return call;
}

/** Brings the calls that were started here to where they are at this moment, in UNIX seconds. */
export function advanceCalls(company: Company, at: number): void {
  for (const call of company.ongoing) advance(call, at);
  company.ongoing.splice(0, Infinity, ...company.ongoing.filter(({ ended_at }) => ended_at === null));
}

function advance(call: Call, at: number): void {
  const answersAt = call.started_at + ringSeconds;
  const endsAt = answersAt + talkSeconds;
  if (call.status === "initial" && at >= answersAt) Object.assign(call, { status: "answered", answered_at: answersAt });
  if (at < endsAt || call.ended_at !== null) return;
  Object.assign(call, { status: "done", ended_at: endsAt, duration: endsAt - call.started_at });
  if (!call.number.live_recording_activated) return;
  Object.assign(call, { recording: `/assets/recording/${call.id}`, asset: `/assets/${call.id}` });
}
