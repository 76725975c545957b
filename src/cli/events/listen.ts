import { randomBytes } from "node:crypto";
import { appendFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { createAircallClient, type AircallClient } from "../../client/client";
import type { Config } from "../../config/config";
import { fields } from "../../config/fields";
import { sha256 } from "../../config/sha256";
import { suggest } from "../../config/suggest";
import { AircallError } from "../../errors/errors";
import { webhookEvents } from "../../simulator/data/webhooks";
import { commonOptions, connectionHelp, readArguments, readSettings } from "../connection";
import { Failure, ownTerminal, report, UsageError, type Report, type Terminal } from "../terminal";
import { serveDeliveries, type Event, type Place } from "./delivery-server";
import type { Webhook } from "../../resources/webhooks";
import { createLeftOver, type LeftOver } from "./left-over";
import { maskNumbers } from "./mask";
import { isSecure, readUrl } from "./target";

const help = `Usage: express-aircall listen --url <tunnel> [options]

Makes a webhook at Aircall, and prints what is sent to it until Ctrl-C, which removes it; what a crash leaves behind is
removed at the next start. <tunnel> is an https address that leads to this machine.

  --url <address>          of the tunnel, as Aircall is to reach it
  --listen 127.0.0.1:<port>  where the tunnel leads to (127.0.0.1:4001)
  --events <names>         separated by commas, such as call.created,call.ended (all)
  --record <file>          appends each event as a line of JSON, without its token: for express-aircall replay
  --show-numbers           phone numbers as they are; else each of their digits but the last two is 0
${connectionHelp}`;

interface Asked {
  readonly url: string;
  readonly place: Place;
  readonly events: readonly string[];
  readonly record: string | undefined;
  readonly showNumbers: boolean;
  readonly json: boolean;
}

/** Runs `listen …`. Resolves to its exit code, once `ended` does: by default at SIGINT or SIGTERM. */
export function runListen(
  args: readonly string[],
  terminal: Terminal = ownTerminal(),
  ended: () => Promise<unknown> = signalled,
): Promise<number> {
  return report(terminal, { name: "listen", json: args.includes("--json") }, async () => {
    const text = { type: "string" } as const;
    const own = { url: text, listen: text, events: text, record: text, "show-numbers": { type: "boolean" } } as const;
    const options = { ...commonOptions, ...own };
    const given = readArguments(() => parseArgs({ args: [...args], options, allowPositionals: true }));
    if (given.help) return { text: help, json: { help } };
    const asked: Asked = {
      url: readTunnel(given.url),
      place: readPlace(given.listen),
      events: readEvents(given.events),
      record: given.record,
      showNumbers: given["show-numbers"] ?? false,
      json: given.json ?? false,
    };
    const { connection } = given;
    const config = readSettings({ connection, env: terminal.env });
    const client = createAircallClient({ connection });
    try {
      return await listen(asked, { client, account: accountOf(config), terminal, ended: ended() });
    } finally {
      await client.close();
    }
  });
}

interface Parts {
  readonly client: AircallClient;
  readonly account: string;
  readonly terminal: Terminal;
  readonly ended: Promise<unknown>;
}

async function listen(asked: Asked, { client, account, terminal, ended }: Parts): Promise<Report> {
  const leftOver = createLeftOver(terminal.env);
  const { url, events } = asked;
  let token: string | undefined;
  let count = 0;
  const server = await serveDeliveries(asked.place, {
    token: () => token,
    onEvent(event) {
      count += 1;
      show(event, asked, terminal);
    },
    onRefused: () => terminal.stderr.write("Something without this webhook's token came in, and was refused.\n"),
  });
  try {
    for (const made of leftOver.of(account)) await remove(client, made.url, leftOver);
    const webhook = await make(client, { url, events }, { leftOver, account });
    token = webhook.token;
    const facts = { webhookId: webhook.webhook_id, url, listening: `${asked.place.host}:${server.port}` };
    terminal.stdout.write(asked.json ? `${JSON.stringify(facts)}\n` : welcome(facts));
    await ended;
    await remove(client, url, leftOver);
  } finally {
    await server.close();
  }
  return { text: `${count} events came in. The webhook is removed.\n`, json: { events: count, removed: true } };
}

/** Makes the webhook, and notes it before, so that no crash can come in between. */
async function make(
  client: AircallClient,
  { url, events }: Pick<Asked, "url" | "events">,
  { leftOver, account }: { leftOver: LeftOver; account: string },
): Promise<Webhook> {
  leftOver.add({ url, account, pid: process.pid });
  try {
    return await client.webhooks.create({ url, custom_name: "express-aircall listen", events });
  } catch (error) {
    await remove(client, url, leftOver).catch(() => undefined); // what matters is why it could not be made
    throw error;
  }
}

/** Removes the webhook by its address, which no other has. */
async function remove(client: AircallClient, url: string, leftOver: LeftOver): Promise<void> {
  try {
    for await (const webhook of client.webhooks.iterate()) {
      if (webhook.url !== url) continue;
      await client.webhooks.remove(webhook.webhook_id, { confirm: webhook.webhook_id });
    }
  } catch (error) {
    if (!(error instanceof AircallError)) throw error;
    throw new Failure(`The webhook could not be removed: ${error.message} The next start tries again.`);
  }
  leftOver.remove(url);
}

function show(event: Event, { record, showNumbers, json }: Asked, { stdout }: Terminal): void {
  const shown = showNumbers ? event : fields(maskNumbers(event));
  if (record !== undefined) appendFileSync(record, `${JSON.stringify(shown)}\n`, { mode: 0o600 });
  stdout.write(json ? `${JSON.stringify(shown)}\n` : lineOf(shown));
}

function lineOf(event: Event): string {
  const { id, call_id, direction, status, raw_digits } = fields(event["data"]);
  const facts = [call_id ?? id, direction, status, raw_digits].filter((fact) => typeof fact !== "object");
  const time = new Date().toISOString().slice(11, 19);
  return `${time}  ${String(event["event"] ?? event["event_name"]).padEnd(28)}  ${facts.filter(Boolean).join("  ")}\n`;
}

function welcome({ listening, url }: { listening: string; url: string }): string {
  return `Aircall tells ${new URL(url).origin} of events, heard at ${listening}. Ctrl-C ends it.\n\n`;
}

function accountOf(config: Config): string {
  const who = config.scheme === "Basic" ? config.user : (config.client?.id ?? "token");
  return sha256(`${config.apiUrl} ${config.scheme} ${who}`).slice(0, 16);
}

/** The tunnel's address, with a part that nobody can guess, by which the webhook is known again. */
function readTunnel(given: string | undefined): string {
  if (given === undefined) throw new UsageError("Say where Aircall reaches this machine: --url https://….");
  const url = new URL(readUrl("--url", given));
  if (!isSecure(url.href)) throw new UsageError("--url takes an https address: Aircall sends to no other.");
  url.searchParams.set("express-aircall", randomBytes(12).toString("hex"));
  return url.href;
}

function readPlace(given = "127.0.0.1:4001"): Place {
  const [, host = "", port = ""] = /^(127\.0\.0\.1|localhost):(\d{1,5})$/.exec(given) ?? [];
  if (host !== "" && Number(port) <= 65_535) return { host, port: Number(port) };
  throw new UsageError("--listen takes an address of this machine only: 127.0.0.1:<port>.");
}

function readEvents(given: string | undefined): readonly string[] {
  const events = given?.split(",").map((event) => event.trim()) ?? [];
  const stray = events.find((event) => !webhookEvents.some((known) => known === event));
  if (stray === undefined) return events;
  const meant = suggest(stray, webhookEvents);
  throw new UsageError(`There is no event "${stray}".${meant === null ? "" : ` Did you mean ${meant}?`}`);
}

function signalled(): Promise<unknown> {
  return Promise.race(["SIGINT", "SIGTERM"].map((signal) => new Promise((resolve) => process.once(signal, resolve))));
}
