import {
  actionItemsOf,
  customSummaryOf,
  evaluationsOf,
  playbookResultOf,
  sentimentOf,
  summaryOf,
  topicsOf,
  transcriptionOf,
} from "../../data/calls/call-insights";
import type { Company } from "../../data/company";
import type { Call, User } from "../../data/entities";
import type { Happening } from "../../data/happening";
import { callBody } from "./call";
import { contactBody, numberBody } from "./parts";
import type { BodyParts, BodyStyle } from "./style";
import { utterancesOf } from "./utterances";

/** What a webhook's `data` holds. */
export function bodyOf(company: Company, happening: Happening, parts: BodyParts): object {
  const body = ownBody(company, happening, parts);
  return happening.overrides ? over(body, happening.overrides) : body;
}

function ownBody(company: Company, happening: Happening, parts: BodyParts): object {
  if ("data" in happening) return happening.data;
  if ("message" in happening) return happening.message;
  if ("number" in happening) return numberBody(happening.number, parts.style);
  if ("contact" in happening) return contactBody(happening.contact, parts.style);
  if ("user" in happening) return userBody(company, happening, parts.style);
  const insight = insights[happening.event];
  return insight ? insight(happening.call) : callBody(happening, parts);
}

const insights: Readonly<Record<string, (call: Call) => object>> = {
  "transcription.created": (call) => transcriptionOf(call) ?? { id: call.id, call_id: call.id, call_uuid: call.sid },
  "summary.created": summaryOf,
  "topics.created": topicsOf,
  "sentiment.created": sentimentOf,
  "action_item.created": actionItemsOf,
  "playbook_result.created": (call) => playbookResultOf(call, { withPlaybook: true }),
  "playbook_result.updated": (call) => playbookResultOf(call, { withPlaybook: true }),
  "custom_summary.result_created": customSummaryOf,
  "custom_summary.result_updated": customSummaryOf,
  "call_evaluation.created": evaluationsOf,
  "call_evaluation.updated": evaluationsOf,
  "realtime_transcription.utterances_received": utterancesOf,
};

/** The first version has the user's numbers whole, the second has none. */
function userBody(company: Company, { event, user }: { event: string; user: User }, style: BodyStyle): object {
  const { role_ids: _, ...shown } = user;
  if (event.endsWith(".v2")) return shown;
  const own = company.numbers.filter(({ users }) => users.some(({ id }) => id === user.id));
  return { ...shown, numbers: own.map((number) => numberBody(number, style)) };
}

function over(body: object, overrides: object): object {
  const merged = Object.entries({ ...body, ...overrides });
  return Object.fromEntries(merged.filter(([, value]) => value !== undefined));
}
