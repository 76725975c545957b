import type { Call } from "express-aircall";
import { writeDuration } from "../glance/duration";
import { reasonOf } from "../words";

/** How a call went, for the colour it is shown in. */
export type Outcome = "reached" | "tried" | "missed" | "ongoing";

export function outcomeOf({ direction, status, answered_at }: Call): Outcome {
  if (status !== "done") return "ongoing";
  if (answered_at !== null) return "reached";
  return direction === "outbound" ? "tried" : "missed";
}

/** What happened in it, in a few words. */
export function wordsOf(call: Call): string {
  const outbound = call.direction === "outbound";
  const who = call.user?.name ?? "somebody";
  const lasted =
    call.answered_at === null || call.ended_at === null ? "" : `, ${writeDuration(call.ended_at - call.answered_at)}`;
  const words: Record<Outcome, string> = {
    ongoing: call.status === "answered" ? `On the phone with ${who}` : outbound ? `${who} is calling` : "Ringing now",
    reached: outbound ? `Called by ${who}${lasted}` : `Answered by ${who}${lasted}`,
    tried: `${who} called, and they did not pick up`,
    missed: `Missed: ${lowerFirst(reasonOf(call))}`,
  };
  return words[outcomeOf(call)];
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
