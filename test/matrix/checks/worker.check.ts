import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { parseAircallEvent, WebhookError } from "express-aircall/webhooks";
import { run } from "../../package/pack";
import { delivery, token } from "../../webhooks/parse/deliveries";
import { folderOf } from "../consumer";

const tools = folderOf("tools");
const bin = join(tools, "../../node_modules/.bin");
const programs = join(tools, "programs");
const text = JSON.stringify(delivery());

const bodies: [what: string, body: string | Uint8Array<ArrayBuffer>][] = [
  ["an event", text],
  ["an event of another name", JSON.stringify(delivery({ event: "fax.received" }))],
  ["another token", JSON.stringify(delivery({ token: "another" }))],
  ["a token of the same length", JSON.stringify(delivery({ token: [...token].reverse().join("") }))],
  ["no token", JSON.stringify(delivery({ token: undefined }))],
  ["a list of tokens", JSON.stringify(delivery({ token: [token] }))],
  ["two tokens, the first one wrong", text.replace("{", '{"token":"another",')],
  ["a token of the prototype's", `{"__proto__":${text}}`],
  ["no JSON", text.slice(0, -1)],
  ["no text", Uint8Array.of(0xff, 0xfe, 0x00)],
  ["nothing", ""],
  ["deep brackets", "[".repeat(100_000)],
  ["too much", JSON.stringify(delivery({ data: { id: 7, body: "x".repeat(3_000_000) } }))],
];

describe("a receiver in workerd", () => {
  let workerd: ChildProcess | undefined;
  let origin: string;

  beforeAll(async () => {
    mkdirSync(join(programs, "bundled"), { recursive: true });
    const [entry, out] = [join(programs, "worker.mjs"), join(programs, "bundled/worker.mjs")];
    await run(join(bin, "esbuild"), [entry, "--bundle", "--format=esm", `--outfile=${out}`], tools);
    ({ child: workerd, origin } = await serve(join(programs, "worker.capnp")));
  });
  afterAll(async () => {
    if (!workerd || workerd.exitCode !== null) return;
    const exited = once(workerd, "exit");
    workerd.kill("SIGKILL");
    await exited;
  });

  it.each(bodies)("judges %s as Node does", async (_what, body) => {
    const answer = await fetch(origin, { method: "POST", body });
    expect([answer.status, await answer.json()]).toEqual(await here(body));
  });
});

async function here(body: string | Uint8Array): Promise<[status: number, said: object]> {
  try {
    const { name, id } = await parseAircallEvent(body, { tokens: [token] });
    return [200, { name, id }];
  } catch (error) {
    if (error instanceof WebhookError) return [error.status, { code: error.code }];
    throw error;
  }
}

/** It tells the port that it was given on a stream of its own. */
async function serve(config: string): Promise<{ child: ChildProcess; origin: string }> {
  // Its command is a script that passes this stream by.
  const { default: workerd } = createRequire(join(tools, "programs/"))("workerd") as { default: string };
  const child = spawn(workerd, ["serve", "--control-fd=3", config], {
    stdio: ["ignore", "ignore", "inherit", "pipe"],
  });
  const [line] = (await once(createInterface(child.stdio[3] as Readable), "line")) as [string];
  const { port } = JSON.parse(line) as { port: number };
  return { child, origin: `http://127.0.0.1:${port}` };
}
