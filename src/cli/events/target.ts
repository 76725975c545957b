import { isLoopback } from "../../config/urls";
import { createPoster } from "../../simulator/webhooks/post";
import { Failure, UsageError, type Report } from "../terminal";

/** Where events are sent, and with which token. */
export interface Target {
  readonly url: string;
  readonly token: string | null;
}

export const targetOptions = {
  to: { type: "string" },
  token: { type: "string" },
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

export const targetHelp = `  --to <url>               where your app receives events
  --token <text>           the webhook's; else the variable AIRCALL_WEBHOOK_TOKEN, which other users of the machine cannot
                           see. Without one a made-up token is sent
  --json                   for programs
`;

export function readTarget(
  asked: { to?: string | undefined; token?: string | undefined },
  env: NodeJS.ProcessEnv,
): Target {
  const { to, token = env["AIRCALL_WEBHOOK_TOKEN"] } = asked;
  if (to === undefined)
    throw new UsageError("Say where your app receives events: --to http://localhost:3000/aircall/events.");
  return { url: readUrl("--to", to), token: token === undefined || token === "" ? null : token };
}

/** @throws {UsageError} it is no address of http or https. */
export function readUrl(name: string, given: string): string {
  const url = URL.canParse(given) ? new URL(given) : null;
  if (url?.protocol === "https:" || url?.protocol === "http:") return given;
  throw new UsageError(`${name} takes an address such as http://localhost:3000/aircall/events.`);
}

export function isSecure(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === "https:" || isLoopback(hostname);
}

/** What became of an event. */
export interface Sent {
  readonly event: string;
  /** Null where no answer came. */
  readonly status: number | null;
  /** Why no answer came. */
  readonly reason: string | null;
  readonly tookMs: number;
}

const timeoutMs = 5_000;

/** Sends these events one after the other, as Aircall does. */
export async function sendAll(url: string, bodies: readonly object[], onSent: (sent: Sent) => void): Promise<Sent[]> {
  const poster = createPoster();
  const all: Sent[] = [];
  for (const body of bodies) {
    const started = performance.now();
    const posted = await poster.post(url, JSON.stringify(body), { timeoutMs });
    const sent = { event: nameOf(body), ...posted, tookMs: Math.round(performance.now() - started) };
    all.push(sent);
    onSent(sent);
  }
  poster.close();
  return all;
}

export function lineOf({ event, status, reason, tookMs }: Sent): string {
  return `${event.padEnd(32)} ${status ?? reason}, in ${tookMs} ms\n`;
}

/** The report of a delivery; its exit code is 1 where an event has not arrived. */
export function reportOf({ url, token }: Target, sent: readonly Sent[]): Report & { readonly code: number } {
  const failed = sent.filter(({ status }) => status === null || status < 200 || status > 299);
  const refused = failed.some(({ status }) => status === 401 || status === 403);
  const hint = token === null ? noToken : "It refused the token: is it the one of this webhook?";
  const verdict =
    failed.length === 0 ? "" : `${failed.length} of ${sent.length} did not arrive.${refused ? ` ${hint}` : ""}\n`;
  return { text: verdict, json: { to: url, sent }, code: failed.length === 0 ? 0 : 1 };
}

const noToken = "A made-up token was sent: give the webhook's, by --token or AIRCALL_WEBHOOK_TOKEN.";

function nameOf(body: object): string {
  const { event, event_name }: { event?: unknown; event_name?: unknown } = body;
  const name = event ?? event_name;
  if (typeof name !== "string") throw new Failure("An event has no name.");
  return name;
}
