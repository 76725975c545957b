import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { figuresOf, tally, type Figures } from "./figures";
import { callbackUrl, type Provider } from "./provider";
import { onStage, personIn, type Answer, type Person, type Stage } from "./stage";
import type { WorkerSettings } from "./workers";

export interface CompanyCounts {
  readonly grants: WorkerSettings["grants"];
  readonly processes: number;
  readonly companies: number;
  /** Before each, all tokens expire. */
  readonly rounds: number;
  /** Of each company in one round, all at once. */
  readonly requests: number;
}

/** R10: everybody has a company of their own, and asks which it is while everybody else does. */
export async function askWhoseItIs(counts: CompanyCounts): Promise<Figures> {
  const { grants, processes, companies, rounds, requests } = counts;
  const provider = await startManyCompanies();

  return onStage({ provider, processes, grants, gate: { beforeMs: 5, afterMs: 5 } }, async (stage) => {
    const people = await Promise.all(Array.from({ length: companies }, () => connect(stage)));
    const answers: Answer[] = [];
    let mixedUp = 0;
    for (let round = 0; round < rounds; round += 1) {
      await Promise.all(people.map(({ person }) => stage.expire(person)));
      const asked = Array.from({ length: requests * companies }, async (_, n) => {
        const { person, company } = people[n % companies]!;
        const answer = await stage.ask(stage.workers[n % processes]!, person, "/company");
        answers.push(answer);
        return answer.status === 200 && companyIn(answer) !== company;
      });
      mixedUp += (await Promise.all(asked)).filter(Boolean).length;
    }
    const tried = `${companies} companies, ${rounds * requests} requests each`;
    const failed = answers.filter(({ status }) => status !== 200);
    const busy = failed.filter(({ status, code }) => status === 503 && code !== "unnamed");
    return figuresOf(stage, {
      tried,
      lost: mixedUp,
      answers,
      expiries: rounds * companies,
      also: {
        "asked to come back later": busy.length,
        "failed otherwise": failed.length - busy.length,
        ...tally(failed),
      },
    });
  });
}

/** Whose company it is was decided at the provider, and nowhere in the app. */
async function connect(stage: Stage): Promise<{ person: Person; company: number }> {
  const [worker] = stage.workers;
  const { browser, callbackPath } = await stage.begin(worker);
  await stage.visit(worker!, browser, callbackPath);
  const { id } = JSON.parse((await stage.visit(worker!, browser, "/grant")).text) as { id: string };
  const code = new URL(callbackPath, callbackUrl).searchParams.get("code");
  return { person: personIn(browser, id), company: companyOf(code) };
}

export function companyIn({ text }: Answer): number {
  return (JSON.parse(text) as { id: number }).id;
}

/** Every consent is a new company's. Codes, tokens and keys say whose they are, and its API answers by those. */
export async function startManyCompanies(): Promise<Provider> {
  let companies = 0;
  let tokens = 0;

  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const { code, refresh_token } = JSON.parse((await text(req)) || "{}") as Record<string, string>;
    const company = companyOf(code ?? refresh_token ?? req.headers.authorization);
    tokens += 1;
    const given = { access_token: `a-${company}-${tokens}`, refresh_token: `r-${company}-${tokens}`, expires_in: 3600 };
    const told = {
      ping: "pong",
      company: { id: company, name: `Company ${company}` },
      integration: { company_id: company },
    };
    res.writeHead(200, { "content-type": "application/json", "x-aircallapi-limit": "10000000" });
    res.end(JSON.stringify(req.method === "POST" ? given : told));
  }

  const server = createServer((req, res) => void answer(req, res)).listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    auth: {
      authScheme: "OAuth",
      apiUrl: url,
      authorizeUrl: `${url}/authorize`,
      tokenUrl: `${url}/token`,
      oauthClientId: "a-client",
      oauthClientSecret: "a-secret-of-the-client",
      skipUserProfile: true,
    },
    consent(authorizeUrl) {
      companies += 1;
      const state = new URL(authorizeUrl).searchParams.get("state")!;
      return Promise.resolve(`${callbackUrl}?${new URLSearchParams({ code: `c-${companies}-0`, state }).toString()}`);
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** Of a code, a token or a key; NaN without one. */
function companyOf(secret: string | null | undefined): number {
  const key = secret?.startsWith("Basic ") ? Buffer.from(secret.slice(6), "base64").toString() : secret;
  return Number(key?.split("-")[1]);
}
