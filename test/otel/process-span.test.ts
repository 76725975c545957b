import { context, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { createAircallClient } from "express-aircall";
import { AircallInstrumentation } from "express-aircall/otel";
import { startSimulator } from "../support/servers/simulated";
import { delivery, endedCall } from "../webhooks/parse/deliveries";
import { startReceiving } from "../webhooks/receiving";

const spans = new InMemorySpanExporter();
const tracerProvider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] });
const durations = new InMemoryMetricExporter(AggregationTemporality.DELTA);
const reader = new PeriodicExportingMetricReader({ exporter: durations, exportIntervalMillis: 2 ** 30 });
const meterProvider = new MeterProvider({ readers: [reader] });
let instrumentation: AircallInstrumentation;

beforeAll(() => context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable()));
beforeEach(() => (instrumentation = new AircallInstrumentation({ tracerProvider, meterProvider })));
afterEach(async () => {
  instrumentation.disable();
  await reader.collect();
  spans.reset();
  durations.reset();
});
afterAll(async () => {
  context.disable();
  await meterProvider.shutdown();
});

describe("a handler of aircallWebhooks()", () => {
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
    await reader.forceFlush();
    const metrics = durations.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((one) => one.metrics));
    expect(metrics.map(({ descriptor }) => descriptor.name)).toContain("messaging.process.duration");
    const found = metrics.find(({ descriptor }) => descriptor.name === "messaging.process.duration");
    expect(found?.dataPoints).toMatchObject([{ attributes: { "messaging.destination.name": "call.ended" } }]);
  });

  it("runs in no span once nobody watches", async () => {
    instrumentation.disable();
    const seen: unknown[] = [];
    const { send } = await startReceiving({ onAny: () => void seen.push(trace.getActiveSpan()) });
    await send(delivery());
    expect([seen, spans.getFinishedSpans()]).toEqual([[undefined], []]);
  });
});
