import type { Attributes } from "@opentelemetry/api";
import type { AircallDiagnostics } from "../diagnostics";

export type Attempt = AircallDiagnostics["express-aircall:attempt"];

/** Of the duration: few values each, so that a series can be kept for every combination. */
export function attributesOf({ request, origin, status, code }: Attempt): Attributes {
  const { method, template } = partsOf(request);
  return {
    "http.request.method": method,
    "url.template": template,
    ...serverAt(origin),
    ...(status !== null && { "http.response.status_code": status }),
    ...(code !== null && { "error.type": status !== null && status >= 400 ? String(status) : code }),
  };
}

/** Of a span: the address too, with its ids taken out as the conventions ask for what is sensitive. */
export function spanAttributesOf({ request, origin, attempt }: Attempt, common: Attributes): Attributes {
  const { template } = partsOf(request);
  return {
    ...common,
    "url.full": origin + template.replace(/:[a-zA-Z_]+/g, "REDACTED"),
    ...(attempt > 1 && { "http.request.resend_count": attempt - 1 }),
  };
}

function partsOf(request: string): { method: string; template: string } {
  const space = request.indexOf(" ");
  return { method: request.slice(0, space), template: request.slice(space + 1) };
}

function serverAt(origin: string): Attributes {
  const { hostname, port, protocol } = new URL(origin);
  return {
    "server.address": hostname.replace(/^\[|\]$/g, ""),
    "server.port": port === "" ? (protocol === "http:" ? 80 : 443) : Number(port),
  };
}
