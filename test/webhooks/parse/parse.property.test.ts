import { performance } from "node:perf_hooks";
import fc from "fast-check";
import { parseAircallEvent, WebhookError } from "express-aircall/webhooks";
import { promised, rounds } from "../../support/promised";
import { delivery, token } from "./deliveries";

const runs = rounds(1_000, 100_000);
const odd = fc.constantFrom("__proto__", "constructor", "toString", "\ud800", "\u0000", "1e999", token, `${token} `);
const anything = fc.oneof(fc.jsonValue({ maxDepth: 4 }), odd, fc.constant([]), fc.constant({}));
const name = fc.constantFrom("event", "event_name", "token", "data", "timestamp", "resource", "__proto__");
const member = fc.tuple(name, fc.oneof(anything, fc.constantFrom<unknown>(token, "call.ended", { id: 7 })));

/** JSON by hand, so that keys come twice. */
const envelopes = fc
  .array(member, { maxLength: 9 })
  .map((members) => `{${members.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(",")}}`);

const right = JSON.stringify(delivery());
const cut = fc.nat(right.length).map((at) => right.slice(0, at));
const flipped = fc
  .tuple(fc.nat(right.length - 1), fc.nat(255))
  .map(([at, byte]) => Buffer.from(right).fill(byte, at, at + 1));
const noise = fc.oneof(fc.string(), fc.uint8Array({ maxLength: 200 }), fc.json({ maxDepth: 8 }));
const bodies = fc.oneof(envelopes, cut, flipped, noise);

/** What may be accepted, said anew: by what JSON.parse makes of it. */
function mayPass(body: string | Uint8Array): boolean {
  try {
    const parsed = JSON.parse(typeof body === "string" ? body : Buffer.from(body).toString()) as Record<
      string,
      unknown
    >;
    return Object.entries(parsed).some(([key, value]) => key === "token" && value === token);
  } catch {
    return false;
  }
}

describe("parseAircallEvent, of whatever comes", () => {
  it(`accepts no body without the token and breaks at none, of ${runs}`, async () => {
    let accepted = 0;
    const check = async (body: string | Uint8Array) => {
      const event = await parseAircallEvent(body, { tokens: [token] }).catch((error: unknown) => error);
      if (event instanceof WebhookError) return [400, 401, 413].includes(event.status);
      accepted += 1;
      return !(event instanceof Error) && mayPass(body);
    };
    await fc.assert(fc.asyncProperty(bodies, check), { numRuns: runs });
    expect(accepted).toBeGreaterThan(runs / 1_000);
  });

  it.each([
    ["brackets", "[".repeat(1_000_000)],
    ["keys", `{${'"a":1,'.repeat(140_000)}"a":1}`],
    ["quotes", '"'.repeat(1_000_000)],
    ["backslashes", `"${"\\".repeat(999_000)}`],
    ["one text", JSON.stringify(delivery({ data: { id: 7, body: "x".repeat(990_000) } }))],
    ["numbers", JSON.stringify(delivery({ data: { id: 7, list: Array(450_000).fill(1) } }))],
  ])("is done with 1 MB of %s before anybody notices", async (_, body) => {
    const parse = () => parseAircallEvent(body, { tokens: [token] }).catch(() => null);
    await parse();
    const startedAt = performance.now();
    await parse();
    expect(performance.now() - startedAt).toBeLessThan(promised(50));
  });
});
