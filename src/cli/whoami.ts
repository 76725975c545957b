import { parseArgs } from "node:util";
import { readAccount, readKeyAccount } from "../client/account";
import { createAircallClient } from "../client/client";
import { keptGrant } from "../client/kept-grant";
import type { Config, OAuthConfig } from "../config/config";
import { AircallError } from "../errors/errors";
import type { Account } from "../grants/grant";
import { appKey } from "../grants/session-grants";
import { commonOptions, connectionHelp, grantsOf, readArguments, readSettings, type Settings } from "./connection";
import { companyText } from "./kept";
import { Failure, ownTerminal, report, type Report, type Terminal } from "./terminal";

const help = `Usage: express-aircall whoami [options]

Says which company the settings work for, where its grant is kept, since when, and whether Aircall accepts it. Sends
nothing but GETs, and renews the grant where that is due.

${connectionHelp}`;

/** Runs `whoami …`. Resolves to its exit code. */
export function runWhoami(args: readonly string[], terminal: Terminal = ownTerminal()): Promise<number> {
  return report(terminal, { name: "whoami", json: args.includes("--json") }, async () => {
    const all = { args: [...args], options: commonOptions, allowPositionals: true };
    const asked = readArguments(() => parseArgs(all));
    if (asked.help) return { text: help, json: { help } };
    const settings = { connection: asked.connection, env: terminal.env };
    const config = readSettings(settings);
    const kept = config.scheme === "OAuth" && config.settingsLocation !== null ? await keptAt(config, terminal) : null;
    return shown(config, { ...(await asAircallSays(config, settings, kept)), kept });
  });
}

interface Kept {
  readonly account: Account;
  readonly location: string;
  readonly since: Date;
}

async function keptAt(config: OAuthConfig, terminal: Terminal): Promise<Kept> {
  const { store, path } = grantsOf(config, terminal);
  const found = await keptGrant(store, appKey(config.client!.id));
  if (!found) throw new Failure(`Nothing is connected at ${path}: run npx express-aircall login.`);
  return { account: found.grant.account, location: path, since: found.grant.connectedAt };
}

interface Said {
  readonly account: Account | null;
  /** Null where Aircall could not be asked. */
  readonly alive: boolean | null;
  readonly reason: string | null;
}

async function asAircallSays(config: Config, { connection }: Settings, kept: Kept | null): Promise<Said> {
  const client = createAircallClient({ connection });
  try {
    const account = await (config.scheme === "Basic" ? readKeyAccount(client) : readAccount(client));
    return { account, alive: true, reason: null };
  } catch (error) {
    if (!(error instanceof AircallError)) throw error;
    const alive = [401, 403].includes(error.status) || error.code === "token_refused" ? false : null;
    return { account: kept?.account ?? null, alive, reason: error.message };
  } finally {
    await client.close();
  }
}

function shown(
  { scheme }: Config,
  { account, alive, reason, kept }: Said & { kept: Kept | null },
): Report & { code: number } {
  const [location, since] = [kept?.location ?? null, kept?.since.toISOString() ?? null];
  const lines = [
    ["Company", account && companyText(account)],
    ["Scheme", scheme],
    ["Kept in", location],
    ["Since", since],
    ["State", alive ? "alive: Aircall accepts it" : `${alive === null ? "unknown" : "not alive"}: ${reason}`],
  ];
  const text = lines.flatMap(([name, value]) => (value === null ? [] : [`${`${name}:`.padEnd(9)} ${value}\n`]));
  return {
    text: text.join(""),
    json: { company: account, scheme, location, since, alive, reason },
    code: alive === true ? 0 : 1,
  };
}
