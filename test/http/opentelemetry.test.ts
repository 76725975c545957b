import { type ChannelListener, subscribe, unsubscribe } from "node:diagnostics_channel";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runInThisContext } from "node:vm";
import { context, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
import express from "express";
import request from "supertest";
import ts from "typescript";
import { aircallAuth, aircallErrors } from "express-aircall";
import { startSimulator } from "../support/servers/simulated";

const page = readFileSync(join(__dirname, "../../docs/diagnostics.md"), "utf8");
const [, program = ""] = /the channel makes one:\n+```js\n(.*?)```/s.exec(page) ?? [];
const spans = new InMemorySpanExporter();

beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager());
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] }));
  const module = ts.ModuleKind.CommonJS;
  const { outputText } = ts.transpileModule(program, { compilerOptions: { module, target: ts.ScriptTarget.ES2023 } });
  const run = runInThisContext(`(function (require, exports) {${outputText}})`) as (...scope: unknown[]) => void;
  run((name: string) => (name === "node:diagnostics_channel" ? watched : jest.requireActual<object>(name)), {});
});

/** What the program subscribes to, which outlives this file's own modules. */
const heard: [name: string, hear: ChannelListener][] = [];
const watched = {
  subscribe(name: string, hear: ChannelListener) {
    heard.push([name, hear]);
    subscribe(name, hear);
  },
};

afterAll(() => heard.forEach(([name, hear]) => unsubscribe(name, hear)));

beforeEach(() => spans.reset());

/** An app with a span of its own around each visit, as an instrumented one has. */
async function createTracedApp() {
  const simulator = await startSimulator();
  const app = express();
  app.use((req, res, next) => {
    const span = trace.getTracer("app").startSpan(`visit ${req.path}`);
    context.with(trace.setSpan(context.active(), span), next);
    res.on("finish", () => span.end());
  });
  app.use(aircallAuth(simulator.basic));
  app.get("/calls", async (req, res) => {
    const { items } = await req.aircall.calls.list();
    res.json(items.length);
  });
  app.get("/call", async (req, res) => {
    res.json(await req.aircall.calls.get(8675309424242));
  });
  app.get("/left", async (req, res) => {
    const leaving = new AbortController();
    const calls = req.aircall.calls.list({}, { signal: leaving.signal }).catch(() => res.status(204).end());
    setImmediate(() => leaving.abort());
    await calls;
  });
  return { app: app.use(aircallErrors()), simulator };
}

describe("the OpenTelemetry program of the page of diagnostics", () => {
  it("is ten lines", () => {
    expect(program.split("\n").filter((line) => line !== "" && !line.startsWith("/**"))).toHaveLength(10);
  });

  it("makes a span of a call, a child of the visit's own", async () => {
    const { app, simulator } = await createTracedApp();
    simulator.fail({ match: { path: "/v1/calls" }, status: 503, times: 1 });
    await request(app).get("/calls").expect(200);
    const [call, visit] = spans.getFinishedSpans();
    expect(call).toMatchObject({
      name: "GET /v1/calls",
      kind: SpanKind.CLIENT,
      status: { code: SpanStatusCode.UNSET },
      attributes: { "http.response.status_code": 200, lane: "interactive", source: "aircall", attempts: 2 },
      parentSpanContext: { spanId: visit!.spanContext().spanId },
    });
    expect(visit!.name).toBe("visit /calls");
    expect(call!.spanContext().traceId).toBe(visit!.spanContext().traceId);
  });

  it("gives it the time the call took", async () => {
    const { app, simulator } = await createTracedApp();
    simulator.fail({ match: { path: "/v1/calls" }, latencyMs: 120, times: 1 });
    const before = Date.now();
    await request(app).get("/calls").expect(200);
    const { startTime, endTime, duration } = spans.getFinishedSpans()[0]!;
    expect(inMs(duration)).toBeGreaterThanOrEqual(119);
    expect(inMs(startTime)).toBeGreaterThanOrEqual(before - 1);
    expect(inMs(endTime)).toBeLessThanOrEqual(Date.now());
  });

  it("marks one that failed, without the id it asked for", async () => {
    const { app } = await createTracedApp();
    await request(app).get("/call").expect(404);
    const [call] = spans.getFinishedSpans();
    expect(call).toMatchObject({
      name: "GET /v1/calls/:id",
      status: { code: SpanStatusCode.ERROR, message: "not_found" },
      attributes: { "http.response.status_code": 404, "error.type": "not_found" },
    });
  });

  it("counts what was left alone as no failure", async () => {
    const { app } = await createTracedApp();
    await request(app).get("/left").expect(204);
    expect(spans.getFinishedSpans().find(({ name }) => name === "GET /v1/calls")).toMatchObject({
      status: { code: SpanStatusCode.UNSET },
      attributes: { "error.type": "aborted" },
    });
  });

  it("keeps visits that share a call apart: each has a span of its own", async () => {
    const { app, simulator } = await createTracedApp();
    simulator.fail({ match: { path: "/v1/calls" }, latencyMs: 200, times: 1 });
    await Promise.all([request(app).get("/calls"), request(app).get("/calls")]);
    const [calls, visits] = ["GET", "visit"].map((word) =>
      spans.getFinishedSpans().filter(({ name }) => name.startsWith(word)),
    ) as [ReturnType<typeof spans.getFinishedSpans>, ReturnType<typeof spans.getFinishedSpans>];
    expect(calls.map(({ attributes }) => attributes["source"]).sort()).toEqual(["aircall", "shared"]);
    const parents = calls.map(({ parentSpanContext }) => parentSpanContext?.spanId).sort();
    expect(parents).toEqual(visits.map((visit) => visit.spanContext().spanId).sort());
  });
});

function inMs([seconds, nanoseconds]: [number, number]): number {
  return seconds * 1e3 + nanoseconds / 1e6;
}
