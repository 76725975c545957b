import { Readable } from "node:stream";
import { memoryGrants } from "../../src/grants/stores/memory";
import { ArgumentError, StoreError } from "../../src/errors/errors";
import { createDeliveries, type Reading } from "../../src/webhooks/deliveries";
import type { DeliveryRequest } from "../../src/webhooks/read-body";
import { createTokenBook, hashOf, type OwnToken } from "../../src/webhooks/token-book";
import { delivery, endedCall, token } from "./parse/deliveries";

const owned = (text: string, company: OwnToken["company"] = null): OwnToken => ({ hash: hashOf(text), company });
const callback = (own = token) => ({ ...delivery({ token: own }), event: undefined, event_name: "message.updated" });

/** Reads a delivery, and says of each event its id and whose it is. */
function open(reading: Partial<Reading> = {}) {
  const book = createTokenBook(memoryGrants().records("tokens"));
  const read = createDeliveries({ tokens: [], tokensFor: null, numberTokens: [], maxBytes: 10_000, ...reading }, book);
  const request = (body: object | string, method = "POST") => {
    const bytes = Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
    return Object.assign(Readable.from([bytes]), {
      ...{ method, headers: { "content-type": "application/json" } },
    }) as unknown as DeliveryRequest;
  };
  const whose = async (body: object) =>
    (await read(request(body))).map(({ id, companyId, companyRef }) => [id, companyId ?? companyRef]);
  return { book, read, request, whose };
}

describe("a delivery that is read", () => {
  it("is an event of each company that has its token, with all that it says", async () => {
    const { read, request } = open({ tokens: [owned(token, 7), owned("other", 8), owned(token, { ref: "acme" })] });
    const before = Date.now();
    const events = await read(request(delivery()));
    const said = {
      ...{ name: "call.ended", kind: "webhook", resource: "call", source: "webhook", data: endedCall },
      ...{ sentAt: 1_790_000_123_000, receivedAt: expect.any(Number) },
    };
    expect(events).toEqual([
      { ...said, id: "id:7/call.ended/4200000001", companyId: 7, companyRef: null },
      { ...said, id: "ref:acme/call.ended/4200000001", companyId: null, companyRef: "acme" },
    ]);
    expect(events[0]!.receivedAt).toBeGreaterThanOrEqual(before);
    expect(events[0]!.receivedAt).toBeLessThanOrEqual(Date.now());
  });

  it("is told from others by a hash where it has no id", async () => {
    const { whose } = open({ tokens: [owned(token)] });
    const ids = await Promise.all(["a", "a", "b"].map((text) => whose(delivery({ event: "fax", data: { text } }))));
    const [[[first]], [[again]], [[other]]] = ids as [[[string]], [[string]], [[string]]];
    expect(first).toMatch(/^own\/fax\/[\w-]{16,}$/);
    expect([again === first, other === first]).toEqual([true, false]);
  });

  it("is refused where it is no POST, whatever it holds", async () => {
    const { read, request } = open({ tokens: [owned(token)] });
    for (const method of ["GET", "post", "PUT"]) {
      await expect(read(request(delivery(), method))).rejects.toMatchObject({
        code: "webhook_method",
        message: "The delivery is no POST.",
      });
    }
  });

  it("is refused where it is no JSON, or longer than it may be", async () => {
    const { read, request } = open({ tokens: [owned(token)], maxBytes: 400 });
    await expect(read(request("{"))).rejects.toMatchObject({ code: "webhook_body" });
    await expect(read(request("x".repeat(401)))).rejects.toMatchObject({ code: "webhook_too_large" });
    expect(await read(request(delivery()))).toHaveLength(1);
  });

  it("is whose the app says for its request, then whose is kept beside the grants, else nobody's", async () => {
    const tokensFor = () => Promise.resolve([owned("asked", 8)]);
    const { whose, book } = open({ tokens: [owned("listed", 7)], tokensFor });
    await book.keep("asked", { companyId: 1, companyRef: null, webhookId: "w-1" });
    await book.keep("kept", { companyId: 9, companyRef: null, webhookId: "w-1" });
    for (const [own, company] of [
      ["listed", 7],
      ["asked", 8],
      ["kept", 9],
    ] as const) {
      expect(await whose(delivery({ token: own }))).toEqual([[`id:${company}/call.ended/4200000001`, company]]);
    }
    await expect(whose(delivery())).rejects.toMatchObject({ code: "webhook_token" });
  });

  it("is whose is kept where the app says nothing of its request", async () => {
    const { whose, book } = open();
    await book.keep(token, { companyId: 9, companyRef: null, webhookId: "w-1" });
    expect(await whose(delivery())).toEqual([["id:9/call.ended/4200000001", 9]]);
  });

  it("needs nobody to be asked where the token is listed", async () => {
    const { whose } = open({ tokens: [owned(token)], tokensFor: () => Promise.reject(new Error("away")) });
    expect(await whose(delivery())).toEqual([["own/call.ended/4200000001", null]]);
  });

  it("of a number is told by tokens of numbers only, and of the account by no such token", async () => {
    let asked = 0;
    const tokensFor = () => ((asked += 1), Promise.resolve([owned("asked")]));
    const { whose, book } = open({ tokens: [owned(token)], numberTokens: [owned("number", 7)], tokensFor });
    await book.keep("kept", { companyId: 9, companyRef: null, webhookId: "w-1" });
    expect(await whose(callback("number"))).toEqual([[expect.any(String), 7]]);
    for (const own of [token, "asked", "kept"]) {
      await expect(whose(callback(own))).rejects.toMatchObject({ code: "webhook_token" });
    }
    expect(asked).toBe(0);
    await expect(whose(delivery({ token: "number" }))).rejects.toMatchObject({ code: "webhook_token" });
  });

  it("cannot be taken while the app cannot say whose a token is", async () => {
    const cause = Object.assign(new Error("the database is away"), { code: "ECONNRESET" });
    const { whose } = open({ tokensFor: () => Promise.reject(cause) });
    await expect(whose(delivery())).rejects.toMatchObject({
      code: "webhook_busy",
      message: "The delivery cannot be taken now: tokenFor(req) failed.",
      cause: { code: "ECONNRESET" },
    });
    for (const own of [new ArgumentError("tokenFor"), new StoreError("read", "gone")]) {
      await expect(open({ tokensFor: () => Promise.reject(own) }).whose(delivery())).rejects.toBe(own);
    }
  });
});
