import type { Call, CallTag, NestedUser } from "../../data/entities";
import type { WebhookEvent } from "../../data/webhooks";
import { contactBody, numberBody } from "./parts";
import type { BodyParts } from "./style";

/** Sent while nothing of a call can be heard yet, and when there is. */
const beforeAssets = ["created", "ringing_on_agent", "agent_declined", "answered", "hold", "unhold", "hungup"];
const withAssets = ["comm_assets_generated", "voicemail_left"];
const noAssets = { recording: null, voicemail: null, asset: null } as const;

interface Told {
  readonly event: WebhookEvent;
  readonly call: Call;
  readonly ringing?: NestedUser | null;
}

/** A call as webhooks have it, which is not how it is read: other names, and keys that are absent instead of null. */
export function callBody({ event, call: happened, ringing }: Told, parts: BodyParts): object {
  const { style } = parts;
  const name = event.replace("call.", "");
  const call = shown(happened, name, parts);
  const { sid, user, contact, assigned_to, number, tags, ...others } = call;
  const archived = name === "archived";
  const shownUser = ringing === undefined ? user : ringing;
  const reason = archived && call.answered_at === null ? { missed_call_reason: null } : {};
  return {
    ...others,
    ...reason,
    recording: parts.assets.sign(call.recording),
    voicemail: parts.assets.sign(call.voicemail),
    hangup_cause: call.status === "done" ? "normal_clearing" : null,
    number: numberBody(number, style),
    tags: tags.map((tag) => tagBody(tag, call, parts)),
    ...(shownUser !== null && !archived && name !== "voicemail_left" && { user: shownUser }),
    ...(!style.bare && {
      call_uuid: sid,
      assigned_to,
      participants: participantsOf(call),
      ...(contact && { contact: contactBody(contact, style) }),
    }),
  };
}

/** What happened is told at once; whatever else is told of a call shows it as one who reads it would see it. */
function shown(call: Call, name: string, { known, assetsAtEnd }: BodyParts): Call {
  if (withAssets.includes(name) || (name === "ended" && assetsAtEnd)) return call;
  if (name === "ended" || beforeAssets.includes(name)) return { ...call, ...noAssets };
  return known.view(call);
}

function tagBody(tag: CallTag, call: Call, { style, firstUser }: BodyParts): object {
  const tagged_by = style.emptyTaggedBy ? {} : (call.user ?? firstUser);
  return { ...tag, tagged_at: call.ended_at ?? call.started_at, tagged_by };
}

function participantsOf({ user, contact, raw_digits }: Call): object[] {
  const other = contact
    ? { id: contact.id, type: "contact", name: [contact.first_name, contact.last_name].filter(Boolean).join(" ") }
    : { type: "external" };
  const agent = user ? [{ id: user.id, type: "user", name: user.name, phone_number: null }] : [];
  return [...agent, { ...other, phone_number: raw_digits }];
}
