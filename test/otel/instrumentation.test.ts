import { channel } from "node:diagnostics_channel";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { context, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { createAircallClient } from "express-aircall";
import { closedPort } from "../support/servers/unreachable";
import { startSimulator } from "../support/servers/simulated";
import { watchInMemory } from "./watched";

const { spans, tracerProvider, meterProvider, instrument, histogram } = watchInMemory();

describe("AircallInstrumentation", () => {
  it("makes a client span with all that the semantic conventions ask for", async () => {
    const simulator = await startSimulator();
    instrument();
    await createAircallClient(simulator.basic).calls.list();
    const { hostname, port, origin } = new URL(simulator.basic.apiUrl);
    const [span] = spans.getFinishedSpans();
    expect(span).toMatchObject({
      name: "GET /v1/calls",
      kind: SpanKind.CLIENT,
      status: { code: SpanStatusCode.UNSET },
    });
    expect(span!.attributes).toEqual({
      "http.request.method": "GET",
      "http.response.status_code": 200,
      "server.address": hostname,
      "server.port": Number(port),
      "url.full": `${origin}/v1/calls`,
      "url.template": "/v1/calls",
    });
  });

  it("makes one of every attempt, and counts those that were sent again", async () => {
    const simulator = await startSimulator();
    instrument();
    simulator.fail({ match: { path: "/v1/calls" }, status: 503, times: 1 });
    await createAircallClient(simulator.basic).calls.list();
    const [first, second] = spans.getFinishedSpans();
    expect(first).toMatchObject({ status: { code: SpanStatusCode.ERROR }, attributes: { "error.type": "503" } });
    expect(first!.attributes).not.toHaveProperty("http.request.resend_count");
    expect(second).toMatchObject({
      status: { code: SpanStatusCode.UNSET },
      attributes: { "http.request.resend_count": 1, "http.response.status_code": 200 },
    });
  });

  it("shows no id of what was asked for", async () => {
    const simulator = await startSimulator();
    instrument();
    await createAircallClient(simulator.basic)
      .calls.get(8675309424242)
      .catch(() => undefined);
    const [span] = spans.getFinishedSpans();
    expect(span).toMatchObject({
      name: "GET /v1/calls/:id",
      attributes: { "error.type": "404", "url.template": "/v1/calls/:id" },
    });
    expect(span!.attributes["url.full"]).toMatch(/\/v1\/calls\/REDACTED$/);
    expect(JSON.stringify([span!.name, span!.attributes, span!.status, span!.events])).not.toContain("8675309424242");
  });

  it("says why a request had no answer", async () => {
    instrument();
    const apiUrl = `http://127.0.0.1:${closedPort}`;
    const aircall = createAircallClient({ user: "an-id", password: "a-token", apiUrl });
    await aircall.calls.list({}, { maxRetries: 0 }).catch(() => undefined);
    const [span] = spans.getFinishedSpans();
    expect(span).toMatchObject({
      status: { code: SpanStatusCode.ERROR },
      attributes: { "error.type": "connection_failed" },
    });
    expect(span!.attributes).not.toHaveProperty("http.response.status_code");
  });

  it("counts what its caller left as no failure", async () => {
    const simulator = await startSimulator();
    instrument();
    simulator.fail({ match: { path: "/v1/calls" }, latencyMs: 60_000, times: 1 });
    const leaving = new AbortController();
    const left = createAircallClient(simulator.basic).calls.list({}, { signal: leaving.signal });
    setTimeout(() => leaving.abort(), 20);
    await left.catch(() => undefined);
    expect(spans.getFinishedSpans()).toMatchObject([
      { status: { code: SpanStatusCode.UNSET }, attributes: { "error.type": "aborted" } },
    ]);
  });

  it("makes it a child of the span that is active where the call was made, with the time that it took", async () => {
    const simulator = await startSimulator();
    instrument();
    simulator.fail({ match: { path: "/v1/calls" }, latencyMs: 120, times: 1 });
    const visit = tracerProvider.getTracer("app").startSpan("visit");
    const aircall = createAircallClient(simulator.basic);
    await context.with(trace.setSpan(context.active(), visit), () => aircall.calls.list());
    const [span] = spans.getFinishedSpans();
    expect(span!.parentSpanContext?.spanId).toBe(visit.spanContext().spanId);
    expect(span!.duration[0] * 1e3 + span!.duration[1] / 1e6).toBeGreaterThanOrEqual(119);
  });

  it("counts durations in seconds, with the buckets and attributes that the conventions name", async () => {
    const simulator = await startSimulator();
    instrument();
    const aircall = createAircallClient(simulator.basic);
    await aircall.calls.list();
    await aircall.calls.list({ page: 2 });
    const { descriptor, dataPoints } = (await histogram("http.client.request.duration"))!;
    const { hostname, port } = new URL(simulator.basic.apiUrl);
    expect(descriptor).toMatchObject({ name: "http.client.request.duration", unit: "s" });
    expect(dataPoints).toHaveLength(1);
    expect(dataPoints[0]).toMatchObject({
      attributes: {
        "http.request.method": "GET",
        "http.response.status_code": 200,
        "server.address": hostname,
        "server.port": Number(port),
        "url.template": "/v1/calls",
      },
      value: {
        count: 2,
        buckets: { boundaries: [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10] },
      },
    });
    expect(dataPoints[0]!.value.max).toBeLessThan(10);
  });

  it("watches once however often it is enabled, and not at all once it is disabled", async () => {
    const simulator = await startSimulator();
    const aircall = createAircallClient(simulator.basic);
    const instrumentation = instrument({ enabled: false });
    instrumentation.setTracerProvider(tracerProvider);
    instrumentation.setMeterProvider(meterProvider);
    await aircall.calls.list();
    expect(spans.getFinishedSpans()).toEqual([]);
    instrumentation.enable();
    instrumentation.enable();
    await aircall.calls.list();
    expect(spans.getFinishedSpans()).toHaveLength(1);
    instrumentation.disable();
    for (const name of ["express-aircall:attempt", "express-aircall:handling"]) {
      expect(channel(name).hasSubscribers).toBe(false);
    }
    await aircall.calls.list();
    expect(spans.getFinishedSpans()).toHaveLength(1);
  });

  it("says the version of the library", () => {
    const { version } = JSON.parse(readFileSync(join(__dirname, "../../package.json"), "utf8"));
    expect(instrument()).toMatchObject({ instrumentationName: "express-aircall", instrumentationVersion: version });
  });
});
