export { AircallInstrumentation, type AircallInstrumentationOptions } from "./instrumentation";
