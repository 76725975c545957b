import { propertyOf } from "../../errors/property";
import { beneath } from "./unreachable";

/** Looking up the host and connecting come before the first byte; a connection that is made never fails with these. */
const beforeSending = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EAI_FAIL", "UND_ERR_CONNECT_TIMEOUT"]);
const connecting = new Set(["connect", "getaddrinfo"]);
/** A certificate is judged before a request is trusted to its server. */
const certificate = /^(?:CERT_|ERR_TLS_CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_CERT)/;

/** Whether an error of a fetch, which does not say how far it came, is one that only comes before anything is sent. */
export function provesUnsent(error: unknown): boolean {
  const [code, syscall, errors] = ["code", "syscall", "errors"].map((fact) => propertyOf(beneath(error), fact));
  // An AggregateError holds one for each address of the host.
  if (Array.isArray(errors) && errors.length > 0) return errors.every(provesUnsent);
  if (typeof syscall === "string" && connecting.has(syscall)) return true;
  return typeof code === "string" && (beforeSending.has(code) || certificate.test(code));
}
