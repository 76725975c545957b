import { parseAircallEvent, type ParseOptions, WebhookError } from "express-aircall/webhooks";
import { delivery, endedCall, token } from "./deliveries";

const options = { tokens: [token] };
const text = (changes?: object) => JSON.stringify(delivery(changes));
const refusal = async (body: unknown, given: ParseOptions = options) => {
  const error = await parseAircallEvent(body as object, given).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  return error instanceof WebhookError ? error.status : error;
};

describe("parseAircallEvent", () => {
  it.each([
    ["text", text()],
    ["bytes", new TextEncoder().encode(text())],
    ["an ArrayBuffer", new TextEncoder().encode(text()).buffer],
    ["text with a byte order mark", `\uFEFF${text()}`],
    ["what a body parser made of it", delivery()],
  ])("reads %s", async (_, body) => {
    await expect(parseAircallEvent(body, options)).resolves.toEqual({
      kind: "webhook",
      name: "call.ended",
      resource: "call",
      data: endedCall,
      timestamp: new Date(1_790_000_123_000),
      id: "call.ended/4200000001",
      tokenIndex: 0,
    });
  });

  it("says which of several tokens it was", async () => {
    await expect(parseAircallEvent(text(), { tokens: ["other", undefined, token] })).resolves.toMatchObject({
      tokenIndex: 2,
    });
  });

  it.each([
    ["seconds", 1_790_000_123, new Date(1_790_000_123_000)],
    ["milliseconds", 1_790_000_123_456, new Date(1_790_000_123_456)],
    ["nothing", undefined, null],
    ["text", "yesterday", null],
    ["what no calendar holds", 1e300, null],
    ["a moment before all", -5, null],
    ["zero", 0, null],
    ["the first of what is milliseconds", 1e12, new Date(1e12)],
    ["the last of what a calendar holds", 8.64e15, new Date(8.64e15)],
  ])("takes %s for its moment", async (_, timestamp, expected) => {
    await expect(parseAircallEvent(text({ timestamp }), options)).resolves.toMatchObject({ timestamp: expected });
  });

  it("tells a number's callback from a webhook, and looks its token up among its own", async () => {
    const callback = { ...delivery(), event: undefined, event_name: "message.updated", timestamp: 1_790_000_123_456 };
    const body = JSON.stringify(callback);
    await expect(parseAircallEvent(body, { tokens: [], numberTokens: [token] })).resolves.toMatchObject({
      kind: "callback",
      name: "message.updated",
      timestamp: new Date(1_790_000_123_456),
    });
    expect(await refusal(body)).toBe(401);
    expect(await refusal(text(), { tokens: [], numberTokens: [token] })).toBe(401);
  });

  it.each([
    ["call", "call"],
    [7, ""],
    ["a b", ""],
    [undefined, ""],
  ])("takes %j for its resource where it is a word", async (resource, expected) => {
    await expect(parseAircallEvent(text({ resource }), options)).resolves.toMatchObject({ resource: expected });
  });

  it.each(["a".repeat(100), "a"])("takes a name of up to 100 letters: %s", async (event) => {
    await expect(parseAircallEvent(text({ event }), options)).resolves.toMatchObject({ name: event });
  });

  it("says what is wrong", async () => {
    await expect(parseAircallEvent(text({ token: "other" }), options)).rejects.toMatchObject({
      code: "webhook_token",
      message: expect.stringContaining("carries no token that is known here"),
    });
    await expect(parseAircallEvent(text({ data: 1 }), options)).rejects.toMatchObject({
      code: "webhook_body",
      message: expect.stringContaining("it needs a name, a token and data"),
    });
  });

  it("takes events that nobody knows yet", async () => {
    await expect(parseAircallEvent(text({ event: "fax.received" }), options)).resolves.toMatchObject({
      name: "fax.received",
    });
  });

  it.each([
    ["another", { token: "other" }],
    ["a part of it", { token: token.slice(0, -1) }],
    ["more than it", { token: `${token}0` }],
    ["none", { token: undefined }],
    ["an empty one", { token: "" }],
    ["null", { token: null }],
    ["a number", { token: 7 }],
    ["a list with it", { token: [token] }],
    ["an object", { token: { length: token.length } }],
    ["__proto__", { token: "__proto__" }],
    ["1 MB of it", { token: token.repeat(90_000) }],
  ])("refuses %s for a token with 401", async (_, changes) => {
    expect(await refusal(text(changes))).toBe(401);
  });

  it.each([
    ["an empty list", []],
    ["what the environment did not have", [undefined, ""]],
    ["a token that is none", [null as unknown as string]],
  ])("refuses all with %s for its tokens", async (_, tokens) => {
    expect(await refusal(text(), { tokens })).toBe(401);
    expect(await refusal(text({ token: "" }), { tokens })).toBe(401);
    expect(await refusal(text({ token: "null" }), { tokens })).toBe(401);
  });

  it.each([undefined, token, { tokens: token }])("needs a list of tokens, and not %j", async (tokens) => {
    for (const given of [{ tokens }, { tokens: [token], numberTokens: tokens ?? null }, undefined]) {
      await expect(parseAircallEvent(text(), given as never)).rejects.toMatchObject({
        code: "config_invalid",
        message: expect.stringMatching(/takes a list of your webhooks' tokens, such as \[process\.env\./),
      });
    }
  });

  it.each([
    ["nothing", ""],
    ["half of it", text().slice(0, 40)],
    ["another format", "event=call.ended"],
    ["null", "null"],
    ["a list", `[${text()}]`],
    ["a number", "42"],
    ["no name", text({ event: undefined })],
    ["a name that is none", text({ event: "call.ended\r\nset-cookie: a" })],
    ["a name behind a blank", text({ event: " call.ended" })],
    ["a name of 101 letters", text({ event: "a".repeat(101) })],
    ["a name that is a list", text({ event: ["call.ended"] })],
    ["no data", text({ data: undefined })],
    ["a list as data", text({ data: [1] })],
    ["text as data", text({ data: "id" })],
    ["bytes that are no text", Uint8Array.from([0x22, 0xff, 0x22])],
    ["65 levels", text({ data: nested(65) })],
    ["200,000 levels", "[".repeat(200_000)],
    ["40,000 keys", text({ data: Object.fromEntries(Array.from({ length: 40_000 }, (_, n) => [`k${n}`, 1])) })],
  ])("refuses %s for a body with 400", async (_, body) => {
    expect(await refusal(body)).toBe(400);
  });

  it.each([
    ["65 levels", nested(65)],
    ["40,000 keys", Object.fromEntries(Array.from({ length: 40_000 }, (_, n) => [`k${n}`, 1]))],
  ])("refuses %s that somebody else parsed too", async (_, data) => {
    expect(await refusal(delivery({ data }))).toBe(400);
  });

  it("counts nothing that stands in a text", async () => {
    const body = `${"[:{".repeat(20_000)}\\"`;
    await expect(parseAircallEvent(text({ data: { id: 7, body } }), options)).resolves.toMatchObject({
      data: { id: 7, body },
    });
  });

  it("refuses more than its bytes with 413, whatever letters they are of", async () => {
    const data = { id: 7, name: "é".repeat(600) };
    expect(await refusal(text({ data }), { ...options, maxBytes: 1_000 })).toBe(413);
    await expect(parseAircallEvent(text({ data }), { ...options, maxBytes: 2_000 })).resolves.toBeDefined();
  });

  it("says nothing of what it refuses", async () => {
    const secret = "sesame-4711";
    const bodies = [
      text({ token: secret }),
      `{"token":"${secret}"`,
      text({ event: secret.repeat(20) }),
      text({ data: secret }),
    ];
    const told = await Promise.all(
      bodies.map((body) => parseAircallEvent(body, options).catch((error: unknown) => error)),
    );
    expect(told).toHaveLength(4);
    for (const error of told)
      expect(JSON.stringify([error, String(error), (error as Error).stack])).not.toContain(secret);
  });

  it("takes nothing from a polluted prototype", async () => {
    Object.assign(Object.prototype, { token, event: "call.ended" });
    try {
      expect(await refusal(JSON.stringify({ data: {} }))).toBe(401);
      expect(await refusal(`{"__proto__":${text()}}`)).toBe(401);
    } finally {
      Reflect.deleteProperty(Object.prototype, "token");
      Reflect.deleteProperty(Object.prototype, "event");
    }
  });
});

describe("the id of an event", () => {
  const idOf = async (changes: object) => (await parseAircallEvent(text(changes), options)).id;
  const recurring = { event: "call.tagged" };

  it.each(["call.created", "call.answered", "call.hungup", "call.ended", "call.voicemail_left", "contact.created"])(
    "of %s is its name and the entity's, whatever else it says",
    async (event) => {
      const [one, other] = [
        await idOf({ event }),
        await idOf({ event, timestamp: 1, data: { ...endedCall, tags: [] } }),
      ];
      expect([one, other]).toEqual([`${event}/4200000001`, `${event}/4200000001`]);
    },
  );

  it("of what can happen again holds what it says, and when", async () => {
    const ids = await Promise.all([
      idOf(recurring),
      idOf({ ...recurring, timestamp: 1_790_000_124 }),
      idOf({ ...recurring, data: { ...endedCall, tags: [{ id: 1 }] } }),
    ]);
    for (const id of ids) expect(id).toMatch(/^call\.tagged\/4200000001\/[\da-f]{32}$/);
    expect(new Set(ids).size).toBe(3);
    expect(await idOf(recurring)).toBe(ids[0]);
  });

  it("does not depend on which of a company's webhooks it came by", async () => {
    const other = await parseAircallEvent(text({ ...recurring, token: "other" }), { tokens: ["other"] });
    expect(other.id).toBe(await idOf(recurring));
  });

  it("of contact.updated holds when it was updated", async () => {
    const event = { event: "contact.updated", data: { id: 7, updated_at: "2026-11-30T10:00:00Z" } };
    expect(await idOf(event)).toBe("contact.updated/7/1796032800");
    expect(await idOf({ ...event, data: { id: 7, updated_at: 1_796_032_800 } })).toBe("contact.updated/7/1796032800");
    expect(await idOf({ ...event, data: { id: 7 } })).toMatch(/^contact\.updated\/7\/[\da-f]{32}$/);
  });

  it.each([
    [{ event: "integration.deleted", data: { integration_id: 12, company_id: 7 } }, /^integration\.deleted\/12\//],
    [{ event: "summary.created", data: { call_id: "4711" } }, /^summary\.created\/4711\//],
    [{ event: "analytics.report_created", data: { download_url: "x" } }, /^analytics\.report_created\/[\da-f]{32}$/],
    [{ event: "call.created", data: { id: "x y" } }, /^call\.created\/[\da-f]{32}$/],
    [{ event: "call.created", data: { id: "7".repeat(101) } }, /^call\.created\/[\da-f]{32}$/],
  ])("of %j is made of what there is", async (event, expected) => {
    expect(await idOf(event)).toMatch(expected);
  });
});

function nested(levels: number): object {
  return levels === 0 ? {} : { inner: nested(levels - 1) };
}
