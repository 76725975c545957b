import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Simulator } from "express-aircall/simulator";
import { buildIfStale } from "../support/build";
import { startSimulator } from "../support/servers/simulated";

const command = join(__dirname, "../../dist/cli/bin.js");
const folder = mkdtempSync(join(tmpdir(), "express-aircall-"));
const running: ChildProcess[] = [];
let files = 0;

/** A terminal whose machine remembers what it has made in `home`. */
function start(simulator: Simulator, args: readonly string[], home: string) {
  const { user, password } = simulator.basic;
  const settings = { AIRCALL_API_URL: simulator.url, AIRCALL_API_ID: user, AIRCALL_API_TOKEN: password };
  const env = { PATH: process.env["PATH"], XDG_STATE_HOME: home, ...settings };
  const child = spawn(process.execPath, [command, "listen", ...args], { env });
  running.push(child);
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (said += String(chunk)));
  const until = async (pattern: RegExp) => {
    for (;;) {
      const found = pattern.exec(said);
      if (found) return found;
      if (child.exitCode !== null) throw new Error(`It ended: ${said}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    const [code] = (await once(child, "exit")) as [number | null];
    return code;
  };
  return { until, end, said: () => said };
}

/** No tunnel: the address leads to the port that is listened at, one that the system hands to nobody by itself. */
function freePlace(): { port: number; args: string[] } {
  const port = 20_000 + Math.floor(Math.random() * 12_000);
  return { port, args: ["--url", `http://127.0.0.1:${port}/hooks`, "--listen", `127.0.0.1:${port}`] };
}

const newHome = () => join(folder, `home-${(files += 1)}`);

describe("npx express-aircall listen", () => {
  beforeAll(() => buildIfStale("library"), 240_000);
  afterEach(() => running.splice(0).forEach((child) => child.kill("SIGKILL")));
  afterAll(() => rmSync(folder, { recursive: true }));

  it("makes a webhook, prints and records what comes without token and numbers, and removes it at Ctrl-C", async () => {
    const simulator = await startSimulator();
    const [company] = simulator.companies;
    const record = join(folder, "events.jsonl");
    const { args } = freePlace();
    const at = start(simulator, [...args, "--events", "call.ended,call.tagged", "--record", record], newHome());
    await at.until(/Ctrl-C ends it/);
    const { webhook } = company.webhooks[0]!;

    simulator.emit("call.ended", { raw_digits: "+44 7700 900123" });
    await simulator.settled();
    await at.until(/call\.ended/);

    expect(webhook.events).toEqual(["call.ended", "call.tagged"]);
    expect(await at.end("SIGINT")).toBe(0);
    expect(company.webhooks).toEqual([]);
    expect(at.said()).toContain("1 events came in. The webhook is removed.");
    const recorded = readFileSync(record, "utf8");
    expect(JSON.parse(recorded)).toMatchObject({ event: "call.ended", data: { raw_digits: "+00 0000 000023" } });
    for (const secret of [webhook.token, "900123"]) expect(at.said() + recorded).not.toContain(secret);
  });

  it("refuses what has another token, and shows numbers where that is wished", async () => {
    const simulator = await startSimulator();
    const { args } = freePlace();
    const at = start(simulator, [...args, "--json", "--show-numbers"], newHome());
    await at.until(/"webhookId"/);
    const { webhook } = simulator.companies[0].webhooks[0]!;
    const post = (body: string) => fetch(webhook.url, { method: "POST", body });

    const refused = [await post('{"token":"wrong","event":"call.ended"}'), await post("{"), await fetch(webhook.url)];
    simulator.emit("call.ended", { raw_digits: "+44 7700 900123" });
    await at.until(/900123/);

    expect(refused.map(({ status }) => status)).toEqual([401, 401, 405]);
    expect(at.said()).toContain("was refused");
    expect(at.said()).not.toContain(webhook.token);
    await at.end("SIGTERM");
    expect(JSON.parse(at.said().trimEnd().split("\n").at(-1)!)).toEqual({ events: 1, removed: true });
  });

  it("removes at its next start what a crash has left, and nothing of others", async () => {
    const simulator = await startSimulator();
    const [company] = simulator.companies;
    const home = newHome();
    const others = simulator.addWebhook({ url: "https://example.com/hooks" });
    const first = start(simulator, freePlace().args, home);
    await first.until(/Ctrl-C ends it/);
    const colleague = start(simulator, freePlace().args, newHome());
    await colleague.until(/Ctrl-C ends it/);
    await first.end("SIGKILL");
    const left = company.webhooks.map(({ webhook }) => webhook.webhook_id);

    const second = start(simulator, freePlace().args, home);
    await second.until(/Ctrl-C ends it/);

    const now = company.webhooks.map(({ webhook }) => webhook.webhook_id);
    expect(left).toHaveLength(3);
    expect(now).toHaveLength(3);
    expect(now.slice(0, 2)).toEqual([others.webhook_id, left[2]]);
    await second.end("SIGINT");
    await colleague.end("SIGINT");
    expect(company.webhooks.map(({ webhook }) => webhook.webhook_id)).toEqual([others.webhook_id]);
  });

  it("says what is wrong with the settings, and ends with 1", async () => {
    const simulator = await startSimulator();
    simulator.fail({ match: { path: "/v1/webhooks" }, status: 403, body: { message: "Forbidden" } });
    const at = start(simulator, freePlace().args, newHome());
    const [code] = (await once(running.at(-1)!, "exit")) as [number];
    expect(code).toBe(1);
    expect(at.said()).toMatch(/POST \/v1\/webhooks/);
  });
});
