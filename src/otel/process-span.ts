import { type Attributes, type Histogram, SpanKind, SpanStatusCode, type Tracer } from "@opentelemetry/api";
import type { AircallDiagnostics } from "../diagnostics";

type Handling = AircallDiagnostics["express-aircall:handling"];

/**
 * Puts a handler into a consumer span, the parent of all that the handler does, and notes how long it took.
 * @see https://opentelemetry.io/docs/specs/semconv/messaging/messaging-spans/
 */
export function spanAround(handling: Handling, tracer: Tracer, duration: Histogram): void {
  const { event, source, late, run } = handling;
  const common: Attributes = {
    "messaging.system": "aircall",
    "messaging.operation.name": "process",
    "messaging.destination.name": event,
  };
  const own = { "messaging.operation.type": "process", "aircall.event.source": source, "aircall.event.late": late };
  const options = { kind: SpanKind.CONSUMER, attributes: { ...common, ...own } };

  handling.run = () =>
    tracer.startActiveSpan(`process ${event}`, options, async (span) => {
      const startedAt = performance.now();
      let failure: Attributes = {};
      try {
        await run();
      } catch (error) {
        failure = { "error.type": typeOf(error) };
        span.setAttributes(failure).setStatus({ code: SpanStatusCode.ERROR });
        throw error;
      } finally {
        duration.record((performance.now() - startedAt) / 1_000, { ...common, ...failure });
        span.end();
      }
    });
}

/** Few values, and no text of a message: the code of the library's errors, else the kind of error. */
function typeOf(error: unknown): string {
  if (!(error instanceof Error)) return "_OTHER";
  return "code" in error && typeof error.code === "string" ? error.code : error.name;
}
