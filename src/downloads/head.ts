import { ConnectionError } from "../errors/errors";
import { fileRefused } from "./refusal";
import { isPart, lengthOfPart } from "./part";
import type { TransportAnswer } from "../http/transport/transport";

/** All that is passed on of a file server's headers, each checked. */
export interface FileHead {
  /** 416: the range that was asked for lies beyond the file's end. */
  readonly status: 200 | 206 | 416;
  /** A type of sound without parameters, or `application/octet-stream`. */
  readonly contentType: string;
  /** Bytes in the body. */
  readonly contentLength: number | null;
  /** With 206 and 416. */
  readonly contentRange: string | null;
  readonly acceptRanges: "bytes" | null;
  readonly etag: string | null;
  readonly lastModified: string | null;
}

/** @throws {ApiError} {ConnectionError} the answer holds no file, or not the part that was asked for. */
export function readHead(answer: TransportAnswer, request: string, range: string | null): FileHead {
  const { status } = answer;
  const part = range !== null && (status === 206 || status === 416);
  if (status !== 200 && !part) throw fileRefused(request, status);
  const coding = answer.header("content-encoding") ?? "identity";
  if (!/^(?:identity)?$/i.test(coding.trim())) {
    throw new ConnectionError(request, "the file came compressed, which nobody asked for.");
  }

  const contentRange = part ? matching(answer, "content-range", /^bytes (?:\d+-\d+|\*)\/(?:\d+|\*)$/) : null;
  if (status === 206 && !contentRange) throw new ConnectionError(request, "a part of the file came without its range.");
  if (status === 206 && !isPart(contentRange, range)) {
    throw new ConnectionError(request, "another part of the file came than was asked for.");
  }
  const length = status === 206 ? lengthOfPart(contentRange) : null;
  const announced = matching(answer, "content-length", /^\d{1,15}$/);
  if (length !== null && announced !== null && length !== Number(announced)) {
    throw new ConnectionError(request, "a part of the file came that is not as long as its range.");
  }
  return {
    status,
    contentType: typeOf(answer),
    contentLength: length ?? (announced === null ? null : Number(announced)),
    contentRange,
    acceptRanges: status === 206 || answer.header("accept-ranges") === "bytes" ? "bytes" : null,
    etag: matching(answer, "etag", /^(?:W\/)?"[\x21\x23-\x7e]*"$/),
    lastModified: matching(answer, "last-modified", /^[A-Z][a-z]{2}, [\w :]{1,30}GMT$/),
  };
}

function matching(answer: TransportAnswer, name: string, pattern: RegExp): string | null {
  const value = answer.header(name);
  return value !== null && pattern.test(value) ? value : null;
}

/** A page or a script that came in a recording's place must not be one in the visitor's browser. */
function typeOf(answer: TransportAnswer): string {
  const [type = ""] = (answer.header("content-type") ?? "").split(";");
  return /^audio\/[\w.+-]{1,60}$/i.test(type.trim()) ? type.trim() : "application/octet-stream";
}
