import type { Call } from "express-aircall";

const reasons: Readonly<Record<string, string>> = {
  out_of_opening_hours: "Outside opening hours",
  short_abandoned: "Hung up within seconds",
  abandoned_in_ivr: "Hung up in the menu",
  abandoned_in_classic: "Hung up while waiting",
  no_available_agent: "Nobody was available",
  agents_did_not_answer: "Nobody picked up",
};

/** Why a call was missed; Aircall may add reasons. */
export function reasonOf({ missed_call_reason }: Pick<Call, "missed_call_reason">): string {
  return reasons[missed_call_reason ?? ""] ?? "Not answered";
}

/** Who rang, as far as Aircall's contacts know: a person, with their company if both are known. */
export function nameOf({ contact }: Call): string | null {
  const person = [contact?.first_name, contact?.last_name].filter(Boolean).join(" ");
  return [person, contact?.company_name].filter(Boolean).join(", ") || null;
}
