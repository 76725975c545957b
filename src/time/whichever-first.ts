/** Aborts with whichever of the two aborts first; undefined where neither is there. */
export function whicheverFirst(one: AbortSignal | undefined, other: AbortSignal | undefined): AbortSignal | undefined {
  return one && other ? AbortSignal.any([one, other]) : (one ?? other);
}
