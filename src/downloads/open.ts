import { setTimeout as pause } from "node:timers/promises";
import type { Answered } from "../http/response";
import { beforeSending } from "../http/before-sending";
import { isRecord, unwrap } from "../http/response-body";
import type { Execute } from "../http/execute";
import { withDeadline, type Deadline } from "../time/deadline";
import { checkDownloadOptions, Download, type DownloadOptions, type OpenFile, type Wanted } from "./download";
import { watchBody } from "./stream";
import { type FileHead, readHead } from "./head";
import { noFile } from "./refusal";
import { createFileRequests, type FileAnswer, letGo } from "./request";
import type { CallOptions } from "../http/options";
import type { Owner } from "../http/credential";
import type { HttpParts } from "../http/parts";
import { compose } from "../http/request";
import type { Route } from "../http/route";
import type { TransportAnswer } from "../http/transport/transport";

/** Where the address of a file stands: in the `field` of the entity under `key`. */
export interface FileField {
  readonly route: Route;
  readonly key: string;
  readonly field: string;
}

/** An address is good for about an hour. A player that seeks asks for one part of the file after the other. */
const addressCacheMs = 5 * 60_000;
const defaultIdleTimeoutMs = 30_000;
/** How servers of files refuse an address whose time is over, Amazon's and others. */
const outdated: readonly number[] = [400, 403, 404, 410];

/** Looks up where a file is, and opens it there. An address that is refused is looked up once more. */
export function createDownloads(parts: HttpParts, call: Execute) {
  const { apiUrl, now = Date.now } = parts;
  const requestFile = createFileRequests({ random: Math.random, sleep: defaultSleep, ...parts });

  async function findAddress(file: FileField, options: CallOptions, refused: string | null): Promise<string> {
    const reusable = (kept: Answered) => ![null, refused].includes(readAddress(kept, file));
    const message = beforeSending(file.route.template, () => compose(apiUrl, file.route));
    const answered = await call(message, { ...options, cacheMs: addressCacheMs }, { parse: true, reusable });
    const address = readAddress(answered, file);
    if (address === null) throw noFile(file.route.template, file.field);
    return address;
  }

  async function request(file: FileField, wanted: Wanted, deadline: Deadline): Promise<FileAnswer> {
    const { range: _, ifRange: __, idleTimeoutMs: ___, ...options } = { ...wanted, signal: deadline.signal };
    const { maxRetries = 2 } = wanted;
    const asked = { request: file.route.template, conditions: conditionsOf(wanted), maxRetries };
    const address = await findAddress(file, options, null);
    const found = await requestFile(address, asked, deadline);
    if (!outdated.includes(found.answer.status)) return found;
    await letGo(found.answer);
    return requestFile(await findAddress(file, options, address), asked, deadline);
  }

  async function open(file: FileField, wanted: Wanted): Promise<OpenFile> {
    const { template } = file.route;
    beforeSending(template, () => checkDownloadOptions(wanted));
    const { timeoutMs = parts.timeoutMs, idleTimeoutMs = defaultIdleTimeoutMs, signal } = wanted;
    const { answer, way, head } = await withDeadline(
      { request: template, timeoutMs, signal, now },
      async (deadline) => {
        const found = await request(file, wanted, deadline);
        return { ...found, head: await headOf(found.answer, template, wanted) };
      },
    );
    if (head.status === 416) return { head, body: null };
    noteOpened(file);
    const watched = { request: template, way, length: head.contentLength, idleTimeoutMs, signal };
    return { head, body: watchBody(answer.stream(), watched) };
  }

  /** Nobody waits for the owner's name. */
  function noteOpened({ route, field }: FileField): void {
    const { onDone, tokens } = parts;
    const told = (owner: Owner | null) => onDone?.({ request: route.template, file: field, owner });
    if (onDone) tokens.owner().then(told, () => told(null));
  }

  return (file: FileField, options: DownloadOptions = {}) =>
    new Download(file.route.template, options, (wanted) => open(file, wanted));
}

function defaultSleep(ms: number, signal: AbortSignal): Promise<void> {
  return pause(ms, undefined, { signal });
}

function readAddress(answered: Answered, { route, key, field }: FileField): string | null {
  const entity = unwrap(answered.json(), key, route.template);
  const address = isRecord(entity) ? entity[field] : null;
  return typeof address === "string" && address !== "" ? address : null;
}

/** A range that is none, or several, is as good as none (RFC 9110, 14.2). */
function conditionsOf({ range, ifRange }: Wanted): Record<string, string> {
  if (range === undefined || !/^bytes=(?:\d{1,15}-\d{0,15}|-\d{1,15})$/.test(range)) return {};
  if (ifRange === undefined) return { range };
  return /^[\x20-\x7e]{1,200}$/.test(ifRange) ? { range, "if-range": ifRange } : {};
}

/** The head of an answer whose body is wanted; any other body is let go. */
async function headOf(answer: TransportAnswer, request: string, wanted: Wanted): Promise<FileHead> {
  let wantBody = false;
  try {
    const head = readHead(answer, request, conditionsOf(wanted)["range"] ?? null);
    wantBody = head.status !== 416;
    return head;
  } finally {
    if (!wantBody) await letGo(answer);
  }
}
