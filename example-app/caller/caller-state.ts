import { findCallers } from "../board/callers";
import { takeOf, type Take } from "../board/notes";
import { digestOf } from "../board/render";
import type { OpenBoard } from "../board-of";
import { agentStates, type AgentState } from "../mirror/agents";
import type { MirroredCall } from "../mirror/mirrored-call";

/** What the board knows of a caller by itself. Nothing of it is asked of Aircall. */
export interface CallerState {
  /** The week's calls with them, the oldest first. */
  readonly calls: readonly MirroredCall[];
  /** Who is on them; null where nobody is. */
  readonly holder: Take | null;
  readonly agents: readonly AgentState[];
}

/** `number` in E.164, null for a call without; `id` is a call of theirs. */
export function callerState(
  { mirror, key }: OpenBoard,
  { id, number }: { readonly id: number; readonly number: string | null },
): CallerState {
  const all = mirror.calls(key);
  const calls = all.filter((call) => (number === null ? call.id === id : call.number === number));
  const caller = number === null ? undefined : findCallers(all).find((one) => one.number === number);
  return { calls, holder: caller ? takeOf(mirror, key, caller) : null, agents: agentStates(mirror, key) };
}

/** Names what their page shows: their calls before the dot, and behind it who may call them back and who does. */
export function digestOfState({ calls, holder, agents }: CallerState): string {
  const there = agents.filter(isThere).map(({ id, name, doing }) => [id, name, doing]);
  return `${digestOf(JSON.stringify(calls))}.${digestOf(JSON.stringify([holder, there, agents.length > 0]))}`;
}

/** Whether somebody can be sent a number now: on a call, they find it in their dialer after it. */
export function isThere({ doing }: AgentState): boolean {
  return doing !== "away";
}
