import { listenTo } from "./deadline";

/** A signal of the platform's own that aborts with whichever of the two aborts first; undefined where neither is there. */
export function whicheverFirst(one: AbortSignal | undefined, other: AbortSignal | undefined): AbortSignal | undefined {
  if (one && other) return AbortSignal.any([known(one), known(other)]);
  const only = one ?? other;
  return only && known(only);
}

/** `AbortSignal.any` takes no signals but its own kind; others are of jsdom, or of a polyfill. */
function known(signal: AbortSignal): AbortSignal {
  if (signal instanceof AbortSignal) return signal;
  const following = new AbortController();
  listenTo(signal, (reason) => following.abort(reason));
  return following.signal;
}
