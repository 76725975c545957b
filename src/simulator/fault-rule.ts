import { requireKnown } from "./known";

/** Something that goes wrong, and when. What is not given does not happen. */
export interface FaultRule {
  /**
   * Which requests; all of them when omitted. A string is the whole path, without the query; a segment such as `:id`
   * in it stands for any one segment.
   */
  match?: { method?: string | undefined; path?: string | RegExp | undefined } | undefined;
  /** How many requests it strikes before it is over. Default: every one, until removed. */
  times?: number | undefined;
  /** Real milliseconds before anything else happens. Alone, it only makes the answer late. */
  latencyMs?: number | undefined;
  /** Answers with this status and does nothing else. */
  status?: number | undefined;
  /** The body beside `status` (200 when only this is given): text goes out as HTML, everything else as JSON. */
  body?: unknown;
  /** Answers with JSON that stops in the middle, and does nothing else. */
  brokenJson?: true | undefined;
  /** Resets the connection `before` doing anything, or `after` having done it, in place of the answer. */
  reset?: "before" | "after" | undefined;
  /** Never answers; the connection stays open. */
  hang?: true | undefined;
  /** Answers 429 with its headers. The limit ends after one second by `now`, or when told. */
  rateLimited?: true | { resetInSeconds: number } | undefined;
}

const effects = ["latencyMs", "status", "body", "brokenJson", "reset", "hang", "rateLimited"] as const;
const known = ["match", "times", ...effects];

/** The rule as it was given. @throws {TypeError} for one that strikes by mistake, never, or without effect. */
export function readFaultRule(rule: FaultRule): FaultRule {
  requireKnown("fail()", rule, known);
  if (rule.match !== undefined) requireMatch(rule.match);
  if (typeof rule.rateLimited === "object") requireKnown("rateLimited", rule.rateLimited, ["resetInSeconds"]);
  if (!effects.some((effect) => rule[effect] !== undefined && rule[effect] !== false)) {
    throw new TypeError(`This rule of fail() does nothing. Give it one of ${effects.join(", ")}.`);
  }
  const { status = 200, reset = "before" } = rule;
  if (!(Number.isInteger(status) && status >= 200 && status <= 599)) {
    throw new TypeError("status is a whole number from 200 to 599.");
  }
  if (!["before", "after"].includes(reset)) throw new TypeError('reset is "before" or "after".');
  return rule;
}

function requireMatch(match: NonNullable<FaultRule["match"]>): void {
  requireKnown("match", match, ["method", "path"]);
  const { path } = match;
  if (typeof path !== "string" || /^\/[^?]*$/.test(path)) return;
  throw new TypeError('match.path begins with "/" and ends before the query, or is a RegExp.');
}
