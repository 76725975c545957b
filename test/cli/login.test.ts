import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import type { Simulator, SimulatorOptions } from "express-aircall/simulator";
import { runLogin } from "../../src/cli/login";
import { runLogout } from "../../src/cli/logout";
import { runWhoami } from "../../src/cli/whoami";
import { createAircallClient } from "../../src/client/client";
import { grantsAtLocation } from "../../src/client/settings-location";
import { readConfig, type OAuthConfig } from "../../src/config/config";
import { appKey } from "../../src/grants/session-grants";
import { buildIfStale } from "../support/build";
import { newGrant } from "../support/grants";
import { runNode, runOwnCommand } from "../support/own-command";
import { startSimulator } from "../support/servers/simulated";
import { json, startTokenServer } from "../support/servers/token-server";

const callbackUrl = "https://app.example/auth/back";
const folder = mkdtempSync(join(tmpdir(), "express-aircall-"));
let files = 0;
afterAll(() => rmSync(folder, { recursive: true }));

const newLocation = () => join(folder, `grants-${(files += 1)}`);

function settingsOf(simulator: Simulator, changes: Record<string, string> = {}): Record<string, string> {
  return {
    AIRCALL_CLIENT_ID: "simulator-client",
    AIRCALL_CLIENT_SECRET: "simulator-secret",
    AIRCALL_CALLBACK_URL: callbackUrl,
    AIRCALL_INITIATE_OAUTH: "GETANDREFRESH",
    AIRCALL_OAUTH_SETTINGS_LOCATION: newLocation(),
    AIRCALL_API_URL: simulator.url,
    AIRCALL_AUTHORIZE_URL: `${simulator.url}/oauth/authorize`,
    AIRCALL_TOKEN_URL: `${simulator.url}/v1/oauth/token`,
    ...changes,
  };
}

/** A person at a terminal: what it shows, and what they type. */
function sitDown(env: Record<string, string>, waitMs = 10_000) {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  let [shown, warned] = ["", ""];
  stdout.on("data", (chunk) => (shown += String(chunk)));
  stderr.on("data", (chunk) => (warned += String(chunk)));
  const until = async (pattern: RegExp) => {
    for (;;) {
      const [found] = pattern.exec(shown + warned) ?? [];
      if (found !== undefined) return found;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  return {
    terminal: { env, stdin, stdout, stderr, waitMs },
    type: (line: string) => stdin.write(`${line}\n`),
    until,
    shown: () => shown,
    all: () => shown + warned,
  };
}

/** Consents in the browser; where Aircall leads it then. */
async function consent(authorizeUrl: string, company = 0, simulator?: Simulator): Promise<URL> {
  const body = new URLSearchParams({
    decision: "authorize",
    company_id: String(simulator?.companies[company]?.id ?? ""),
  });
  const answer = await fetch(authorizeUrl, { method: "POST", body, redirect: "manual" });
  return new URL(answer.headers.get("location") ?? "");
}

async function start(options: SimulatorOptions = {}, changes: Record<string, string> = {}) {
  const simulator = await startSimulator(options);
  const env = settingsOf(simulator, changes);
  return { simulator, env, at: sitDown(env), location: env["AIRCALL_OAUTH_SETTINGS_LOCATION"]! };
}

const authorize = /^http\S+\/oauth\/authorize\S+/m;

async function signIn(env: Record<string, string>, simulator: Simulator, company = 0) {
  const at = sitDown(env);
  const done = runLogin(["--paste"], at.terminal);
  at.type((await consent(await at.until(authorize), company, simulator)).href);
  return { code: await done, at };
}

describe("npx express-aircall login", () => {
  it("takes the answer that a tunnel leads to this machine, once, and keeps the grant", async () => {
    const { simulator, at, location } = await start();
    const done = runLogin(["--listen", "127.0.0.1:0"], at.terminal);
    const callback = await consent(await at.until(authorize), 1, simulator);
    const here = `http://${(/127[\d.]+:\d+/.exec(at.shown()) ?? [])[0]}`;

    const wrongState = `${callback.pathname}?code=a&state=${"b".repeat(43)}`;
    expect((await fetch(here + wrongState)).status).toBe(400);
    expect((await fetch(`${here}/favicon.ico`)).status).toBe(404);
    const answers = await Promise.all([1, 2].map(() => fetch(here + callback.pathname + callback.search)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    const pages = await Promise.all(answers.map((answer) => answer.text()));
    expect(pages.join()).toContain("connected. You can close this window.");

    expect(await done).toBe(0);
    const { name, id } = simulator.companies[1];
    expect(at.shown()).toContain(`${name} (company ${id}) is connected. Its grant is kept in ${location}.`);
    expect(statSync(location).mode & 0o777).toBe(0o600);
    expectNoSecret(at.all() + readFileSync(location, "utf8"), callback);
  });

  it("takes the pasted address, with a proof key where that is wished", async () => {
    const { simulator, at, env } = await start();
    const done = runLogin(["--paste", "--pkce", "--json"], at.terminal);
    const url = await at.until(authorize);
    expect(new URL(url).searchParams.get("code_challenge_method")).toBe("S256");
    const callback = await consent(url, 0, simulator);
    at.type(callback.href);

    expect(await done).toBe(0);
    expect(JSON.parse(at.shown())).toMatchObject({ company: { id: simulator.companies[0].id }, scheme: "OAuth" });
    expectNoSecret(at.all(), callback);
    const client = createAircallClient({
      oauthClientId: "simulator-client",
      oauthClientSecret: "simulator-secret",
      oauthSettingsLocation: env["AIRCALL_OAUTH_SETTINGS_LOCATION"],
      apiUrl: simulator.url,
    });
    expect(await client.ping()).toEqual({ ping: "pong" });
    await client.close();
  });

  it("ends what was kept before", async () => {
    const { simulator, env } = await start();
    expect((await signIn(env, simulator, 0)).code).toBe(0);
    expect((await signIn(env, simulator, 1)).code).toBe(0);

    const at = sitDown(env);
    await runLogout(["--json"], at.terminal);
    expect(JSON.parse(at.shown())).toMatchObject({ ended: [{ id: simulator.companies[1].id }] });
  });

  it.each<[string, (callback: URL) => string, RegExp]>([
    ["another's state", (to) => to.href.replace(/state=[^&]+/, `state=${"c".repeat(43)}`), /its state is another's/],
    ["another address", () => "https://evil.example/auth/back?code=a&state=b", /does not begin with https:\/\/app/],
    ["a code that is none", (to) => to.href.replace(/code=[^&]+/, "code=none"), /Aircall gave no token/],
    ["a refusal", (to) => to.href.replace(/code=[^&]+/, "error=access_denied"), /Access was denied at Aircall/],
  ])("keeps nothing after %s", async (_what, pasted, message) => {
    const { simulator, at, env } = await start();
    const done = runLogin(["--paste"], at.terminal);
    const callback = await consent(await at.until(authorize), 0, simulator);
    at.type(pasted(callback));

    expect(await done).toBe(1);
    expect(at.all()).toMatch(message);
    expectNoSecret(at.all(), callback);
    expect(await runWhoami([], sitDown(env).terminal)).toBe(1);
  });

  it.each([[["--listen", "127.0.0.1:0"]], [["--paste"]]])("waits no longer than it may, with %j", async (args) => {
    const { env } = await start();
    const at = sitDown(env, 50);
    expect(await runLogin(args, at.terminal)).toBe(1);
    expect(at.all()).toContain("Nobody answered within 0.05 s.");
  });

  it("says which settings are missing, one a line", async () => {
    const at = sitDown({ AIRCALL_CLIENT_ID: "id" });
    expect(await runLogin([], at.terminal)).toBe(1);
    expect(at.all().split("\n")).toEqual([
      "Missing: OAuthSettingsLocation (option oauthSettingsLocation, variable AIRCALL_OAUTH_SETTINGS_LOCATION).",
      "Missing: OAuthClientSecret (option oauthClientSecret, variable AIRCALL_CLIENT_SECRET).",
      "Missing: CallbackURL (option callbackUrl, variable AIRCALL_CALLBACK_URL).",
      "",
    ]);
  });

  it.each<[Record<string, string>, RegExp]>([
    [{ AIRCALL_INITIATE_OAUTH: "OFF" }, /InitiateOAuth is OFF/],
    [{ AIRCALL_OAUTH_SETTINGS_LOCATION: "memory://" }, /gone as soon as this command ends/],
    [{ AIRCALL_AUTH_SCHEME: "Basic" }, /for Basic/],
    [{ AIRCALL_CONNECTION: "OAuthAccessToken=t" }, /each names a grant/],
  ])("refuses %j with a sentence", async (changes, message) => {
    const { at } = await start({}, changes);
    expect(await runLogin([], at.terminal)).toBe(1);
    expect(at.all()).toMatch(message);
  });

  it.each<[string[], RegExp]>([
    [["--listen", "0.0.0.0:80"], /of this machine only/],
    [["--listen", "app.example:80"], /of this machine only/],
    [["--listen", "127.0.0.1:99999"], /port from 0 to 65535/],
    [["--listen", "127.0.0.1:80", "--paste"], /Choose one/],
    [["--lisen", "x"], /^Unknown option '--lisen'\. Try express-aircall login --help/],
    [["now"], /It takes options only/],
  ])("answers %j with one sentence and 2", async (args, sentence) => {
    const { at } = await start();
    expect(await runLogin(args, at.terminal)).toBe(2);
    expect(at.all()).toMatch(sentence);
  });
});

describe("npx express-aircall whoami and logout", () => {
  it("say who is connected, and end it", async () => {
    await buildIfStale("library");
    const { simulator, env, location } = await start();
    await signIn(env, simulator);
    const { name, id } = simulator.companies[0];

    const known = await runOwnCommand(["whoami"], env);
    expect(known.stdout).toMatch(
      new RegExp(`^Company:  ${name} \\(company ${id}\\)\nScheme:   OAuth\nKept in:  ${location}\n`),
    );
    expect(known).toMatchObject({ code: 0, stdout: expect.stringMatching(/\nSince: .*Z\nState: +alive/) as string });
    const left = await runOwnCommand(["logout"], env);
    expect(left).toMatchObject({
      code: 0,
      stdout: `${name} (company ${id}) is no longer connected: its grant has ended.\n`,
    });
    expect((await runOwnCommand(["logout"], env)).stdout).toBe(`Nothing was connected at ${location}.\n`);
    expect(await runOwnCommand(["whoami"], env)).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^Nothing is connected/) as string,
    });
  }, 240_000);

  it("leave two scripts that want the grant renewed at once with one exchange", async () => {
    const { simulator, env } = await start();
    const { access_token: accessToken } = simulator.issueToken();
    const provider = await startTokenServer((res) => json(res, { access_token: accessToken, refresh_token: "next" }));
    const config = readConfig({}, { door: "client", env }) as OAuthConfig;
    const expired = { expiresAt: new Date(Date.now() - 1_000), obtainedAt: new Date(Date.now() - 3_600_000) };
    const { store } = grantsAtLocation(config, []);
    await store.create(newGrant({ ...expired, app: appKey("simulator-client"), accessToken: "old" }), 31_536_000_000);

    const script = `const client = require("./dist").createAircallClient();
      client.ping().then(() => client.close()).then(() => console.log("done"));`;
    const runScript = () => runNode(["-e", script], { ...env, AIRCALL_TOKEN_URL: provider.url });
    const scripts = await Promise.all([runScript(), runScript()]);
    await provider.close();
    expect(scripts).toEqual([1, 2].map(() => ({ code: 0, stdout: "done\n", stderr: "" })));
    expect(provider.requests).toHaveLength(1);
  });

  it("show their help", async () => {
    for (const [name, runIt] of Object.entries({ login: runLogin, logout: runLogout, whoami: runWhoami })) {
      const at = sitDown({});
      expect(await runIt(["--help"], at.terminal)).toBe(0);
      expect(at.shown()).toMatch(new RegExp(`^Usage: express-aircall ${name}`));
    }
  });
});

function expectNoSecret(shown: string, callback: URL): void {
  expect(shown).not.toContain("simulator-secret");
  expect(shown).not.toContain(callback.searchParams.get("code"));
  expect(shown).not.toMatch(/access_token|refresh_token|Bearer/);
}
