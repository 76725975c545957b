export const token = "b5d1f0c2a7";

/** A delivery as Aircall writes it. */
export function delivery(changes: object = {}): Record<string, unknown> {
  return { resource: "call", event: "call.ended", timestamp: 1_790_000_123, token, data: endedCall, ...changes };
}

export const endedCall = { id: 4_200_000_001, direction: "inbound", status: "done", answered_at: null };
