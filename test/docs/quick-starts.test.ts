import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Agent } from "undici";
import type { Simulator } from "express-aircall/simulator";
import { basicLines, oauthLines } from "../../src/simulator/settings-lines";
import { buildIfStale } from "../support/build";
import { freePort } from "../support/redis/redis-server";
import { startSimulator } from "../support/servers/simulated";
import { createVisitor, type Answer, type Visitor } from "../support/browser/visitor";
import { pages, programsOf, readme, sectionOf } from "./pages";
import { endPrograms, startProgram } from "./running";

const agent = new Agent();
const examples = join(__dirname, "../../examples");

beforeAll(() => buildIfStale("library"), 120_000);
afterEach(endPrograms);
afterAll(() => agent.close());

const files = {
  "One company: Basic": "basic",
  "Many companies: OAuth": "oauth",
  "An app that has Passport already": "passport",
};

describe("examples", () => {
  it.each(Object.entries(files))("has the README's %s in a file, 40 lines long at most", (heading, name) => {
    const [, ...lines] = readFileSync(join(examples, `${name}.mjs`), "utf8").split("\n");
    expect(lines.join("\n")).toBe(programsOf(sectionOf(readme, heading))[0]);
    expect(lines.length).toBeLessThanOrEqual(40);
  });

  const recipes = readdirSync(join(examples, "recipes")).map((file) => file.replace(/\.ts$/, ""));

  it.each(recipes)("has the recipe %s on its page, as it stands, 40 lines long at most", (name) => {
    const code = readFileSync(join(examples, `recipes/${name}.ts`), "utf8");
    const page = pages.find(({ path }) => path === `docs/recipes/${name}.md`);
    expect(/^```ts\n(.*?)^```/ms.exec(page?.text ?? "")?.[1]).toBe(code);
    expect(code.split("\n").length).toBeLessThanOrEqual(41);
    expect(pages.find(({ path }) => path === "docs/recipes.md")?.text).toContain(`(recipes/${name}.md)`);
  });
});

describe("the README's quick starts, as they stand, with what the simulator prints", () => {
  it("answers for one company by its API key", async () => {
    const simulator = await startSimulator();
    const person = await start("One company: Basic", () => basicLines(simulator.url, simulator.companies[0]));
    expect((await person.visit("/")).text).toBe("Brightwater Supplies has 8 users.");
  });

  it("signs somebody in by OAuth, and shows the page they wanted", async () => {
    const simulator = await startSimulator();
    const person = await start("Many companies: OAuth", (port) => oauth(simulator, port));
    const { status, text } = await follow(person, simulator, "/");
    expect(status).toBe(200);
    const idsIn = (answer: string) => (JSON.parse(answer) as { id: number }[]).map(({ id }) => id);
    expect(idsIn(text)).toHaveLength(20);
    expect(idsIn((await person.visit("/")).text)).toEqual(idsIn(text));
  });

  it("says so in the OAuth app when the person says no at Aircall", async () => {
    const simulator = await startSimulator();
    const person = await start("Many companies: OAuth", (port) => oauth(simulator, port));
    const { status, text } = await follow(person, simulator, "/", { deny: true });
    expect({ status, text }).toEqual({ status: 403, text: expect.stringContaining("was not connected") });
  });

  it("signs somebody in by Passport, and leads back to the page that they wanted", async () => {
    const simulator = await startSimulator();
    const person = await start("An app that has Passport already", (port) => oauth(simulator, port));
    const { location: login } = await person.visit("/?from=a-link");
    const { location: consent } = await person.visit(login);
    const { location: wanted } = await person.visit(simulator.consent(consent));
    expect(wanted).toMatch(/^http:\/\/localhost:\d+\/\?from=a-link$/);
    const { status, text } = await person.visit(wanted);
    expect({ status, users: (JSON.parse(text) as unknown[]).length }).toEqual({ status: 200, users: 8 });
  });

  it("says so in the Passport app when the person says no at Aircall", async () => {
    const simulator = await startSimulator();
    const person = await start("An app that has Passport already", (port) => oauth(simulator, port));
    const { status, text } = await follow(person, simulator, "/login", { deny: true });
    expect({ status, text }).toEqual({ status: 403, text: expect.stringContaining("was not connected") });
  });
});

const origin = (port: number) => `http://localhost:${port}`;

/** The block for OAuth, with the callback at the port that was chosen, and the secret that the page asks for. */
function oauth({ url }: Simulator, port: number): string[] {
  const client = { clientId: "simulator-client", clientSecret: "simulator-secret" };
  const redirectUris = [`${origin(port)}/auth/aircall/callback`];
  return [...oauthLines(url, { ...client, redirectUris }), `SESSION_SECRET=${"a secret of one's own ".repeat(2)}`];
}

/** Runs the program below a heading of the README with a file `.env`, as it says there. */
async function start(heading: string, settings: (port: number) => string[]): Promise<Visitor> {
  const [program = ""] = programsOf(sectionOf(readme, heading));
  const port = await freePort();
  const started = startProgram(program, { settings: settings(port), variables: { PORT: String(port) } });
  await started.listening();
  return createVisitor(origin(port), agent);
}

/** Goes where it is sent, with a word at the consent page, until there is an answer. */
async function follow(person: Visitor, simulator: Simulator, path: string, consent = {}): Promise<Answer> {
  const answer = await person.visit(path);
  if (answer.location === "") return answer;
  const next = answer.location.startsWith(simulator.url)
    ? simulator.consent(answer.location, consent)
    : answer.location;
  return follow(person, simulator, next, consent);
}
