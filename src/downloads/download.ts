import type { IncomingMessage, ServerResponse } from "node:http";
import type { Readable } from "node:stream";
import { refuseUnknown } from "../config/unknown-option";
import { AircallError, ConfigError } from "../errors/errors";
import { beforeSending } from "../http/before-sending";
import { calledFrom, callSite, located } from "../http/call-site";
import { callOptionNames, checkCallOptions, type CallOptions } from "../http/options";
import { isKnown, keepAsItIs, sendNotModified } from "./conditional";
import { attachment } from "./content-disposition";
import { listenTo } from "../time/deadline";
import type { FileHead } from "./head";
import { fileRefused } from "./refusal";
import { throwIfAborted } from "../time/signal";

/** What one download may choose for itself. `timeoutMs` is for the time until the file begins to arrive. */
export interface DownloadOptions extends Omit<CallOptions, "cacheMs"> {
  /** A part of the file, as an HTTP `Range` header names one: `bytes=0-1023`. Anything else asks for the whole. */
  range?: string | undefined;
  /** Milliseconds without a byte from the file's server, after which the stream fails with a TimeoutError. Default 30,000. */
  idleTimeoutMs?: number | undefined;
}

/** A recording or a voicemail that begins to arrive. */
export interface DownloadedFile extends Omit<FileHead, "status" | "acceptRanges"> {
  /** 206: `contentRange` says which part it is. */
  readonly status: 200 | 206;
  /** Fails when the file does not arrive whole. Read or destroy it: until then it holds a connection. */
  readonly body: Readable;
}

/** What a file's server began to answer; without a body where the part that was wanted does not exist. */
export interface OpenFile {
  readonly head: FileHead;
  readonly body: Readable | null;
}

export interface Wanted extends DownloadOptions {
  /** What the part belongs to; from anything else the whole file is wanted. */
  readonly ifRange?: string | undefined;
}

/** @throws {ConfigError} an option is unknown, or its value impossible. */
export function checkDownloadOptions(options: Wanted): void {
  checkCallOptions(options, [...callOptionNames, "range", "ifRange", "idleTimeoutMs"]);
  const { idleTimeoutMs = 1 } = options;
  if (idleTimeoutMs > 0 && idleTimeoutMs < 2 ** 31) return;
  throw new ConfigError("idleTimeoutMs must be above 0 and at most 2147483647.");
}

type Open = (wanted: Wanted) => Promise<OpenFile>;

/** A promise of a file, or a way to hand the file straight on. Nothing is asked for before one of the two is used. */
export class Download extends Promise<DownloadedFile> {
  readonly #request: string;
  readonly #options: DownloadOptions;
  readonly #open: Open;
  readonly #site = callSite();
  #file: Promise<DownloadedFile> | undefined;

  /** @internal */
  constructor(request: string, options: DownloadOptions, open: Open) {
    super(() => undefined);
    this.#request = request;
    this.#options = options;
    this.#open = open;
  }

  static override get [Symbol.species]() {
    return Promise;
  }

  override then<A = DownloadedFile, B = never>(
    onFulfilled?: ((file: DownloadedFile) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: Reason) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    const open = () => this.#open(this.#options).then((file) => exactly(file, this.#request));
    this.#file ??= located(open(), this.#site);
    return this.#file.then(onFulfilled, onRejected);
  }

  /**
   * Answers a request for the file: the part its `Range` header names or all of it, to a HEAD only the headers, not
   * faster than the visitor takes it. With `filename` the browser saves it. Resolves when it is sent or the visitor
   * left. Before the answer has begun a failure leaves it to you; afterwards the response is destroyed, so that nobody
   * takes a part for the whole. `Cache-Control` is `private` unless you have set it, and
   * `no-transform` in any case.
   */
  async pipe(res: ServerResponse, { filename, ...stray }: { filename?: string | undefined } = {}): Promise<void> {
    refuseUnknown(stray, ["filename"]);
    beforeSending(this.#request, () => checkDownloadOptions(this.#options));
    if (res.destroyed) return;
    const { signal, range } = this.#options;
    throwIfAborted(signal);
    const stop = new AbortController();
    const left = new Error("The visitor left.");
    const leave = () => stop.abort(left);
    res.once("close", leave);
    const stopListening = signal && listenTo(signal, (reason) => stop.abort(reason));
    try {
      const wanted = range === undefined ? wantedBy(res.req) : { range };
      await send(await this.#open({ ...this.#options, ...wanted, signal: stop.signal }), res, filename);
    } catch (error) {
      if (stop.signal.reason !== left || error instanceof AircallError) throw calledFrom(error, this.#site);
    } finally {
      res.off("close", leave);
      stopListening?.();
    }
  }
}

/** Whatever was thrown: what `catch` hands over. */
type Reason = Parameters<NonNullable<Parameters<Promise<unknown>["catch"]>[0]>>[0];

function exactly({ head, body }: OpenFile, request: string): DownloadedFile {
  const { status, contentType, contentLength, contentRange, etag, lastModified } = head;
  if (status === 416 || !body) throw fileRefused(request, 416);
  return { status, contentType, contentLength, contentRange, etag, lastModified, body };
}

function wantedBy({ method, headers }: IncomingMessage): Pick<Wanted, "range" | "ifRange"> {
  // Anything but a GET with a range is answered for the whole (RFC 9110, 14.2).
  return method !== "GET" ? {} : { range: headers.range, ifRange: headers["if-range"]?.toString() };
}

async function send({ head, body }: OpenFile, res: ServerResponse, filename: string | undefined): Promise<void> {
  try {
    if (isKnown(res.req, head)) return sendNotModified(res, head);
    const wantsBody = body !== null && res.req.method !== "HEAD";
    // Before the first bytes a failure can still be an error instead of a broken file.
    if (wantsBody) await firstBytes(body);
    setHead(res, head, filename);
    if (!wantsBody) return void res.end();
    await pipeInto(res, body);
  } finally {
    body?.destroy();
  }
}

/**
 * As a `pipeline` does it, with two listeners where that has six: with those of the app's own, of compression() and of
 * tracing agents Node would warn of a leak.
 */
function pipeInto(res: ServerResponse, body: Readable): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => {
      res.destroy();
      reject(error);
    };
    if (body.errored || res.destroyed) return fail(body.errored ?? new Error("The response was closed."));
    body.once("error", fail);
    body.once("close", () => {
      if (!body.readableEnded) fail(new Error("The file broke off."));
    });
    res.once("error", reject);
    res.once("finish", resolve);
    res.once("close", () => (res.writableFinished ? resolve() : reject(new Error("The response was closed."))));
    body.pipe(res);
  });
}

/** Resolves with the first of them, or the end of an empty file; rejects where none comes. */
function firstBytes(body: Readable): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (error?: Error) => {
      for (const [name, heard] of heards) body.off(name, heard);
      if (error) reject(error);
      else resolve();
    };
    const begun = () => settle();
    const heards = [
      ["readable", begun],
      ["end", begun],
      ["close", begun],
      ["error", settle],
    ] as const;
    for (const [name, heard] of heards) body.on(name, heard);
  });
}

function setHead(res: ServerResponse, head: FileHead, filename: string | undefined): void {
  const absent = head.status === 416;
  const headers = {
    "Accept-Ranges": head.acceptRanges,
    "Content-Disposition": filename === undefined || absent ? null : attachment(filename),
    "Content-Length": absent ? 0 : head.contentLength,
    "Content-Range": head.contentRange,
    "Content-Type": absent ? null : head.contentType,
    ETag: head.etag,
    "Last-Modified": head.lastModified,
    "X-Content-Type-Options": "nosniff",
  };
  for (const [name, value] of Object.entries(headers)) if (value !== null) res.setHeader(name, value);
  keepAsItIs(res);
  res.statusCode = head.status;
}
