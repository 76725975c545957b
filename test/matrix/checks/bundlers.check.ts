import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../package/pack";
import { startSimulator } from "../../support/servers/simulated";
import { follow, folderOf, startIn } from "../consumer";

const tools = folderOf("tools");
const program = (name: string) => join(tools, "programs", name);
const root = join(__dirname, "../../..");

const bundlers = ["esbuild", "esbuild --minify", "esbuild --format=esm", "webpack"];

describe.each(bundlers)("an app bundled by %s", (bundler) => {
  const bundle = `bundled/${bundler.replaceAll(/\W+/g, "-")}.${bundler.endsWith("esm") ? "mjs" : "cjs"}`;
  let warnings: string[];

  beforeAll(async () => {
    const folder = layOut(["express", "express-session"]);
    try {
      const [app, file] = [join(folder, "journey.cjs"), program(bundle)];
      warnings = JSON.parse(
        await run(process.execPath, [program("bundle.cjs"), bundler, app, file], tools),
      ) as string[];
    } finally {
      rmSync(folder, { recursive: true });
    }
  }, 240_000);

  it("is one file, with a word of what is not installed at most", () => {
    expect(readFileSync(program(bundle)).length).toBeGreaterThan(100_000);
    const ours = warnings.filter((warning) => !warning.includes("request of a dependency is an expression"));
    expect(ours.filter((warning) => !/rate-limiter-flexible/.test(warning))).toEqual([]);
  });

  it("signs somebody in, and plays a recording", async () => {
    const simulator = await startSimulator({ assetBytes: 20_000 });
    const { person } = await startIn("tools", bundle, simulator.oauth);
    const calls = await follow(person, simulator, "/calls");
    expect([calls.status, JSON.parse(calls.text)]).toEqual([200, expect.any(Array)]);
    const { id } = simulator.companies[0].calls.find(({ recording }) => recording !== null)!;
    expect((await person.visit(`/recordings-of/${id}`)).text).toHaveLength(20_000);
  });

  it("tells errors apart by their class", async () => {
    const { person } = await startIn("tools", bundle, (await startSimulator()).oauth);
    const answer = await person.visit("/unguarded", { headers: { "sec-fetch-mode": "cors" } });
    expect([answer.status, answer.text]).toEqual([401, expect.stringContaining("not_connected")]);
  });

  it("refuses express-session's MemoryStore in production", async () => {
    const variables = { NODE_ENV: "production" };
    const { person } = await startIn("tools", bundle, (await startSimulator()).oauth, { variables });
    const { status, text } = await person.visit("/auth/aircall");
    expect({ status, text }).toEqual({ status: 500, text: expect.stringContaining("config_invalid") });
  });
});

/** An app in a folder of its own, where only these packages and the library are installed. */
function layOut(packages: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), "express-aircall-bundled-"));
  mkdirSync(join(folder, "node_modules"));
  mkdirSync(program("bundled"), { recursive: true });
  cpSync(program("journey.cjs"), join(folder, "journey.cjs"));
  cpSync(join(tools, "node_modules/express-aircall"), join(folder, "node_modules/express-aircall"), {
    recursive: true,
  });
  for (const name of packages) {
    symlinkSync(join(root, "test/matrix/node_modules", name), join(folder, "node_modules", name), "junction");
  }
  return folder;
}

describe("a program of TypeScript that is run by", () => {
  const variables = { TS_NODE_PROJECT: "programs/tsconfig.json" };

  it.each<[string, string[]]>([
    ["tsx", ["--import", "tsx"]],
    ["ts-node", ["--require", "ts-node/register/transpile-only"]],
    ["swc", ["--require", join(tools, "programs/swc-register.cjs")]],
  ])("%s", async (_name, execArgv) => {
    const simulator = await startSimulator();
    const { about, person } = await startIn("tools", "typed-app.ts", simulator.basic, { execArgv, variables });
    expect([about["isOurs"], (await person.visit("/")).text]).toEqual(["true", "8"]);
  });
});
