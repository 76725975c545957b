import { createCallOrder } from "../../../src/webhooks/in-process/call-order";
import type { EventJson } from "../../../src/webhooks/event";

const dayMs = 86_400_000;

function event(name: string, status: string | null, id: number | null = 9): EventJson {
  const sent = { sentAt: null, receivedAt: 0, source: "webhook" as const, kind: "webhook" as const };
  const data = { ...(id !== null && { id }), ...(status !== null && { status }) };
  return { ...sent, id: "id", resource: "call", companyId: null, companyRef: null, name, data };
}

function open() {
  let at = 0;
  const order = createCallOrder(() => at);
  const late = (one: EventJson) => order.inTurn(one, (isLate) => Promise.resolve(isLate));
  return { order, late, pass: (ms: number) => void (at += ms) };
}

describe("the events of one call", () => {
  it("are late behind a later state of it", async () => {
    const { late } = open();
    expect(await late(event("call.answered", "answered"))).toBe(false);
    expect(await late(event("call.ended", "done"))).toBe(false);
    expect(await late(event("call.answered", "answered"))).toBe(true);
    expect(await late(event("call.hungup", "done"))).toBe(true);
    expect(await late(event("call.comm_assets_generated", "done"))).toBe(false);
  });

  it("are not late where they say nothing of its state, or are another's", async () => {
    const { late } = open();
    await late(event("call.ended", "done"));
    expect(await late(event("call.answered", null))).toBe(false);
    expect(await late(event("call.answered", "answered", 8))).toBe(false);
    expect(await late(event("call.ended", "done", null))).toBe(false);
    expect(await late(event("call.answered", "answered", null))).toBe(false);
  });

  it("are late for a day", async () => {
    const { late, pass } = open();
    await late(event("call.ended", "done"));
    pass(dayMs - 1);
    expect(await late(event("call.created", "initial"))).toBe(true);
    pass(dayMs);
    expect(await late(event("call.created", "initial"))).toBe(false);
  });

  it("are at work one after the other, beside those of other calls", async () => {
    const { order } = open();
    const seen: string[] = [];
    const work = (name: string) => async () => {
      seen.push(`${name} begins`);
      await Promise.resolve();
      seen.push(`${name} ends`);
    };
    await Promise.all([
      order.inTurn(event("call.created", "initial"), work("first")),
      order.inTurn(event("call.ended", "done"), work("second")),
      order.inTurn(event("call.ended", "done", 8), work("other")),
    ]);
    expect(seen.indexOf("second begins")).toBeGreaterThan(seen.indexOf("first ends"));
    expect(seen.indexOf("other begins")).toBeLessThan(seen.indexOf("first ends"));
  });
});
