import { parseArgs } from "node:util";
import { appKey } from "../grants/session-grants";
import { commonOptions, connectionHelp, grantsOf, readArguments, readKeeping, toKeep } from "./connection";
import { companyText, endGrants } from "./kept";
import { ownTerminal, report, type Terminal } from "./terminal";

const help = `Usage: express-aircall logout [options]

Ends the grant that express-aircall login has kept in OAuthSettingsLocation: scripts, cron jobs and workers reach Aircall
with it no more.

${connectionHelp}`;

/** Runs `logout …`. Resolves to its exit code. */
export function runLogout(args: readonly string[], terminal: Terminal = ownTerminal()): Promise<number> {
  return report(terminal, { name: "logout", json: args.includes("--json") }, async () => {
    const all = { args: [...args], options: commonOptions, allowPositionals: true };
    const asked = readArguments(() => parseArgs(all));
    if (asked.help) return { text: help, json: { help } };
    const config = readKeeping({ connection: asked.connection, env: terminal.env }, toKeep);
    const { store, path } = grantsOf(config, terminal);
    const ended = await endGrants(store, appKey(config.client!.id));
    const lines = ended.map(({ account }) => `${companyText(account)} is no longer connected: its grant has ended.\n`);
    return {
      text: lines.join("") || `Nothing was connected at ${path}.\n`,
      json: { ended: ended.map(({ account }) => account), location: path },
    };
  });
}
