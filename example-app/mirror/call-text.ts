import type { Line, MirroredCall, Named } from "./mirrored-call";

type NamedText = [id: number, name: string];
type LineText = [id: number, name: string, timeZone: string | null];

/** A call as it is written down: a list without names of fields, some 200 bytes. */
type CallText = [
  id: number,
  outbound: 0 | 1,
  status: MirroredCall["status"],
  digits: string | null,
  name: string | null,
  line: LineText | null,
  agent: NamedText | null,
  assignedTo: NamedText | null,
  teams: NamedText[],
  startedAt: number,
  answeredAt: number | null,
  endedAt: number | null,
  missedReason: string | null,
  voicemail: 0 | 1,
  comments: number,
  tags: readonly string[],
  archived: 0 | 1,
  seenAt: number,
];

export function writeCall(call: MirroredCall): string {
  const { line } = call;
  const text: CallText = [
    call.id,
    call.direction === "outbound" ? 1 : 0,
    call.status,
    call.digits,
    call.name,
    line && [line.id, line.name, line.timeZone],
    asText(call.agent),
    asText(call.assignedTo),
    call.teams.map(({ id, name }) => [id, name]),
    call.startedAt,
    call.answeredAt,
    call.endedAt,
    call.missedReason,
    call.voicemail ? 1 : 0,
    call.comments,
    call.tags,
    call.archived ? 1 : 0,
    call.seenAt,
  ];
  return JSON.stringify(text);
}

/** Reads calls of one company. What many calls share, such as their line, is there once. */
export function createCallReader(): (text: string) => MirroredCall {
  const known = new Map<string, unknown>();

  function shared<T>(value: T): T {
    const key = JSON.stringify(value);
    if (!known.has(key)) known.set(key, value);
    return known.get(key) as T;
  }

  return function readCall(text) {
    const [id, outbound, status, digits, name, line, agent, assignedTo, teams, startedAt, ...rest] = JSON.parse(
      text,
    ) as CallText;
    const [answeredAt, endedAt, missedReason, voicemail, comments, tags, archived, seenAt] = rest;
    return {
      id,
      direction: outbound ? "outbound" : "inbound",
      status,
      number: digits && `+${digits.replace(/\D/g, "")}`,
      digits,
      name,
      line: line && shared<Line>({ id: line[0], name: line[1], timeZone: line[2] }),
      agent: shared(asNamed(agent)),
      assignedTo: shared(asNamed(assignedTo)),
      teams: shared(teams.flatMap((team) => asNamed(team) ?? [])),
      startedAt,
      answeredAt,
      endedAt,
      missedReason: shared(missedReason),
      voicemail: voicemail === 1,
      comments,
      tags: shared(tags),
      archived: archived === 1,
      seenAt,
    };
  };
}

function asText(named: Named | null): NamedText | null {
  return named && [named.id, named.name];
}

function asNamed(text: NamedText | null): Named | null {
  return text && { id: text[0], name: text[1] };
}
