import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import { BodyTooLarge } from "../response-body";
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
        stream: () => asReadable(answer.body),
        discard: () => discard(answer.body),
      };
    },
    close: () => Promise.resolve(),
  };
}

/** A stream of the web's, or one of Node's as node-fetch gives it. */
type Body = Response["body"] | Readable;

function asReadable(body: Body): Readable {
  if (body instanceof Readable) return body;
  return body && "getReader" in body ? Readable.fromWeb(body as ReadableStream) : Readable.from(body ?? []);
}

async function discard(body: Body): Promise<void> {
  if (body instanceof Readable) body.on("error", () => undefined).destroy();
  else await body?.cancel();
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
