import type { MirroredCall } from "../../../example-app/mirror/mirrored-call";

let ids = 0;

const london = { id: 1, name: "Sales", timeZone: "Europe/London" };

/** A call that was missed then (ISO 8601), unless more is said of it. */
export function callAt(at: string, more: Partial<MirroredCall> = {}): MirroredCall {
  const startedAt = Date.parse(at) / 1000;
  return {
    id: (ids += 1),
    direction: "inbound",
    status: "done",
    number: "+447700900100",
    digits: "+44 7700 900100",
    name: null,
    line: london,
    agent: null,
    assignedTo: null,
    teams: [],
    startedAt,
    answeredAt: null,
    endedAt: startedAt,
    missedReason: "agents_did_not_answer",
    voicemail: false,
    comments: 0,
    tags: [],
    archived: false,
    seenAt: startedAt,
    ...more,
  };
}

/** One that somebody took. */
export function answeredAt(at: string, more: Partial<MirroredCall> = {}): MirroredCall {
  return callAt(at, {
    answeredAt: Date.parse(at) / 1000,
    agent: { id: 1, name: "Grace" },
    missedReason: null,
    ...more,
  });
}
