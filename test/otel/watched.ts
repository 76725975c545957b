import { context } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
  AggregationTemporality,
  type HistogramMetricData,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { AircallInstrumentation, type AircallInstrumentationOptions } from "express-aircall/otel";

/** OpenTelemetry that keeps what it is told in memory, for one test at a time of this file. */
export function watchInMemory() {
  const spans = new InMemorySpanExporter();
  const tracerProvider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] });
  const durations = new InMemoryMetricExporter(AggregationTemporality.DELTA);
  const reader = new PeriodicExportingMetricReader({ exporter: durations, exportIntervalMillis: 2 ** 30 });
  const meterProvider = new MeterProvider({ readers: [reader] });
  const watching: AircallInstrumentation[] = [];

  beforeAll(() => context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable()));
  const stop = () => watching.splice(0).forEach((instrumentation) => instrumentation.disable());
  afterEach(async () => {
    stop();
    await reader.collect();
    spans.reset();
    durations.reset();
  });
  afterAll(async () => {
    context.disable();
    await meterProvider.shutdown();
  });

  function instrument(
    options: AircallInstrumentationOptions = { tracerProvider, meterProvider },
  ): AircallInstrumentation {
    const instrumentation = new AircallInstrumentation(options);
    watching.push(instrumentation);
    return instrumentation;
  }

  /** What was counted under this name since the test began; undefined for nothing. */
  async function histogram(name: string): Promise<HistogramMetricData | undefined> {
    await reader.forceFlush();
    const metrics = durations.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((one) => one.metrics));
    return metrics.find(({ descriptor }) => descriptor.name === name) as HistogramMetricData | undefined;
  }

  return { spans, tracerProvider, meterProvider, instrument, stop, histogram };
}
