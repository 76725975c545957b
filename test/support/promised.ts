/**
 * A bound in milliseconds that holds on a machine that is not busy with something else: `npm run soak` keeps to it,
 * elsewhere there is none.
 */
export function promised(ms: number): number {
  return process.env["SOAK"] === "1" ? ms : Infinity;
}

/** How often something raced is tried: `few` times in `npm test`, `many` times in `npm run soak`. */
export function rounds(few: number, many: number): number {
  return process.env["SOAK"] === "1" ? many : few;
}
