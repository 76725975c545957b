import { ConfigError } from "../errors/errors";
import { type Answer, rejected } from "../http/answer";
import { callOptionNames, checkCallOptions, type CallOptions } from "../http/options";
import type { Api } from "../resources/api";
import type { Route } from "../http/route";
import { whicheverFirst } from "../time/whichever-first";

/** What a whole client may choose for its calls. */
export interface ClientOptions extends CallOptions {
  /** Refuses everything but GET with a ConfigError, and sends nothing. There is no way back from it. Default false. */
  readOnly?: boolean | undefined;
}

/** @throws {ConfigError} an option is unknown, or its value impossible. */
export function checkClientOptions(options: ClientOptions): void {
  checkCallOptions(options, [...callOptionNames, "readOnly"]);
}

/** The same Http with other defaults; what a call says for itself comes first. */
export function derive(http: Api, { readOnly = false, ...defaults }: ClientOptions): Api {
  const signalOf = (options: CallOptions) => whicheverFirst(defaults.signal, options.signal);
  const merged = (options: CallOptions = {}) => ({ ...defaults, ...given(options), signal: signalOf(options) });
  const derived: Api = {
    ...http,
    signal: whicheverFirst(http.signal, defaults.signal),
    lane: defaults.lane ?? http.lane,
    alone: (task, work) => http.alone({ ...task, signal: signalOf(task) }, work),
    send: (route, key, options, input) => http.send(route, key, merged(options), input),
    page: (list, options, query) => http.page(list, merged(options), query),
    download: (file, options) => http.download(file, merged(options)),
  };
  return readOnly ? onlyReading(derived) : derived;
}

export function onlyReading(http: Api): Api {
  return {
    ...http,
    send: (route, ...rest) => (route.method === "GET" ? http.send(route, ...rest) : refuse(route)),
  };
}

function refuse<T>({ template }: Route): Answer<T> {
  return rejected(template, new ConfigError(`${template} was not sent: this client is read-only (readOnly).`));
}

/** Without what is undefined: that means "not given". */
function given(options: CallOptions): CallOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
