import type { DispatcherLike } from "../../config/values";
import { createFetchTransport } from "./fetch";
import { foreignFetch } from "./platform";
import type { Transport } from "./transport";
import { createUndiciTransport } from "./undici";

/**
 * The developer's `fetch` or `dispatcher` where there is one. Else as the platform's fetch would: by what a test or an
 * agent has put in its place, by another runtime's, by the dispatcher of the process; and over connections of our own.
 */
export function createTransport(fetch: Fetch | null, dispatcher: DispatcherLike | null = null): Transport {
  if (fetch) return createFetchTransport(fetch);
  const connections = createUndiciTransport({ dispatcher });
  if (dispatcher) return connections;
  const fetching = createFetchTransport((input, init) => globalThis.fetch(input, init));
  const chosen = () => (foreignFetch() ? fetching : connections);
  return {
    send: (request) => chosen().send(request),
    codings: () => chosen().codings?.() ?? null,
    proxyFor: (origin) => chosen().proxyFor?.(origin) ?? null,
    close: () => connections.close(),
  };
}

type Fetch = typeof globalThis.fetch;
