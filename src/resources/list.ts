import type { Answer } from "../http/answer";
import { type Iteration, walk } from "../pagination/iterate";
import type { IterateOptions, List, ListQuery } from "../pagination/options";
import type { Page } from "../pagination/page";
import type { CallOptions } from "../http/options";
import type { Api } from "./api";

/** The two rows of a list. */
interface ListRows<T, Query> {
  readonly page: (query?: Query, options?: CallOptions) => Answer<Page<T>>;
  readonly iterate: (query?: Query, options?: IterateOptions) => Iteration<T>;
}

/** One page of a list, and every item of it once. What its items are ordered by may depend on the query. */
export function list<T, Query extends ListQuery>(
  http: Api,
  listed: List | ((query?: Query) => List),
): ListRows<T, Query> {
  const listFor = typeof listed === "function" ? listed : () => listed;
  return {
    page: (query, options) => http.page<T>(listFor(query), options, query),
    iterate: (query, options) => walk<T>(http, listFor(query), { options, query }),
  };
}
