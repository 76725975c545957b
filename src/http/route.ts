export type Method = "GET" | "POST" | "PUT" | "DELETE";

/** Where a request goes. Made only by {@link route}, so that no parameter leaves its segment. */
export interface Route {
  readonly method: Method;
  /** Encoded, beginning with `/`. */
  readonly path: string;
  /** For errors and events: the same with every parameter as `:id`, e.g. `GET /v1/calls/:id`. */
  readonly template: string;
}
