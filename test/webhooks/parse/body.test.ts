import type { WebhookError } from "../../../src/errors/webhook";
import { readJson, usualMaxBytes } from "../../../src/webhooks/parse/body";

function refusalOf(body: unknown, maxBytes = 10): Partial<WebhookError> | null {
  try {
    readJson(body, maxBytes);
    return null;
  } catch (error) {
    const { status, message } = error as WebhookError;
    return { status, message };
  }
}

const tooLarge = { status: 413, message: "The body is larger than an event of Aircall's may be." };
const noJson = { status: 400, message: "The body is no JSON." };
const bytes = (text: string) => new TextEncoder().encode(text);

describe("the body of a delivery", () => {
  it("has a million bytes at most, unless told otherwise", () => expect(usualMaxBytes).toBe(1_000_000));

  it.each([
    ["text", (text: string) => text],
    ["bytes", bytes],
    ["an ArrayBuffer", (text: string) => bytes(text).buffer],
  ])("is as large as it may be, as %s, and no larger", (_what, as) => {
    expect(readJson(as('"12345678"'), 10)).toBe("12345678");
    expect(refusalOf(as('"123456789"'))).toEqual(tooLarge);
    expect(refusalOf(as('"ééééé"'))).toEqual(tooLarge);
  });

  it.each(["", "x", '{"a":', '"\u0000"'])("is JSON, and not %j", (text) => {
    expect(refusalOf(text)).toEqual(noJson);
    expect(refusalOf(bytes(text))).toEqual(noJson);
  });

  it("is text in UTF-8", () => {
    expect(refusalOf(Uint8Array.from([0x22, 0xff, 0x22]))).toEqual(noJson);
    expect(readJson("\uFEFF[7]", 10)).toEqual([7]);
  });

  it("is what a body parser made of it", () => {
    const body = { event: "call.ended, of more than ten bytes" };
    expect(readJson(body, 10)).toBe(body);
  });

  it("is not looked into beyond its bytes before it is refused", () => {
    expect(refusalOf("[".repeat(11))).toEqual(tooLarge);
    expect(refusalOf("[".repeat(200), 1_000)).toMatchObject({ status: 400 });
  });
});
