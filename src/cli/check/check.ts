import { parseArgs } from "node:util";
import type { Config } from "../../config/config";
import { createTransport } from "../../http/transport/choose";
import { commonOptions, connectionHelp, readArguments } from "../connection";
import { progress } from "../progress";
import { ownTerminal, report, type Report, type Terminal } from "../terminal";
import { ownVersion } from "../version";
import { clientOf, findCompany, findCredential, findRate, findWebhooks, type ClosableClient } from "./account";
import { findAddresses } from "./addresses";
import { createAsk } from "./asking";
import { facts } from "./facts";
import { doubtful, lineOf, type Finding } from "./finding";
import { findFacts, pasteable, type FoundFact } from "./report";
import { readSettingsAsTheApp, type SettingsRead } from "./settings";

const help = `Usage: express-aircall check [options]

Reads the settings as your app would, and says what is wrong and how to mend it. With the credentials of a company it asks
Aircall, by GETs only: whether they are accepted, which company it is, whether webhooks are active, what is left of the
request limit; with OAuth whether the consent page and CallbackURL answer. The table at the end says how your account
behaves where we could not know: paste it into an issue, it holds no secret, number or name.

${connectionHelp}`;

/** Runs `check …`. Resolves to its exit code: 1 where something is wrong. */
export function runCheck(args: readonly string[], terminal: Terminal = ownTerminal()): Promise<number> {
  return report(terminal, { name: "check", json: args.includes("--json") }, async () => {
    const all = { args: [...args], options: commonOptions, allowPositionals: true };
    const asked = readArguments(() => parseArgs(all));
    if (asked.help) return { text: help, json: { help } };
    const read = readSettingsAsTheApp({ connection: asked.connection, env: terminal.env });
    return shown(read, await lookAround(read.config, terminal));
  });
}

interface Seen {
  readonly findings: readonly Finding[];
  readonly facts: readonly FoundFact[];
  /** Null where Aircall could not be asked. */
  readonly paste: string | null;
}

const nothing: Seen = { findings: [], facts: [], paste: null };

async function lookAround(config: Config | null, terminal: Terminal): Promise<Seen> {
  if (config === null) return nothing;
  const transport = createTransport(config.fetch, config.dispatcher);
  const client = await clientOf(config, terminal);
  try {
    const addresses = await findAddresses(config, transport);
    if (client === null) return { ...nothing, findings: [...addresses, nobody] };
    const seen = await askAircall(client, config, terminal);
    return { ...seen, findings: [...addresses, ...seen.findings] };
  } finally {
    await client?.close();
    await transport.close();
  }
}

async function askAircall(client: ClosableClient, config: Config, terminal: Terminal): Promise<Seen> {
  const reading = client.withOptions({ readOnly: true, maxRetries: 1 });
  const credential = await findCredential(reading, config);
  if (credential.state === "wrong") return { ...nothing, findings: [credential] };
  const ask = createAsk(reading);
  const company = await findCompany(ask);
  const findings = [credential, company, ...(await findWebhooks(ask)), await findRate(ask)];
  const bar = progress(terminal, { label: "Asking Aircall", total: facts.length });
  const found = await findFacts(ask, () => bar.step()).finally(() => bar.end());
  return { findings, facts: found, paste: pasteable(config, found, ownVersion()) };
}

const nobody = doubtful(
  "account",
  "No company's credentials are here, so Aircall was not asked.",
  "Run express-aircall login, or set an API key: AIRCALL_API_ID and AIRCALL_API_TOKEN.",
);

function shown({ rows, findings: ofSettings }: SettingsRead, seen: Seen): Report & { readonly code: number } {
  const findings = [...ofSettings, ...seen.findings];
  const width = Math.max(0, ...rows.map(({ name }) => name.length));
  const settings = rows.map(({ name, from, value }) => `${name.padEnd(width)}  ${value ?? "set"}  (${from})\n`);
  const parts = [settings.join(""), findings.map(lineOf).join(""), seen.paste ?? ""];
  return {
    text: parts.filter((part) => part !== "").join("\n"),
    json: { settings: rows, findings, facts: seen.facts, report: seen.paste },
    code: findings.some(({ state }) => state === "wrong") ? 1 : 0,
  };
}
