import { eventKey } from "../../../src/webhooks/parse/event-key";

const hash = "0123456789abcdef".repeat(4);
const short = hash.slice(0, 32);
const keyOf = (name: string, data: object, kind: "webhook" | "callback" = "webhook") =>
  eventKey({ kind, name, resource: "", sentAt: 5, data: data as Record<string, unknown> }, () => hash);

describe("the key of an event", () => {
  it.each([
    ["id", { id: 1, call_id: 2 }, "1"],
    ["call_id", { call_id: 2 }, "2"],
    ["group_conversation_id", { group_conversation_id: "g-1" }, "g-1"],
    ["ai_voice_agent_session_id", { ai_voice_agent_session_id: "s:1" }, "s:1"],
    ["integration_id", { integration_id: 3 }, "3"],
  ])("names its entity by %s", async (_name, data, id) => {
    expect(await keyOf("some.event", data)).toBe(`some.event/${id}/${short}`);
  });

  it.each(["call.ended", "contact.updated"])("of a %s without an entity is a hash", async (name) => {
    expect(await keyOf(name, { updated_at: 7 })).toBe(`${name}/${short}`);
  });

  it.each([Infinity, NaN, null, true, "", "a/b"])("has no room for an id that is %p", async (id) => {
    expect(await keyOf("call.ended", { id })).toBe(`call.ended/${short}`);
  });

  it.each(["call.ended", "contact.updated"])("of a callback named %s holds the hash too", async (name) => {
    expect(await keyOf(name, { id: 1, updated_at: 7 }, "callback")).toBe(`${name}/1/${short}`);
  });

  it("knows a second in each of its ways, and no other moment", async () => {
    const updatedAt = (updated_at: unknown) => keyOf("contact.updated", { id: 1, updated_at });
    expect(await updatedAt("2026-11-30T10:00:00.900Z")).toBe("contact.updated/1/1796032800");
    expect(await updatedAt(1_796_032_800)).toBe("contact.updated/1/1796032800");
    expect(await updatedAt("soon")).toBe(`contact.updated/1/${short}`);
    expect(await updatedAt([7])).toBe(`contact.updated/1/${short}`);
  });

  it("holds the second of contact.updated alone", async () => {
    expect(await keyOf("call.tagged", { id: 1, updated_at: 7 })).toBe(`call.tagged/1/${short}`);
  });

  it("is made of kind, name, moment and data", async () => {
    const seen: string[] = [];
    const sha256 = (text: string) => (seen.push(text), hash);
    await eventKey({ kind: "webhook", name: "call.tagged", resource: "call", sentAt: null, data: { id: 1 } }, sha256);
    expect(seen).toEqual(['["webhook","call.tagged",null,{"id":1}]']);
  });
});
