import { subscribe, unsubscribe } from "node:diagnostics_channel";
import {
  context,
  type Histogram,
  type MeterProvider,
  metrics,
  SpanKind,
  SpanStatusCode,
  trace,
  type Tracer,
  type TracerProvider,
} from "@opentelemetry/api";
import type { AircallDiagnostics } from "../diagnostics";
import { attributesOf, type Attempt, spanAttributesOf } from "./attributes";
import { spanAround } from "./process-span";

const name = "express-aircall";
/** Equals the version in package.json; a test says so. */
const version = "0.1.0";

/** What the semantic conventions advise, in seconds. */
const explicitBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

/** Options of `new AircallInstrumentation()`. */
export interface AircallInstrumentationOptions {
  /** Whether it watches from the beginning. Default true; else from `enable()` on. */
  enabled?: boolean | undefined;
  /** Default: the global one. */
  tracerProvider?: TracerProvider | undefined;
  /** Default: the global one. */
  meterProvider?: MeterProvider | undefined;
}

/**
 * OpenTelemetry for every request that this process sends to Aircall: a client span for each attempt, under the span that
 * is active where the call was made, and the histogram `http.client.request.duration`, in seconds. For every event that
 * a handler of `aircallWebhooks()` is run on: a consumer span, under which stands what the handler does, and the histogram
 * `messaging.process.duration`, in seconds.
 * `registerInstrumentations({ instrumentations: [new AircallInstrumentation()] })`, or the same in `NodeSDK`; it also works
 * alone. Routes are templates, such as `GET /v1/calls/:id`: no id, token, name or phone number gets into a span.
 * @see https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-client
 */
export class AircallInstrumentation {
  readonly instrumentationName = name;
  readonly instrumentationVersion = version;
  readonly #heard = [
    listener("express-aircall:attempt", (attempt) => this.#record(attempt)),
    listener("express-aircall:handling", (handling) => spanAround(handling, this.#tracer, this.#durations.process)),
  ];
  #config: { enabled: boolean };
  #tracer: Tracer;
  #durations: Durations;
  #watching = false;

  constructor({ enabled = true, tracerProvider, meterProvider }: AircallInstrumentationOptions = {}) {
    this.#config = { enabled };
    this.#tracer = tracerOf(tracerProvider ?? trace);
    this.#durations = durationsOf(meterProvider ?? metrics);
    if (enabled) this.enable();
  }

  /** Watches, once however often it is called. */
  enable(): void {
    if (this.#watching) return;
    this.#watching = true;
    for (const { start } of this.#heard) start();
  }

  /** From now on the library puts nothing together for it. */
  disable(): void {
    this.#watching = false;
    for (const { stop } of this.#heard) stop();
  }

  setTracerProvider(provider: TracerProvider): void {
    this.#tracer = tracerOf(provider);
  }

  setMeterProvider(provider: MeterProvider): void {
    this.#durations = durationsOf(provider);
  }

  getConfig(): { enabled?: boolean } {
    return this.#config;
  }

  setConfig({ enabled = true }: { enabled?: boolean }): void {
    this.#config = { enabled };
  }

  /** Told once it has ended, in the context of the call: the span is made with the times that it had. */
  #record(attempt: Attempt): void {
    const endTime = Date.now();
    const attributes = attributesOf(attempt);
    this.#durations.request.record(attempt.durationMs / 1_000, attributes, context.active());
    const startTime = endTime - attempt.durationMs;
    const span = this.#tracer.startSpan(attempt.request, { kind: SpanKind.CLIENT, startTime });
    if (span.isRecording()) {
      span.setAttributes(spanAttributesOf(attempt, attributes));
      if (hasFailed(attempt)) span.setStatus({ code: SpanStatusCode.ERROR });
    }
    span.end(endTime);
  }
}

interface Listener {
  readonly start: () => void;
  readonly stop: () => void;
}

function listener<Name extends keyof AircallDiagnostics>(
  name: Name,
  hear: (message: AircallDiagnostics[Name]) => void,
): Listener {
  const heard = (message: unknown) => hear(message as AircallDiagnostics[Name]);
  return { start: () => subscribe(name, heard), stop: () => void unsubscribe(name, heard) };
}

/** A call that its caller has left is no failure of the request. */
function hasFailed({ code }: Attempt): boolean {
  return code !== null && code !== "aborted";
}

function tracerOf(provider: Pick<TracerProvider, "getTracer">): Tracer {
  return provider.getTracer(name, version);
}

interface Durations {
  readonly request: Histogram;
  readonly process: Histogram;
}

function durationsOf(provider: Pick<MeterProvider, "getMeter">): Durations {
  const meter = provider.getMeter(name, version);
  const options = { unit: "s", advice: { explicitBucketBoundaries } };
  return {
    request: meter.createHistogram("http.client.request.duration", {
      description: "Duration of HTTP client requests.",
      ...options,
    }),
    process: meter.createHistogram("messaging.process.duration", {
      description: "Duration of processing operation.",
      ...options,
    }),
  };
}
