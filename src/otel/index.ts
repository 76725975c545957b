/**
 * OpenTelemetry's spans and durations.
 * @module express-aircall/otel
 */
export { AircallInstrumentation, type AircallInstrumentationOptions } from "./instrumentation";
