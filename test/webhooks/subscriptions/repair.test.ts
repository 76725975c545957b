import { aircallAuth } from "express-aircall";
import { repair } from "../../../src/webhooks/subscriptions/repair";
import type { Subscription } from "../../../src/webhooks/subscriptions/records";
import { startSimulator } from "../../support/servers/simulated";
import { withEnd } from "../receiving";

const hour = 3_600_000;

describe("events that nobody asks for any more", () => {
  it("go a day after that was seen first, unless somebody asks for them meanwhile", async () => {
    const simulator = await startSimulator({ calls: 0, contacts: 0 });
    const client = withEnd(aircallAuth(simulator.basic)).clientFor(1);
    let kept: Subscription | null = null;
    const check = async (now: number, ...events: string[]) => {
      const url = "https://app.example/aircall/events";
      const { webhook, surplus } = await repair(client, kept, { url, events, exactly: false, now });
      kept = { webhookId: webhook.webhook_id, surplus };
      return [...webhook.events].sort();
    };
    const [both, old, young] = [["call.created", "call.ended"], "call.ended", "call.created"];
    expect(await check(0, old)).toEqual([old]);
    expect(await check(0, young)).toEqual(both);
    expect(await check(23 * hour, young)).toEqual(both);
    expect(await check(23 * hour, old)).toEqual(both);
    expect(await check(24 * hour, young)).toEqual(both);
    expect(await check(48 * hour - 1, young)).toEqual(both);
    expect(await check(48 * hour, young)).toEqual([young]);
  });
});
