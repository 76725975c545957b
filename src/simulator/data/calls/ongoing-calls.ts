import { createHash } from "node:crypto";
import type { Company } from "../company";
import type { Call, PhoneNumber, User } from "../entities";
import type { Tell } from "../happening";
import { nextCallId } from "../ids";
import { nestedUser } from "../people";
import { hasNumber } from "../phone-digits";
import { live, planLife, type LifeSettings } from "./call-life";
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
export function startCall(company: Company, start: Start, { tell, ...settings }: LifeSettings & { tell: Tell }): Call {
  const life = planLife(company, endOf(company, start), settings);
  insert(company.calls, ({ started_at }) => started_at, life.call);
  live(company, life, tell);
  return life.call;
}

function endOf(company: Company, { user, number: { users: _users, ...number }, to, at }: Start): Call {
  const id = nextCallId(company);
  const recorded = number.live_recording_activated;
  const duration = ringSeconds + talkSeconds;
  return {
    id,
    sid: `CA${createHash("md5").update(String(id)).digest("hex")}`,
    direct_link: `/v1/calls/${id}`,
    direction: "outbound",
    status: "done",
    missed_call_reason: null,
    started_at: at,
    answered_at: at + ringSeconds,
    ended_at: at + duration,
    duration,
    raw_digits: to,
    voicemail: null,
    recording: recorded ? `/assets/recording/${id}` : null,
    asset: recorded ? `/assets/${id}` : null,
    archived: false,
    number,
    user: nestedUser(user),
    contact: company.contacts.find((contact) => hasNumber(contact.phone_numbers, to)) ?? null,
    assigned_to: null,
    teams: [],
    comments: [],
    tags: [],
  };
}
