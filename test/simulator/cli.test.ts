import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { readArguments } from "../../src/simulator/cli-arguments";
import { buildIfStale } from "../support/build";
import { startSimulator } from "../support/servers/simulated";

const root = join(__dirname, "../..");
const { bin } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  bin: { "express-aircall": string };
};
const command = join(root, bin["express-aircall"]);
const quiet = { PATH: process.env["PATH"] };
const running: ChildProcess[] = [];

/** The small app that the settings are pasted into: it reads calls with what its environment says. */
const app = `
  const { aircallAuth } = require(${JSON.stringify(join(root, "dist/index.js"))});
  const app = require("express")().use(require("express-session")({ secret: "s", resave: false, saveUninitialized: false }), aircallAuth());
  app.get("/", async (req, res) => res.json((await req.aircall.calls.list({ per_page: 5 })).items.length));
  const visit = { headers: { accept: "text/html", "sec-fetch-mode": "navigate" } };
  const server = app.listen(0, "localhost", async () => {
    const origin = "http://localhost:" + server.address().port;
    const calls = await (await fetch(origin)).text();
    require("http").get(origin + "/auth/aircall", visit, ({ headers }) => {
      console.log(JSON.stringify({ calls, signIn: headers.location ?? null }));
      process.exit();
    });
  });
`;

describe("npx express-aircall simulator", () => {
  beforeAll(() => buildIfStale("library"), 240_000);

  afterEach(() => running.splice(0).forEach((child) => child.kill("SIGKILL")));

  it("prints settings with which an app reads calls, by API key", async () => {
    const { settings } = await start("--calls", "7");

    const { calls } = await runApp(settings[0]);

    expect(calls).toBe("5");
  });

  it("prints settings with which an app sends people to sign in, by OAuth", async () => {
    const { settings, url } = await start();

    const { signIn } = await runApp(settings[1]);

    expect(signIn).toMatch(`${url}/oauth/authorize?`);
    expect((await fetch(String(signIn))).status).toBe(200);
  });

  it("listens where it is told, shows its page there, and ends with 0 on Ctrl-C", async () => {
    const { child, url } = await start("--host", "localhost");
    const page = await fetch(url, { headers: { accept: "text/html" } });

    child.kill("SIGINT");
    const [code] = (await once(child, "exit")) as [number | null];

    expect([page.status, code]).toEqual([200, 0]);
    await expect(fetch(url)).rejects.toThrow();
  });

  it("lets calls come in where it is told to", () => {
    expect(readArguments(["--live"])).toMatchObject({ options: { live: true } });
    expect(readArguments([])).not.toMatchObject({ options: { live: true } });
  });

  it("says which port is in use, and ends with 1", async () => {
    const { port } = new URL((await startSimulator()).url);

    const { code, stderr } = await runCommand("simulator", "--port", port);

    expect([code, stderr]).toEqual([1, `Port ${port} is in use. Choose another with --port.\n`]);
  });

  it.each([
    [["simulator", "--prot", "1"], /^Unknown option "--prot"\. Known: --port, .*--help, --json\. Try/],
    [["simulator", "--port", "high"], /^--port is a whole number from 0 to 65535, not "high"\. Try/],
    [["simulator", "--port", "70000"], /^--port is a whole number/],
    [["simulator", "--calls", "-5"], /^--calls is a whole number from 0 to 1000000, not "-5"\. Try/],
    [["simulator", "--seed=-1"], /^--seed is a whole number from 0 to 2147483647, not "-1"\. Try/],
    [["simulator", "--rate-limit", "0"], /^--rate-limit is a whole number from 1 to 1000000, not "0"\. Try/],
    [["simulator", "--seed"], /^--seed needs a value\. Try/],
    [["simulator", "--host", "--rotate"], /^--host needs a value\. Try/],
    [["simulator", "--rotate=yes"], /^--rotate takes no value\. Try/],
    [["simulator", "twice"], /^The simulator takes no "twice"\. Try/],
  ])("answers %j with one sentence and 2", async (args, sentence) => {
    const { code, stdout, stderr } = await runCommand(...args);

    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(sentence);
    expect(stderr.trimEnd()).not.toContain("\n");
  });

  it.each([["--help"], ["-h"], ["help"]])("explains its options on %s", async (arg) => {
    const { code, stdout } = await runCommand("simulator", arg);

    expect(code).toBe(0);
    expect(stdout).toContain("--rotate");
  });

  it("tells programs where it is, and its made-up credentials", async () => {
    const child = spawn(process.execPath, [command, "simulator", "--port", "0", "--json"], { env: quiet });
    running.push(child);
    const [chunk] = (await once(child.stdout, "data")) as [Buffer];

    const facts = JSON.parse(String(chunk)) as { url: string; companies: object[] };
    expect(facts).toMatchObject({ clientId: "simulator-client", clientSecret: "simulator-secret" });
    expect(facts.companies).toHaveLength(2);
    expect((await fetch(facts.url)).ok).toBe(true);
  });

  it("names its companies, whose ids an app may need, and says to use one block of settings", async () => {
    const { printed } = await start();

    expect(printed).toContain("#   41200  Brightwater Supplies\n#   41237  Atelier Verdier\n");
    expect(printed).toContain("# Give your app one of these two blocks, not both.\n");
    expect(printed.match(/^[^#\n].*$/gm)?.every((line) => /^AIRCALL_\w+=\S+$/.test(line))).toBe(true);
  });
});

/** Starts one on a free port, and reads what it prints: blocks of settings, each for an environment. */
async function start(...args: string[]) {
  const child = spawn(process.execPath, [command, "simulator", "--port", "0", ...args], { env: quiet });
  running.push(child);
  const blocks: Record<string, string>[] = [{}];
  let printed = "";
  for await (const line of createInterface({ input: child.stdout })) {
    const [, name, value = ""] = /^(\w+)=(.*)$/.exec(line) ?? [];
    printed += `${line}\n`;
    if (line === "") blocks.push({});
    else if (name) blocks.at(-1)![name] = value;
    if (name === "AIRCALL_INITIATE_OAUTH") break;
  }
  const settings = blocks.filter((block) => Object.keys(block).length > 0);
  return { child, printed, settings, url: String(settings[0]?.["AIRCALL_API_URL"]) };
}

async function runApp(settings: Record<string, string> = {}) {
  const env = { ...quiet, ...settings };
  const { stdout } = await promisify(execFile)(process.execPath, ["-e", app], { cwd: root, env });
  return JSON.parse(stdout) as { calls: string; signIn: string | null };
}

function runCommand(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [command, ...args], { env: quiet }, (error, stdout, stderr) => {
      resolve({ code: Number(error?.code ?? 0), stdout, stderr });
    });
  });
}
