/** What a script answers: whole numbers may come as text. */
export type Reply = string | number | null | readonly Reply[];

/**
 * A reply in one form, whatever the app's client makes of them: texts as Buffer, numbers as text or bigint, lists as Set
 * or Map (type mappings of node-redis, RESP3, `stringNumbers` of ioredis).
 */
export function plainReply(reply: unknown): Reply {
  if (typeof reply === "string" || typeof reply === "number") return reply;
  if (typeof reply === "bigint") return String(reply);
  if (typeof reply === "boolean") return reply ? 1 : null;
  if (reply instanceof String || reply instanceof Number) return plainReply(reply.valueOf());
  if (ArrayBuffer.isView(reply)) return Buffer.from(reply.buffer, reply.byteOffset, reply.byteLength).toString();
  if (reply instanceof Map) return [...reply].flat().map(plainReply);
  if (reply instanceof Set) return [...reply].map(plainReply);
  if (Array.isArray(reply)) return reply.map(plainReply);
  return null;
}
