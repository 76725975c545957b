import { createLinkTokens, type LinkTarget } from "../../src/companies/link-tokens";
import { everyBitOf } from "../support/bits";

const key = "k".repeat(32);
const otherKey = "o".repeat(32);
const target: LinkTarget = { company: 4711, callId: "123456789", expiresAt: 1_800_000_000 };
const tokens = createLinkTokens([key]);

describe("the token of a link", () => {
  it.each<[string, LinkTarget]>([
    ["a company", target],
    ["a tenant", { ...target, company: { ref: "tenant 7/ä" } }],
    ["a tenant with the longest name", { ...target, company: { ref: "\u{1F600}".repeat(100) } }],
    ["the only company", { ...target, company: null }],
  ])("leads back to %s", (_, target) => {
    const token = tokens.sign(target);
    expect(token).toMatch(/^[\w-]+$/);
    expect(tokens.read(token)).toEqual(target);
  });

  it("is short", () => {
    expect(tokens.sign(target).length).toBeLessThan(60);
  });

  it("is read with every key, and not once its key was taken away", () => {
    const token = tokens.sign(target);
    expect(createLinkTokens([otherKey, key]).read(token)).toEqual(target);
    expect(createLinkTokens([otherKey]).read(token)).toBeNull();
    expect(createLinkTokens([otherKey, key]).sign(target)).toBe(createLinkTokens([otherKey]).sign(target));
  });

  it("is refused in ten thousand forgeries", () => {
    const token = tokens.sign(target);
    const bytes = Buffer.from(token, "base64url");
    const forgeries = [
      ...Array.from(everyBitOf(bytes.toString("latin1")), (one) => Buffer.from(one, "latin1").toString("base64url")),
      ...everyBitOf(token),
      ...Array.from(token, (_, length) => token.slice(0, length)),
      ...Array.from(token, (_, from) => token.slice(from + 1)),
      ...["", "/", "=", `${token}=`, `${token}A`, ` ${token}`, `${token}\n`, token.toUpperCase(), token.repeat(100)],
      ...Array.from({ length: 2_000 }, (_, at) => moved(bytes, { ...target, callId: String(123456790 + at) })),
      ...Array.from({ length: 2_000 }, (_, at) => moved(bytes, { ...target, company: 1 + at })),
      ...Array.from({ length: 2_000 }, (_, at) => moved(bytes, { ...target, company: { ref: String(4711 + at) } })),
      ...Array.from({ length: 2_000 }, (_, at) => moved(bytes, { ...target, expiresAt: 1_800_000_001 + at })),
      moved(bytes, { ...target, company: null }),
      ...Array.from({ length: 1_000 }, (_, at) => createLinkTokens([key], `purpose ${at}`).sign(target)),
      ...Array.from({ length: 500 }, (_, at) => createLinkTokens([otherKey + at]).sign(target)),
    ];
    expect(new Set(forgeries).size).toBeGreaterThanOrEqual(10_000);
    expect(forgeries.filter((forgery) => tokens.read(forgery) !== null)).toEqual([]);
  });
});

/** With the signature of another target. */
function moved(bytes: Buffer, to: LinkTarget): string {
  const text = Buffer.from(tokens.sign(to), "base64url").subarray(16);
  return Buffer.concat([bytes.subarray(0, 16), text]).toString("base64url");
}
