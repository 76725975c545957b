import type { Answer } from "../http/answer";
import type { Task, Turn } from "../http/alone";
import type { Download, DownloadOptions } from "../downloads/download";
import type { FileField } from "../downloads/open";
import type { BudgetSnapshot, Lane } from "../http/limiter";
import type { CallOptions } from "../http/options";
import type { List } from "../pagination/options";
import type { Page } from "../pagination/page";
import type { Route } from "../http/route";

export type { CallOptions };

/** What the rows are written in terms of: requests, lists and files. */
export interface Api {
  /** Ends whatever the client does, waiting too: `withOptions({ signal })`. */
  readonly signal?: AbortSignal | undefined;
  /** The lane of requests that name none, in place of each row's default: `withOptions({ lane })`. */
  readonly lane?: Lane | undefined;
  /**
   * The entity under `key` of the answer, or the whole answer with `key` null; `undefined` when the answer is empty.
   * `input` travels as the query of a GET or DELETE and as the JSON body otherwise.
   */
  send<T>(route: Route, key: string | null, options?: CallOptions, input?: object): Answer<T>;
  /** One page of a list. */
  page<T>(list: List, options?: CallOptions, query?: object): Answer<Page<T>>;
  /** The file whose address stands in an entity. */
  download(file: FileField, options?: DownloadOptions): Download;
  /** Runs `work` under a lock: one task of a company and key at a time, in all processes that share its memory. */
  alone<T>(task: Task, work: (turn: Turn) => Promise<T>): Promise<T>;
  /** The budget that the latest request spent from. */
  budget(): BudgetSnapshot;
}
