import { readArguments, UsageError, type Asked } from "./cli-arguments";
import { readOptions } from "./options";
import { basicLines, companyLines, oauthLines } from "./settings-lines";
import { createSimulator, type Simulator } from "./simulator";

const help = `Usage: express-aircall simulator [options]

Starts a pretend Aircall over made-up companies, prints the settings for your app, and shows at its address what it
received. Ctrl-C ends it; nothing is kept.

  --port <number>         where it listens; 0 takes a free one (4000)
  --host <name>           the address it listens on (127.0.0.1)
  --seed <number>         which made-up data (1)
  --calls <number>        calls of each company, over six months (those of this week and last)
  --contacts <number>     contacts of each company (a dozen)
  --rotate                access tokens expire, and a refresh token that works once comes with them
  --expires-in <seconds>  life of such an access token (3600)
  --kind                  without Aircall's harder habits: nothing lags, no list is missing, every answer has its rate headers
  --live                  calls come in by themselves, one or two a minute, and webhooks hear of them
  --rate-limit <number>   requests per company and minute, at least 1 (120)
  --json                  for programs: one line that says where it listens, and its made-up credentials
  --help, help            this text
`;

/** Runs `simulator …`. Resolves to its exit code once it is over; a simulator goes on until SIGINT or SIGTERM. */
export async function runSimulator(args: readonly string[]): Promise<number> {
  try {
    const asked = readArguments(args);
    if (typeof asked === "object") return await serve(asked);
    process.stdout.write(help);
    return 0;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message} Try express-aircall simulator --help.\n`);
    return 2;
  }
}

async function serve(asked: Asked): Promise<number> {
  const simulator = createSimulator(asked.options);
  const ended = signalled();
  try {
    await simulator.listen(asked.port, asked.host);
  } catch (error) {
    process.stderr.write(`${whyNot(asked, error as NodeJS.ErrnoException)}\n`);
    return 1;
  }
  process.stdout.write(asked.json ? `${JSON.stringify(factsOf(simulator, asked))}\n` : welcome(simulator, asked));
  await ended;
  await simulator.close();
  return 0;
}

function signalled(): Promise<unknown> {
  return Promise.race(["SIGINT", "SIGTERM"].map((signal) => new Promise((resolve) => process.once(signal, resolve))));
}

/** Comments and settings, so that a block can be pasted as it stands. An app that is given both blocks is refused. */
function welcome(simulator: Simulator, { host, options }: Asked): string {
  const base = baseOf(simulator, host);
  const { companies } = simulator;
  const block = (title: string, lines: readonly string[]) => `\n# ${title}\n${lines.join("\n")}\n`;
  return [
    `# Aircall simulator: ${base} shows what it received. Ctrl-C ends it.\n`,
    block("Its made-up companies, with the ids for the option `companies`", companyLines(companies)),
    "\n# Give your app one of these two blocks, not both.\n",
    block(`Either one company by its API key, ${companies[0].name}`, basicLines(base, companies[0])),
    block("Or every company that connects, by OAuth", oauthLines(base, readOptions(options))),
  ].join("");
}

function factsOf(simulator: Simulator, { host, options }: Asked): object {
  const { clientId, clientSecret } = readOptions(options);
  const companies = simulator.companies.map(({ id, name, apiId, apiToken }) => ({ id, name, apiId, apiToken }));
  return { url: baseOf(simulator, host), companies, clientId, clientSecret };
}

function baseOf({ url }: Simulator, host: string): string {
  return ["0.0.0.0", "::"].includes(host) ? `http://localhost:${new URL(url).port}` : url;
}

function whyNot({ host, port }: Asked, { code, message }: NodeJS.ErrnoException): string {
  if (code === "EADDRINUSE") return `Port ${port} is in use. Choose another with --port.`;
  if (code === "EACCES") return `Port ${port} is not open to you. Choose another with --port, from 1024.`;
  return `Cannot listen on ${host}, port ${port}: ${code ?? message}.`;
}
