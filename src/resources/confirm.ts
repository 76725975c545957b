import { ConfigError } from "../errors/errors";
import { type Answer, rejected } from "../http/answer";
import type { CallOptions } from "../http/options";
import type { Api } from "./api";
import type { Id, Route } from "../http/route";

/** For deletions, which cannot be undone: the same id once more, so that no wrong variable deletes the wrong thing. */
export interface Confirmed extends CallOptions {
  confirm: Id;
}

/** Sends when `confirm` is the same id, else rejects with a ConfigError. JavaScript may leave out the options. */
export function sendConfirmed(
  http: Api,
  { route, id }: { readonly route: Route; readonly id: Id },
  confirmed: Partial<Confirmed> | undefined,
): Answer<void> {
  const { confirm, ...options } = confirmed ?? {};
  if (isId(confirm) && String(confirm) === String(id)) return http.send(route, null, options);
  const reason = "for it cannot be taken back: confirm must be the same id as the first one.";
  return rejected(route.template, new ConfigError(`${route.template} was not sent, ${reason}`));
}

function isId(value: unknown): value is Id {
  return typeof value === "number" || typeof value === "string";
}
