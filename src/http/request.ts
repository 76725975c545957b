import { ConfigError } from "../errors/errors";
import type { Credential } from "./credential";
import { encodeBody } from "./request-body";
import { encodeQuery } from "./query";
import type { ListShape, Method, Route } from "./route";

/** Equals the version in package.json; a test says so. */
export const version = "0.1.0";
const agent = `express-aircall/${version}`;
const accept = "application/json";

/** One request, ready but for its credential. */
export interface OutgoingRequest {
  readonly method: Method;
  /** Absolute, with its query. */
  readonly url: string;
  readonly body: string | null;
  /** Method and route template, for errors. */
  readonly request: string;
  /** What a good answer holds, where that is a list. */
  readonly list?: ListShape | undefined;
}

/** `input` travels as the query of a GET or DELETE and as the JSON body otherwise. */
export function compose(
  apiUrl: string,
  { method, path, template, list, refusal }: Route,
  input?: object,
): OutgoingRequest {
  if (refusal) throw refusal;
  const message = { method, url: apiUrl + path, body: null, request: template, list };
  if (input === undefined) return message;
  if (hasBody(method)) return { ...message, body: encodeBody(input) };
  const query = encodeQuery(input, list);
  return query === "" ? message : { ...message, url: `${message.url}?${query}` };
}

/** `codings` are for answers that are worth compressing: those to reads. */
export function headersFor(
  method: Method,
  { authorization }: Credential,
  codings: string | null,
): Record<string, string> {
  if (/[^\t\x20-\x7e\x80-\xff]/.test(authorization)) {
    throw new ConfigError(
      "The Aircall credential holds a character that no HTTP header can carry, such as a line break. Copy it again.",
    );
  }
  // Written out, for V8 makes objects out of others slowly.
  if (method !== "GET") return { authorization, accept, "user-agent": agent, "content-type": accept };
  if (codings === null) return { authorization, accept, "user-agent": agent };
  return { authorization, accept, "user-agent": agent, "accept-encoding": codings };
}

function hasBody(method: Method): boolean {
  return method === "POST" || method === "PUT";
}
