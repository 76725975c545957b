import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Simulator } from "express-aircall/simulator";
import { facts } from "../../src/cli/check/facts";
import { runCheck } from "../../src/cli/check/check";
import { grantsAtLocation } from "../../src/client/settings-location";
import { readConfig, type OAuthConfig } from "../../src/config/config";
import { appKey } from "../../src/grants/session-grants";
import { newGrant } from "../support/grants";
import { startSimulator } from "../support/servers/simulated";
import { typed } from "../support/typed";

const folder = mkdtempSync(join(tmpdir(), "express-aircall-"));
afterAll(() => rmSync(folder, { recursive: true }));

const basic = ({ url, companies: [{ apiId, apiToken }] }: Simulator) => ({
  AIRCALL_API_URL: url,
  AIRCALL_API_ID: apiId,
  AIRCALL_API_TOKEN: apiToken,
});

const oauth = ({ url }: Simulator, callbackUrl = "https://127.0.0.1:1/back") => ({
  AIRCALL_API_URL: url,
  AIRCALL_AUTHORIZE_URL: `${url}/oauth/authorize`,
  AIRCALL_TOKEN_URL: `${url}/v1/oauth/token`,
  AIRCALL_CLIENT_ID: "simulator-client",
  AIRCALL_CLIENT_SECRET: "simulator-secret",
  AIRCALL_CALLBACK_URL: callbackUrl,
  AIRCALL_INITIATE_OAUTH: "GETANDREFRESH",
});

interface Answer {
  readonly settings: { name: string; from: string; value: string | null }[];
  readonly findings: { state: string; about: string; says: string; mend: string | null }[];
  readonly facts: { name: string; found: string }[];
  readonly report: string | null;
}

async function check(env: Record<string, string>) {
  const { code, said } = await typed(runCheck, ["--json"], env);
  return { code, ...(JSON.parse(said) as Answer) };
}

async function switchOff(simulator: Simulator, id: string): Promise<void> {
  const { apiId, apiToken } = simulator.companies[0];
  const headers = { authorization: `Basic ${btoa(`${apiId}:${apiToken}`)}`, "content-type": "application/json" };
  const body = JSON.stringify({ events: ["call.ended"], active: false });
  await fetch(`${simulator.url}/v1/webhooks/${id}`, { method: "PUT", headers, body });
}

describe("npx express-aircall check", () => {
  it("asks with an API key, sends nothing but GETs, and says how the account behaves", async () => {
    const simulator = await startSimulator({ kind: true });
    const { code, said } = await typed(runCheck, [], basic(simulator));

    const [{ name, apiId, apiToken }] = simulator.companies;
    expect(said).toContain("User      set  (AIRCALL_API_ID)\n");
    expect(said).toContain("ok     settings   Complete, for Basic, as aircallAuth() reads them.\n");
    expect(said).toContain("ok     account    Aircall accepts the API key.\n");
    expect(said).toContain(`ok     company    ${name}: `);
    expect(said).toMatch(/^ok {5}rate {7}\d+ of 120 requests are left\.$/m);
    expect(said).toMatch(/^\| rate reset \| UNIX seconds \| seconds \|$/m);
    expect(said).not.toContain("could not be asked");
    expect(code).toBe(0);
    expect(new Set(simulator.requests.map(({ method }) => method))).toEqual(new Set(["GET"]));
    for (const secret of [apiId, apiToken]) expect(said).not.toContain(secret);
  });

  it("puts nobody's name or number into what is to be pasted", async () => {
    const simulator = await startSimulator({ kind: true, rateResetUnit: "ms" });
    const { report, facts: found } = await check(basic(simulator));

    expect(found.find(({ name }) => name === "rate reset")?.found).toBe("milliseconds");
    expect(report).toContain("Basic, not the real Aircall\n");
    expect(report).not.toContain(simulator.companies[0].name);
    expect(report).not.toMatch(/\+?\d{7,}|@|https?:/);
  });

  it("says which facts it looks for on the page of questions", () => {
    const page = readFileSync(join(__dirname, "../../docs/faq.md"), "utf8");
    const missing = facts.filter(({ name, assumed }) => !new RegExp(`^\\| ${name} +\\| ${assumed} `, "m").test(page));
    expect(missing).toEqual([]);
  });

  it("finds a key that Aircall refuses, and says what to look at", async () => {
    const simulator = await startSimulator();
    const { code, findings, report } = await check({ ...basic(simulator), AIRCALL_API_TOKEN: "another" });

    expect([code, report]).toEqual([1, null]);
    expect(findings).toContainEqual({
      ...{ state: "wrong", about: "account", says: expect.stringContaining("403") as string },
      mend: expect.stringContaining("API Keys") as string,
    });
  });

  it("finds a webhook that is switched off", async () => {
    const simulator = await startSimulator();
    const { webhook_id: id } = simulator.addWebhook({ url: "https://app.example/events" });
    await switchOff(simulator, id);
    const { code, findings } = await check(basic(simulator));

    expect(code).toBe(1);
    expect(findings.filter(({ about }) => about === "webhooks").map(({ says }) => says)).toContain(
      `${id} is switched off.`,
    );
  });

  it("looks at the consent page and at CallbackURL, and asks with the grant that login has kept", async () => {
    const simulator = await startSimulator();
    const app = createServer((_req, res) => res.writeHead(400).end()).listen(0, "127.0.0.1");
    await new Promise((resolve) => app.once("listening", resolve));
    const { port } = app.address() as AddressInfo;
    const env = oauth(simulator, `http://127.0.0.1:${port}/back`);
    const alone = await check(env);
    const kept = { ...env, AIRCALL_OAUTH_SETTINGS_LOCATION: join(folder, "grants") };
    const config = readConfig({}, { door: "client", env: kept }) as OAuthConfig;
    const { access_token: accessToken } = simulator.issueToken();
    const lasting = { accessToken, refreshToken: null, expiresAt: null, app: appKey("simulator-client") };
    await grantsAtLocation(config, []).store.create(newGrant(lasting), 31_536_000_000);
    const connected = await check(kept);
    app.close();

    expect(alone.findings.map(({ state, says }) => [state, says])).toEqual([
      ["ok", "Complete, for OAuth, as aircallAuth() reads them."],
      ["ok", "The consent page answers 200."],
      ["ok", "CallbackURL answers 400, from this machine."],
      ["look", "No company's credentials are here, so Aircall was not asked."],
    ]);
    expect([alone.code, connected.code]).toEqual([0, 0]);
    expect(connected.findings).toContainEqual(expect.objectContaining({ says: "Aircall accepts the token." }));
    expect(connected.facts.map(({ found }) => found)).toContain("status 200");
  });

  it("finds an app that Aircall does not know, and one that does not run", async () => {
    const simulator = await startSimulator();
    const { code, findings } = await check({ ...oauth(simulator), AIRCALL_CLIENT_ID: "another" });

    expect(code).toBe(1);
    expect(findings).toContainEqual(expect.objectContaining({ state: "wrong", says: "The consent page answers 400." }));
    expect(findings).toContainEqual(
      expect.objectContaining({ state: "look", says: "CallbackURL answers ECONNREFUSED, from this machine." }),
    );
  });

  it.each<[Record<string, string>, RegExp[]]>([
    [{ AIRCALL_AUTH_SCHEME: "Basic" }, [/^Missing: User .*AIRCALL_API_ID.* and Password/]],
    [
      { AIRCALL_INITIATE_OAUTH: "ALWAYS", AIRCALL_CALLBACK_URL: "http://app.example/back", AIRCALL_CLIENT_ID: "id" },
      [/AIRCALL_CALLBACK_URL must use https/, /AIRCALL_INITIATE_OAUTH/],
    ],
    [{ AIRCALL_CONNECTION: "AuthSchem=Basic" }, [/AuthScheme/]],
  ])("says all that is wrong with %j", async (env, sentences) => {
    const { code, findings } = await check(env);
    expect(code).toBe(1);
    const said = findings.filter(({ state }) => state === "wrong").map(({ says }) => says);
    for (const sentence of sentences) expect(said).toContainEqual(expect.stringMatching(sentence));
  });

  it("notices a variable that nobody reads, and leaves an app's own alone", async () => {
    const { findings } = await check({ AIRCALL_API_TOKN: "t0p-secret", AIRCALL_BOARD_TITLE: "x", AIRCALL_API_ID: "i" });
    expect(findings.filter(({ state }) => state === "look")).toEqual([
      {
        state: "look",
        about: "settings",
        says: "Nobody reads AIRCALL_API_TOKN.",
        mend: "Did you mean AIRCALL_API_TOKEN?",
      },
    ]);
    expect(JSON.stringify(findings)).not.toContain("t0p-secret");
  });
});
