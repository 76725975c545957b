import { SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { createAircallClient } from "express-aircall";
import { startSimulator } from "../support/servers/simulated";
import { delivery, endedCall } from "../webhooks/parse/deliveries";
import { startReceiving } from "../webhooks/receiving";
import { watchInMemory } from "./watched";

const { spans, instrument, stop, histogram } = watchInMemory();

describe("a handler of aircallWebhooks()", () => {
  beforeEach(() => void instrument());

  it("runs in a consumer span, under which stands what it asks of Aircall", async () => {
    const simulator = await startSimulator();
    const { send } = await startReceiving({
      on: { "call.ended": () => createAircallClient(simulator.basic).calls.list() },
    });
    expect(await send(delivery())).toBe(200);
    const [request, processed] = spans.getFinishedSpans();
    expect(processed).toMatchObject({
      name: "process call.ended",
      kind: SpanKind.CONSUMER,
      status: { code: SpanStatusCode.UNSET },
    });
    expect(processed!.attributes).toEqual({
      "aircall.event.late": false,
      "aircall.event.source": "webhook",
      "messaging.destination.name": "call.ended",
      "messaging.operation.name": "process",
      "messaging.operation.type": "process",
      "messaging.system": "aircall",
    });
    expect(request!.parentSpanContext?.spanId).toBe(processed!.spanContext().spanId);
    const shown = JSON.stringify([processed!.name, processed!.attributes, processed!.events, processed!.links]);
    expect(shown).not.toContain(String(endedCall.id));
  });

  it.each<[string, unknown, string]>([
    ["an error", new TypeError("of +33 1 23 45 67 89"), "TypeError"],
    ["an error of this library", Object.assign(new Error("x"), { code: "rate_limited" }), "rate_limited"],
    ["what is no error", "+33 1 23 45 67 89", "_OTHER"],
  ])("that fails with %s says so in its span, and in no other words", async (_what, failure, type) => {
    const failed: unknown[] = [];
    const { send } = await startReceiving({
      on: { "call.ended": () => Promise.reject(failure) },
      onError: (error) => void failed.push(error),
    });
    await send(delivery());
    expect(failed).toEqual([failure]);
    const [span] = spans.getFinishedSpans();
    expect(span).toMatchObject({ status: { code: SpanStatusCode.ERROR }, attributes: { "error.type": type } });
    expect(JSON.stringify([span!.attributes, span!.status, span!.events])).not.toContain("23 45");
  });

  it("is counted in seconds, by the event's name", async () => {
    const { send } = await startReceiving({ onAny: () => undefined });
    await send(delivery());
    const found = await histogram("messaging.process.duration");
    expect(found?.dataPoints).toMatchObject([{ attributes: { "messaging.destination.name": "call.ended" } }]);
  });

  it("runs in no span once nobody watches", async () => {
    stop();
    const seen: unknown[] = [];
    const { send } = await startReceiving({ onAny: () => void seen.push(trace.getActiveSpan()) });
    await send(delivery());
    expect([seen, spans.getFinishedSpans()]).toEqual([[undefined], []]);
  });
});
