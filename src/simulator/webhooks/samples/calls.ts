import { addCalls, type ArrivalSettings } from "../../data/calls/arrivals";
import type { Company } from "../../data/company";
import type { Call } from "../../data/entities";
import type { Happening } from "../../data/happening";
import { nextCallId } from "../../data/ids";
import { nestedUser } from "../../data/people";
import type { WebhookEvent } from "../../data/webhooks";

export interface SampleSettings extends ArrivalSettings {
  /** Of the call that it is to be about. */
  readonly id?: number;
}

const whileRinging = ["created", "ringing_on_agent", "agent_declined", "ivr_option_selected"];
const whileTalking = ["answered", "hold", "unhold", "transferred", "external_transferred", "unsuccessful_transfer"];
const aboutCalls = [
  ...["call", "transcription", "summary", "topics", "sentiment", "action_item", "playbook_result"],
  ...["realtime_transcription", "custom_summary", "call_evaluation"],
];

export function isAboutCalls(event: WebhookEvent): boolean {
  const [kind = ""] = event.split(".");
  return aboutCalls.includes(kind);
}

/** The call with this id; else one that has just come that far, and gets it. */
export function sampleCall(
  company: Company,
  event: WebhookEvent,
  { id = nextCallId(company), ...settings }: SampleSettings,
): Happening & { readonly call: Call } {
  const [kind = "", name = ""] = event.split(".");
  const known = company.calls.find((call) => call.id === id);
  const [call] = known ? [known] : (addCalls(company, [{ id, ...wanted(kind, name, id) }], settings) as [Call]);
  const [user = null] = company.numbers.find((number) => number.id === call.number.id)?.users ?? [];
  complete(company, name, call);
  const ringing = ["ringing_on_agent", "agent_declined"].includes(name) && { ringing: user };
  const overrides = extras(company, name, call);
  return { event, call, ...ringing, ...(overrides && { overrides }) };
}

function wanted(kind: string, name: string, id: number): Partial<Call> {
  if (kind === "realtime_transcription") return { status: "answered", direction: "inbound" };
  if (kind !== "call") return { recording: `/assets/recording/${id}`, asset: `/assets/${id}` };
  if (whileRinging.includes(name)) return { direction: "inbound", user: null };
  if (whileTalking.includes(name)) return { status: "answered", direction: "inbound" };
  if (name === "voicemail_left") return { voicemail: `/assets/voicemail/${id}`, asset: `/assets/${id}` };
  if (name === "archived") return { archived: true, missed_call_reason: "agents_did_not_answer" };
  if (name === "comm_assets_generated") return { recording: `/assets/recording/${id}`, asset: `/assets/${id}` };
  return { status: "done" };
}

/** A call that was tagged has a tag, one that was commented on a comment. */
function complete({ users, tags }: Company, name: string, call: Call): void {
  const [tag] = tags;
  if (name === "tagged" && tag && call.tags.length === 0) call.tags = [{ id: tag.id, name: tag.name }];
  if (name !== "commented" || call.comments.length > 0) return;
  const posted_by = users[0] ? nestedUser(users[0]) : null;
  const posted_at = call.ended_at ?? call.started_at;
  call.comments.push({ id: call.id * 10, content: "Please call back after 3 pm.", posted_at, posted_by });
}

/** What only this event is about. */
function extras({ users }: Company, name: string, call: Call): object | null {
  const [by, to] = users;
  const at = call.started_at;
  const option = { id: String(call.id), title: "Sales", key: "1", branch: "1", created_at: at };
  const others: Record<string, object> = {
    transferred: { transferred_by: by, transferred_to: to },
    unsuccessful_transfer: { transferred_by: by, transferred_to: to },
    external_transferred: { external_transferred_to: "+442079460123", external_caller_number: call.raw_digits },
    ivr_option_selected: {
      ivr_options_selected: [{ ...option, transition_started_at: at, transition_ended_at: null }],
    },
    assigned: { assigned_to: to },
    untagged: { tags: [] },
  };
  return others[name] ?? null;
}
