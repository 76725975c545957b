import type { MirroredCall } from "../mirror/mirrored-call";
import { addCall, emptyTally, type CallKind, type Tally } from "./tally";
import { medianOf, type WaitLength } from "./wait-figures";

export interface LineFigures extends Tally {
  readonly name: string;
  /** How long it took to reach those who were missed there, in seconds; null where nobody was reached. */
  readonly medianWait: number | null;
}

export interface AgentFigures {
  readonly name: string;
  readonly answered: number;
  /** How many who had been missed they reached, by calling back or by answering the next call. */
  readonly reached: number;
  readonly medianWait: number | null;
}

interface Counted {
  readonly call: MirroredCall;
  readonly kind: CallKind;
}

/** The busiest line first. */
export function byLine(counted: readonly Counted[], waits: readonly WaitLength[]): LineFigures[] {
  const tallies = new Map<string, Tally>();
  for (const { call, kind } of counted) {
    const name = lineNameOf(call);
    tallies.set(name, addCall(tallies.get(name) ?? emptyTally, kind));
  }
  return [...tallies]
    .map(([name, tally]) => ({
      name,
      ...tally,
      medianWait: medianWaitOf(waits.filter(({ missed }) => lineNameOf(missed) === name)),
    }))
    .sort((one, other) => sizeOf(other) - sizeOf(one) || one.name.localeCompare(other.name));
}

/** Who answered or reached somebody; whoever did most of it first. */
export function byAgent(counted: readonly Counted[], waits: readonly WaitLength[]): AgentFigures[] {
  const answered = counted.filter(({ kind }) => kind === "answered").map(({ call }) => call);
  const reached = waits.filter((wait) => wait.reached !== null);
  const names = new Set([...answered, ...reached.map(({ reached }) => reached)].map(agentNameOf));
  return [...names]
    .map((name) => {
      const theirs = reached.filter((wait) => agentNameOf(wait.reached) === name);
      const calls = answered.filter((call) => agentNameOf(call) === name).length;
      return { name, answered: calls, reached: theirs.length, medianWait: medianWaitOf(theirs) };
    })
    .sort(
      (one, other) => other.answered + other.reached - one.answered - one.reached || one.name.localeCompare(other.name),
    );
}

function lineNameOf({ line }: MirroredCall): string {
  return line?.name ?? "Unknown line";
}

function agentNameOf(call: MirroredCall | null): string {
  return call?.agent?.name ?? "Nobody in particular";
}

function medianWaitOf(waits: readonly WaitLength[]): number | null {
  const lengths = waits.flatMap(({ seconds }) => (seconds === null ? [] : [seconds]));
  return medianOf(lengths.sort((one, other) => one - other));
}

function sizeOf({ answered, missed, closed }: Tally): number {
  return answered + missed + closed;
}
