import { endpointUrl } from "../../config/urls";
import { kindOf } from "../../config/values";
import { ConfigError } from "../../errors/errors";

export interface SubscribingSettings {
  /** Null where the app makes its webhooks itself. */
  readonly url: string | null;
  /** The events that every webhook subscribes to. */
  readonly events: readonly string[];
  /** Whether webhooks are looked after without being asked for. */
  readonly byItself: boolean;
}

interface Given {
  readonly url?: string | undefined;
  readonly events?: readonly string[] | undefined;
  readonly source?: string | undefined;
}

/** @throws {ConfigError} `events` is no list of names. */
export function readSubscribing({ url, events = [], source }: Given, handled: Iterable<string>): SubscribingSettings {
  if (!Array.isArray(events) || !events.every(isName))
    throw new ConfigError(`events must be a list of names such as "call.tagged"; got ${kindOf(events)}.`);
  const address = url === undefined ? null : endpointUrl({ value: url, name: "url", fromText: false });
  const all = [...new Set([...handled, ...events])];
  return { url: address, events: all, byItself: address !== null && source !== "poll" };
}

function isName(value: unknown): value is string {
  return typeof value === "string" && /^[a-z][\w-]*(\.[\w-]+)+$/.test(value);
}
