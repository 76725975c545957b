import type { AircallEvent, EventHandlers, User } from "express-aircall";
import type { BoardCompany, CompanyKey } from "./company";
import type { Mirror } from "./mirror";
import type { MirroredCall } from "./mirrored-call";

export const userEvents = [
  ...(["user.created.v2", "user.deleted.v2", "user.connected.v2", "user.disconnected.v2"] as const),
  ...(["user.opened.v2", "user.closed.v2", "user.wut_start.v2", "user.wut_end.v2"] as const),
] satisfies (keyof EventHandlers)[];

export type UserEvent = (typeof userEvents)[number];

/** Somebody who works with Aircall, as far as lists and events say. Moments are UNIX seconds. */
export interface Agent {
  readonly id: number;
  readonly name: string;
  readonly available: boolean;
  /** Why they are away, in Aircall's or the company's words; null where nobody said. */
  readonly reason: string | null;
  /** Since when it is so; null where that began before anybody listened. */
  readonly since: number | null;
}

/** What they do right now. */
export interface AgentState extends Agent {
  readonly doing: "free" | "ringing" | "talking" | "wrapping up" | "away";
}

const wrappingUp = "wrapping up";

/** Everybody of a company and what they do, those first who can take a call. */
export function agentStates(mirror: Mirror, company: CompanyKey): AgentState[] {
  const agents = [...mirror.fields(company, "agents").values()].map((text) => JSON.parse(text) as Agent);
  const busy = new Map(ongoing(mirror.calls(company)).map((call) => [call.agent?.id, call]));
  return agents
    .map((agent) => stateOf(agent, busy.get(agent.id)))
    .sort((one, other) => rank[one.doing] - rank[other.doing] || one.name.localeCompare(other.name));
}

const rank: Readonly<Record<AgentState["doing"], number>> = {
  free: 0,
  "wrapping up": 1,
  ringing: 2,
  talking: 3,
  away: 4,
};

/** Longer than any call, in case that nobody told of its end. */
const longestSeconds = 4 * 3600;

function ongoing(calls: readonly MirroredCall[]): MirroredCall[] {
  const newest = calls.at(-1)?.startedAt ?? 0;
  return calls.filter(({ status, startedAt }) => status !== "done" && startedAt > newest - longestSeconds);
}

function stateOf(agent: Agent, call: MirroredCall | undefined): AgentState {
  if (call?.status === "answered") return { ...agent, doing: "talking", since: call.answeredAt };
  if (call) return { ...agent, doing: "ringing", since: call.startedAt };
  if (agent.reason === wrappingUp) return { ...agent, doing: wrappingUp, reason: null };
  return { ...agent, doing: agent.available ? "free" : "away" };
}

/** Reads everybody: once where events say what changes, and again and again where they do not. */
export async function readAgents(
  mirror: Mirror,
  { key, client }: BoardCompany,
  { signal, now }: Reading,
): Promise<void> {
  const before = mirror.fields(key, "agents");
  const fields: Record<string, string | null> = Object.fromEntries([...before.keys()].map((id) => [id, null]));
  for await (const user of client.users.iterate({}, { lane: "bulk", signal })) {
    const known = readAgent(mirror, key, String(user.id));
    fields[user.id] = JSON.stringify(sinceWhen(agentOf(user, known && Math.floor(now() / 1000)), known));
  }
  const changed = Object.entries(fields).filter(([id, text]) => before.get(id) !== text);
  if (changed.length > 0) await mirror.write(key, "agents", Object.fromEntries(changed));
}

interface Reading {
  readonly signal: AbortSignal;
  readonly now: () => number;
}

/** Notes what an event says of somebody. */
export async function noteAgent(mirror: Mirror, company: CompanyKey, event: AircallEvent<UserEvent>): Promise<void> {
  const { name, data, timestamp } = event;
  const id = String(data.id);
  if (name === "user.deleted.v2") return mirror.write(company, "agents", { [id]: null });
  const seconds = Math.floor(timestamp.getTime() / 1000);
  const known = readAgent(mirror, company, id);
  if (known?.since && known.since > seconds) return;
  const told = agentOf({ available: known?.available ?? false, ...data }, seconds);
  const agent = sinceWhen({ ...told, ...afterwards[name] }, known);
  await mirror.write(company, "agents", { [id]: JSON.stringify(agent) });
}

/** As they were, for as long as they have been so. */
function sinceWhen(agent: Agent, known: Agent | null): Agent {
  const unchanged = known?.available === agent.available && known.reason === agent.reason;
  return unchanged ? { ...agent, since: known.since } : agent;
}

/** What an event says beyond what stands in it. */
const afterwards: Partial<Record<UserEvent, Partial<Agent>>> = {
  "user.disconnected.v2": { available: false, reason: "signed out" },
  "user.closed.v2": { available: false },
  "user.opened.v2": { available: true, reason: null },
  "user.wut_start.v2": { reason: wrappingUp },
  "user.wut_end.v2": { reason: null },
};

function readAgent(mirror: Mirror, company: CompanyKey, id: string): Agent | null {
  const text = mirror.fields(company, "agents").get(id);
  return text === undefined ? null : (JSON.parse(text) as Agent);
}

function agentOf(
  user: Pick<User, "id" | "name"> & { available?: boolean; substatus?: string | null },
  since: number | null,
): Agent {
  const { id, name, available = false, substatus } = user;
  const reason = available || !substatus ? null : substatus.replaceAll("_", " ");
  return { id: Number(id), name, available, reason, since };
}
