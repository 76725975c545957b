import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Api, Reply } from "./api";

export const etag = '"7f3a"';
export const modified = "Tue, 24 Nov 2026 08:00:00 GMT";
/** Stands in every address of a file. */
export const signature = "s1gnature-of-the-address";

/** Bytes that tell where they stand. */
export function soundOf(length: number): Buffer {
  const block = createHash("sha512");
  const blocks = Array.from({ length: Math.ceil(length / 64) }, (_, index) => block.copy().update(`${index}`).digest());
  return Buffer.concat(blocks, length);
}

/** The address of a file at that server, which opens it to anybody. */
export function addressAt(api: Pick<Api, "url">, path = "/recording.mp3"): string {
  return `${api.url}${path}?X-Amz-Signature=${signature}`;
}

/** What Aircall answers for a call with that recording. */
export function callWith(recording: string | null, voicemail: string | null = null): Reply {
  return { body: { call: { id: 7, recording, voicemail } } };
}

/** Serves the bytes in whole or in part, with headers that are nobody's business. */
export function keeping(bytes: Buffer, headers: Record<string, string> = {}): Reply {
  return function keep(req: IncomingMessage, res: ServerResponse) {
    const common = { "content-type": "audio/mpeg", etag, "last-modified": modified, "accept-ranges": "bytes" };
    const nobodys = { "set-cookie": "s3=1", "x-amz-request-id": "4D1", server: "S3", "cache-control": "public" };
    const range = matches(req.headers["if-range"]?.toString()) ? rangeOf(req, bytes.length) : null;
    const all = { ...common, ...nobodys, ...headers };
    if (range === null) return res.writeHead(200, { ...all, "content-length": bytes.length }).end(bytes);
    const [start, end] = range;
    if (start > end) return res.writeHead(416, { ...all, "content-range": `bytes */${bytes.length}` }).end("<Error/>");
    const partial = { "content-range": `bytes ${start}-${end}/${bytes.length}`, "content-length": end - start + 1 };
    return res.writeHead(206, { ...all, ...partial }).end(bytes.subarray(start, end + 1));
  };
}

function matches(condition: string | undefined): boolean {
  return condition === undefined || condition === etag || condition === modified;
}

/** Both ends included; the first beyond the last where there is no such part. */
function rangeOf({ headers }: IncomingMessage, length: number): [number, number] | null {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(headers.range ?? "") ?? [];
  if (first === undefined || last === undefined) return null;
  if (first === "") return [Math.max(0, length - Number(last)), last === "0" ? -1 : length - 1];
  return Number(first) >= length
    ? [1, 0]
    : [Number(first), last === "" ? length - 1 : Math.min(Number(last), length - 1)];
}
