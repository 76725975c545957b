import type { Dispatcher } from "undici";

export interface TransportRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly signal: AbortSignal;
}

export interface TransportAnswer {
  readonly status: number;
  header(name: string): string | null;
  /** The whole body. Rejects with {@link BodyTooLarge} past `maxBytes`. Call this or `discard`, once. */
  text(maxBytes: number): Promise<string>;
  /** Lets go of a body nobody will read. */
  discard(): Promise<void>;
}

/** Sends bytes and answers what came back, whatever the status. Never follows a redirect. */
export interface Transport {
  send(request: TransportRequest): Promise<TransportAnswer>;
  /** Waits for answers under way and closes the connections. */
  close(): Promise<void>;
}

/** The answer is longer than anyone agreed to read. */
export class BodyTooLarge extends Error {
  override readonly name = "BodyTooLarge";
}

/** Our own connections by default; the developer's `fetch` when there is one. */
export function createTransport(fetch: typeof globalThis.fetch | null): Transport {
  return fetch ? fetchTransport(fetch) : undiciTransport();
}

function undiciTransport(): Transport {
  let agent: Dispatcher | undefined;
  let closing: Promise<void> | undefined;

  function loadAgent(): Dispatcher {
    // Loading undici takes longer than the rest of the library together; an app that never calls Aircall never pays.
    const { Agent } = require("undici") as typeof import("undici");
    return new Agent({ keepAliveTimeout: 60_000, keepAliveMaxTimeout: 300_000, headersTimeout: 0, bodyTimeout: 0 });
  }

  return {
    async send({ method, url, headers, body, signal }) {
      agent ??= loadAgent();
      const answer = await agent.request({
        origin: url.origin,
        path: url.pathname + url.search,
        method: method,
        headers,
        body,
        signal,
      });
      return {
        status: answer.statusCode,
        header: (name) => singleValue(answer.headers[name.toLowerCase()]),
        text: (maxBytes) => readText(answer.body, maxBytes),
        discard: () => answer.body.dump({ limit: 65_536 }),
      };
    },
    close() {
      return (closing ??= agent?.close()) ?? Promise.resolve();
    },
  };
}

function fetchTransport(fetch: typeof globalThis.fetch): Transport {
  return {
    async send({ method, url, headers, body, signal }) {
      const answer = await fetch(url, { method, headers, body, signal, redirect: "manual" });
      return {
        status: answer.status,
        header: (name) => answer.headers.get(name),
        text: (maxBytes) => (answer.body ? readText(answer.body, maxBytes) : Promise.resolve("")),
        discard: async () => void (await answer.body?.cancel()),
      };
    },
    close: () => Promise.resolve(),
  };
}

async function readText(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw new BodyTooLarge(`The answer is longer than ${maxBytes} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, bytes).toString("utf8");
}

function singleValue(value: string | string[] | undefined): string | null {
  return (Array.isArray(value) ? value[0] : value) ?? null;
}
