import { createAircallClient } from "../../src/client/client";
import { bringFiles, everyRow } from "../resources/every-row";
import { leftOut } from "../resources/left-out";
import documented from "../resources/routes.json";
import { startSimulator } from "../support/servers/simulated";
import { fitData } from "./fit-data";

interface Answered {
  row: string;
  method: string;
  path: string;
  status: number;
  body: unknown;
}

const wanted = documented.filter(({ method, path }) => !(`${method} ${path.replace(/:\w+/g, ":id")}` in leftOut));

/** Asks for every row of the client, with data that fits, and tells what the simulator answered. */
async function answersToEveryRow(): Promise<Answered[]> {
  const simulator = await startSimulator({ kind: true, rateLimit: 10_000 });
  const answers: Answered[] = [];
  let row = "";
  const watchedFetch: typeof fetch = async (input, init) => {
    const answer = await fetch(input, init);
    const bytes = await answer.arrayBuffer();
    const isJson = answer.headers.get("content-type")?.includes("json") ?? false;
    const body: unknown = isJson ? JSON.parse(Buffer.from(bytes).toString()) : null;
    const { pathname } = new URL(input instanceof Request ? input.url : input);
    answers.push({ row, method: init?.method ?? "GET", path: pathname, status: answer.status, body });
    return new Response(bytes.byteLength > 0 ? bytes : null, answer);
  };
  const { access_token: oauthAccessToken } = simulator.issueToken();
  const client = createAircallClient({ apiUrl: simulator.url, oauthAccessToken, fetch: watchedFetch });

  for (const [name, ask] of everyRow(client)) {
    if (bringFiles.includes(name)) continue; // they ask at the route of another row, and more
    row = name;
    fitData(simulator.companies[0], row);
    await ask().catch(() => undefined); // what went wrong is in the answers
  }
  await client.close();
  return answers;
}

/** What was answered at this route's address, but for addresses that are a route of their own. */
function answersOf({ method, path }: (typeof wanted)[0], answers: readonly Answered[]): Answered[] {
  const pattern = new RegExp(`^${path.replace(/:\w+/g, "[^/]+")}$`);
  const ownRoute = (answer: Answered) => wanted.some((other) => other.path !== path && other.path === answer.path);
  return answers.filter((answer) => answer.method === method && pattern.test(answer.path) && !ownRoute(answer));
}

describe("the simulator", () => {
  let answers: Answered[];
  beforeAll(async () => {
    answers = await answersToEveryRow();
  });

  it("answers every row of the client with a success", () => {
    expect(answers.filter(({ status }) => status >= 300)).toEqual([]);
  });

  it.each(wanted)("knows $method $path", (route) => {
    const [answer] = answersOf(route, answers);
    expect(answer).toBeDefined();
    expect(answer?.body).not.toEqual({ message: "Not Found" });
  });

  it.each(wanted.filter(({ wrapper }) => wrapper !== null))("wraps $method $path in $wrapper", (route) => {
    const found = answersOf(route, answers);
    expect(found.length).toBeGreaterThan(0);
    for (const { body } of found) expect(body).toHaveProperty(String(route.wrapper));
  });

  it("answers what it does not know as Aircall's edge does", async () => {
    const simulator = await startSimulator();
    const answer = await fetch(`${simulator.url}/v1/unknown`);
    expect([answer.status, await answer.json()]).toEqual([404, { message: "Not Found" }]);
  });
});
