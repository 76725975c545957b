import { parseArgs } from "node:util";
import { listCompanies, type ConnectedCompany } from "../../companies/connected-company";
import { readArguments } from "../connection";
import { progress } from "../progress";
import { Failure, ownTerminal, report, type Report, type Terminal } from "../terminal";
import { exportOf, loadModule } from "./module";
import { placeHelp, placeOptions, withStore, type AppsStore, type Place } from "./place";
import { table } from "./table";

const help = `Usage: express-aircall companies (--module <file> | --redis <url> | --postgres <url>) [options]

Lists the companies that are connected to your app: their ids, whether their grant works, and since when.

${placeHelp}`;

/** Runs `companies …`. Resolves to its exit code. */
export function runCompanies(args: readonly string[], terminal: Terminal = ownTerminal()): Promise<number> {
  return report(terminal, { name: "companies", json: args.includes("--json") }, async () => {
    const all = { args: [...args], options: placeOptions, allowPositionals: true };
    const asked = readArguments(() => parseArgs(all));
    if (asked.help) return { text: help, json: { help } };
    const { module: file } = asked;
    const found = file === undefined ? await fromStore(asked, terminal) : await fromModule(file, terminal);
    return shown(found);
  });
}

async function fromModule(file: string, terminal: Terminal): Promise<ConnectedCompany[]> {
  const auth = exportOf(await loadModule(file), { name: "auth", method: "companies", file });
  return collect(auth.companies(), terminal);
}

function fromStore(place: Place, terminal: Terminal): Promise<ConnectedCompany[]> {
  return withStore(place, terminal, async ({ store, app }) => {
    const found = await collect(listCompanies(store, app), terminal);
    if (found.length === 0) await requireReadable({ store, app });
    return found;
  });
}

async function requireReadable({ store, app }: AppsStore): Promise<void> {
  const { companies } = await store.companies(app, null, 1);
  if (companies.length > 0) throw new Failure("Their grants are sealed: set AIRCALL_ENCRYPTION_KEYS.");
}

async function collect(companies: AsyncIterable<ConnectedCompany>, terminal: Terminal): Promise<ConnectedCompany[]> {
  const bar = progress(terminal, { label: "Companies", total: null });
  const found: ConnectedCompany[] = [];
  try {
    for await (const company of companies) {
      found.push(company);
      bar.step();
    }
    return found;
  } finally {
    bar.end();
  }
}

function shown(companies: readonly ConnectedCompany[]): Report {
  const rows = companies.map(({ companyId, companyRef, name, scheme, state, connectedAt }) => {
    return [String(companyId ?? "-"), companyRef ?? "-", name ?? "-", scheme, state, connectedAt.toISOString()];
  });
  return {
    text: rows.length === 0 ? "No company is connected.\n" : table(["Id", "Ref", "Name", "By", "State", "Since"], rows),
    json: { companies },
  };
}
