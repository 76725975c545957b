import { ConfigError } from "../errors";
import type { CallOptions } from "./http";

/** For what cannot be taken back: the same id once more, so that no wrong variable deletes the wrong thing. */
export interface Confirmed extends CallOptions {
  confirm: number | string;
}

/** @throws {ConfigError} the two ids differ. */
export function confirmed(id: number | string, { confirm, ...options }: Confirmed): CallOptions {
  if (String(confirm) === String(id)) return options;
  throw new ConfigError("Not sent, for it cannot be taken back: confirm must be the same id as the first one.");
}
