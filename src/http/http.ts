import { type Alone, createAlone, type Task, type Turn as AloneTurn } from "./alone";
import { Answer } from "./answer";
import { beforeSending } from "./before-sending";
import { unwrap } from "./response-body";
import { createCall } from "./execute";
import { onlyReading } from "./derived";
import type { Download, DownloadOptions } from "../downloads/download";
import { createDownloads, type FileField } from "../downloads/open";
import { compose, type Message } from "./request";
import { type Page, readPageNumber, resolveLink, toPage, withPageNumber } from "../pagination/page";
import { digest, type Owner } from "./credential";
import { ofList, type Route } from "./route";
import type { Sharing } from "./dedupe";
import { type Asker, type BudgetSnapshot, type Lane, unlimited, type Limiter, unknownBudget } from "./limiter";
import type { Deadline } from "../time/deadline";
import type { Transport } from "./transport/transport";

/** What proves to Aircall who is asking. */
export interface Credential {
  /** The whole value of the Authorization header. */
  readonly authorization: string;
  /** The part of it that must never be shown. */
  readonly secret: string;
}

/** Where a request gets its credential from. */
export interface TokenSource {
  /** Whose budget it spends, where that is known without asking. */
  readonly budget?: string | undefined;
  /** Null where nothing is connected; `credential` says why. */
  owner(): Promise<Owner | null>;
  /** The credential for the next attempt; renews it first when it is about to expire. */
  credential(deadline: Deadline): Promise<Credential>;
  /**
   * Aircall answered 401 or 403 to this credential. Resolves `"again"` when a fresh `credential()` is worth one more
   * attempt, `"permission"` when the credential is fine and the answer stands; rejects with an error of its own when
   * the credential is worthless. `request` is the route template of what was refused, e.g. `GET /v1/calls/:id`.
   */
  refused(
    credential: Credential,
    status: 401 | 403,
    deadline: Deadline,
    request?: string,
  ): Promise<"again" | "permission">;
}

/** Asks Aircall whether it still accepts a credential; `"unknown"` when it could not be asked. Never rejects. */
export type Probe = (credential: Credential, deadline: Deadline) => Promise<"accepted" | "refused" | "unknown">;

/** What one call may choose for itself. */
export interface CallOptions {
  signal?: AbortSignal | undefined;
  /** Milliseconds for this request in all: waiting, retries and reading the answer. Default: the `timeoutMs` setting. */
  timeoutMs?: number | undefined;
  /** How often a request that may be repeated is sent again after a passing failure. Default 2. */
  maxRetries?: number | undefined;
  /** Which requests go first when the budget is short. Default `interactive`; `iterate` is `bulk`. */
  lane?: Lane | undefined;
  /** Milliseconds for which the answer of a GET may be reused by calls that ask the same for the same connection. Default 0. */
  cacheMs?: number | undefined;
}

/** One request done well; the resources are written in terms of it. */
export interface Http {
  /**
   * The entity under `key` of the answer, or the whole answer with `key` null; `undefined` when the answer is empty.
   * `input` travels as the query of a GET or DELETE and as the JSON body otherwise.
   */
  send<T>(route: Route, key: string | null, input?: object, options?: CallOptions): Answer<T>;
  /** One page of a list. */
  page<T>(route: Route, key: string, query?: object, options?: CallOptions): Answer<Page<T>>;
  /** The file whose address stands in an entity. */
  download(file: FileField, options?: DownloadOptions): Download;
  /** Does for the company what only one may do at a time, in all processes that share its memory. */
  alone<T>(task: Task, work: (turn: AloneTurn) => Promise<T>): Promise<T>;
  /** The budget that the latest request spent from. */
  budget(): BudgetSnapshot;
}

export interface HttpParts {
  /** Origin and base path of the API, without a trailing slash. */
  readonly apiUrl: string;
  /** For requests that name none. */
  readonly timeoutMs: number;
  readonly transport: Transport;
  readonly tokens: TokenSource;
  /** Default: every attempt may go at once. */
  readonly turns?: Limiter;
  /** In whose name it asks for them. Default: its own. */
  readonly asker?: Asker;
  /** Where several clients share their answers. Default: each has its own. */
  readonly sharing?: Sharing;
  /** Where several clients keep out of each other's way. Default: each has its own. */
  readonly alone?: Alone;
  /** Sends nothing but GETs. Default false. */
  readonly readOnly?: boolean;
  /** Templates of the writes that come to the same when they are done twice. Default: none. */
  readonly repeatable?: ReadonlySet<string>;
  readonly now?: () => number;
  readonly random?: () => number;
  /** Rejects when the signal aborts. */
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<unknown>;
}

export function createHttp(parts: HttpParts): Http {
  const { apiUrl, turns = unlimited } = parts;
  const call = createCall(parts);
  let alone: Alone | undefined;
  let downloads: ReturnType<typeof createDownloads> | undefined;

  function ask<T>(route: Route, compose: () => Message, options: CallOptions, read: (body: unknown) => T): Answer<T> {
    return new Answer({
      request: route.template,
      send: async (how) => call(beforeSending(route.template, compose), options, how),
      read: (answered) => read(answered.json()),
    });
  }

  function openPage<T>(route: Route, key: string, first: () => Message, options: CallOptions): Answer<Page<T>> {
    const open = (urlOf: (message: Message) => string) => {
      const message = first();
      return openPage<T>(route, key, () => ({ ...message, url: urlOf(message) }), options);
    };
    return ask(route, first, options, (body) =>
      toPage<T>(body, key, {
        number: readPageNumber(first().url) ?? 1,
        follow: (link) => open(({ url }) => resolveLink(link, { apiUrl, from: url, request: route.template })),
        turnTo: (page) => open(({ url }) => withPageNumber(url, page)),
      }),
    );
  }

  const http: Http = {
    send: <T>(route: Route, key: string | null, input?: object, options: CallOptions = {}) =>
      ask(
        route,
        () => compose(apiUrl, route, input),
        options,
        (body) => unwrap(body, key, route.template) as T,
      ),
    page: <T>(route: Route, key: string, query?: object, options: CallOptions = {}) =>
      openPage<T>(route, key, () => compose(apiUrl, ofList(route, { ...route.list, key }), query), options),
    // Few clients ever open a file.
    download: (file, options) => (downloads ??= createDownloads(parts, call))(file, options),
    async alone(task, work) {
      const owner = await parts.tokens.owner();
      // Keys are seen by whoever looks into Redis.
      const key = digest(`${owner?.budget} ${task.key}`);
      return (alone ??= parts.alone ?? createAlone())({ ...task, key, what: `${owner?.grant} ${task.what}` }, work);
    },
    budget() {
      const spent = call.spent() ?? parts.tokens.budget ?? null;
      return spent === null ? unknownBudget : turns.look(spent);
    },
  };
  return parts.readOnly ? onlyReading(http) : http;
}
