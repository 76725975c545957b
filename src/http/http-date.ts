/**
 * UNIX milliseconds of an HTTP date in any of its three forms (RFC 9110, 5.6.7); NaN where there is none. That of
 * `asctime` names no zone, and is of Greenwich all the same.
 */
export function readHttpDate(text: string): number {
  return Date.parse(/\s\d{4}$/.test(text) ? `${text} GMT` : text);
}
