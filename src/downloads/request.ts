import { isLoopback } from "../config/urls";
import { ConnectionError } from "../errors/errors";
import { isProgrammingError } from "../errors/programming-error";
import { fileRefused } from "./refusal";
import type { HttpParts } from "../http/parts";
import type { Deadline } from "../time/deadline";
import { version } from "../http/request";
import { createRetries, type Failure } from "../http/retry";
import type { TransportAnswer } from "../http/transport/transport";
import { unreachable, type Way, wayTo } from "../http/transport/unreachable";

/** What is asked of a server that keeps a file. */
export interface FileRequest {
  /** Method and route template of what named the file, for errors. */
  readonly request: string;
  /** `range` and `if-range`, where a part is wanted. */
  readonly conditions: Readonly<Record<string, string>>;
  readonly maxRetries: number;
}

export interface FileAnswer {
  readonly answer: TransportAnswer;
  readonly way: Way;
}

type FileParts = Pick<HttpParts, "apiUrl" | "transport"> & Required<Pick<HttpParts, "random" | "sleep">>;
interface Retried extends FileRequest {
  readonly waitBeforeRetry: ReturnType<typeof createRetries>;
}

const maxRedirects = 3;
const redirects: readonly number[] = [301, 302, 303, 307, 308];

/**
 * Asks for the file at an address that Aircall named. That is another server than the API: no credential goes there,
 * nor to where it redirects. The address alone opens the file to anybody, so no error holds it.
 */
export function createFileRequests({ apiUrl, transport, random, sleep }: FileParts) {
  const plainAllowed = isPlainLocal(new URL(apiUrl));

  function resolve(address: string, base: URL | undefined, request: string): URL {
    const url = URL.canParse(address, base?.href) ? new URL(address, base) : null;
    const safe = url?.protocol === "https:" || (url && plainAllowed && isPlainLocal(url));
    if (url) url.hash = "";
    if (url && safe && !url.username && !url.password) return url;
    throw new ConnectionError(request, "the file's address is not a safe one; nothing was sent there.");
  }

  async function send(
    url: URL,
    asked: FileRequest,
    signal: AbortSignal,
  ): Promise<TransportAnswer | Failure<"passing">> {
    const headers = { ...commonHeaders, ...asked.conditions };
    try {
      const answer = await transport.send({ method: "GET", url: url.href, headers, body: null, signal });
      if (answer.status < 500) return answer;
      await letGo(answer);
      return { kind: "passing", error: fileRefused(asked.request, answer.status) };
    } catch (error) {
      if (isProgrammingError(error)) throw error;
      return { kind: "passing", error: unreachable(asked.request, error, wayTo(url.href, transport)) };
    }
  }

  async function sendPatiently(url: URL, asked: Retried, deadline: Deadline) {
    for (;;) {
      const answer = await send(url, asked, deadline.signal);
      if (!("kind" in answer)) return answer;
      const waitMs = asked.waitBeforeRetry(answer, deadline);
      if (waitMs === null) throw answer.error;
      await sleep(waitMs, deadline.signal);
    }
  }

  return async function requestFile(address: string, asked: FileRequest, deadline: Deadline): Promise<FileAnswer> {
    const { request } = asked;
    const retried = { ...asked, waitBeforeRetry: createRetries("reads", asked.maxRetries, random) };
    let url = resolve(address, undefined, request);
    for (let followed = 0; ; followed++) {
      const answer = await sendPatiently(url, retried, deadline);
      if (!redirects.includes(answer.status)) return { answer, way: wayTo(url.href, transport) };
      await letGo(answer);
      if (followed === maxRedirects) throw new ConnectionError(request, "the file's server redirects without an end.");
      url = resolve(answer.header("location") ?? "", url, request);
    }
  };
}

/** For a body that nobody will read, and that may never end. */
export async function letGo(answer: TransportAnswer): Promise<void> {
  await answer.discard().catch(() => undefined);
}

/** A compressed file would have other lengths and ranges than those the visitor asks for. */
const commonHeaders = { accept: "*/*", "accept-encoding": "identity", "user-agent": `express-aircall/${version}` };

function isPlainLocal({ protocol, hostname }: URL): boolean {
  return protocol === "http:" && isLoopback(hostname);
}
