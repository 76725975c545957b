import type { MirroredCall } from "../../../example-app/mirror/mirrored-call";

/** A missed call, unless it says otherwise. */
const missed: MirroredCall = {
  ...{ id: 0, direction: "inbound", status: "done", number: "+447700900001", digits: "+44 7700 900001", name: null },
  ...{ line: { id: 1, name: "Sales", timeZone: "Europe/London" }, agent: null, assignedTo: null, teams: [] },
  ...{ startedAt: 0, answeredAt: null, endedAt: 30, missedReason: null, voicemail: false, comments: 0, tags: [] },
  ...{ archived: false, seenAt: 0 },
};

export const outbound = { direction: "outbound" } as const;
export const answered = { answeredAt: 1 } as const;

/** Calls in the order given, a minute apart. */
export function calls(...parts: Partial<MirroredCall>[]): MirroredCall[] {
  return parts.map((part, index) => ({ ...missed, id: index + 1, startedAt: index * 60, ...part }));
}
