import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import { BodyTooLarge } from "./body";
import { provesUnsent } from "./unsent";
import type { Transport } from "./transport";

/** The developer's own way to send. */
export function createFetchTransport(fetch: typeof globalThis.fetch): Transport {
  return {
    async send({ method, url, headers, body, signal: until, onLeaving }) {
      const signal = "onStop" in until ? until.signal : until;
      onLeaving?.(true);
      let answer: Response;
      try {
        answer = await fetch(url, { method, headers, body, signal, redirect: "manual" });
      } catch (error) {
        if (provesUnsent(error)) onLeaving?.(false);
        throw error;
      }
      return {
        status: answer.status,
        headers: Object.fromEntries(answer.headers),
        header: (name) => answer.headers.get(name),
        bytes: (maxBytes) => readBytes(answer.body ?? [], maxBytes),
        stream: () => (answer.body ? Readable.fromWeb(answer.body as ReadableStream) : Readable.from([])),
        discard: async () => void (await answer.body?.cancel()),
      };
    },
    close: () => Promise.resolve(),
  };
}

async function readBytes(body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, maxBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.byteLength;
    if (length > maxBytes) throw new BodyTooLarge(`The answer is longer than ${maxBytes} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}
