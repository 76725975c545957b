import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { buildIfStale } from "./support/build";
import { findProgram } from "./support/programs";
import { startSimulator } from "./support/simulated";

const script = join(__dirname, "support/runtime-script.cjs");
/** How each runs it. Bun and Deno: where they are on PATH. */
const runtimes = {
  node: { program: process.execPath, args: [script] },
  bun: { program: findProgram("bun"), args: [script] },
  deno: { program: findProgram("deno"), args: ["run", "--allow-all", "--no-lock", script] },
};

describe("the same program", () => {
  beforeAll(() => buildIfStale("library"), 120_000);

  for (const [name, { program, args }] of Object.entries(runtimes)) {
    if (!program) console.warn(`Skipped on ${name}, which is not on PATH: npm install --global ${name}`);
    (program ? it : it.skip)(`lists, iterates and reads a part of a recording on ${name}`, async () => {
      const simulator = await startSimulator();
      simulator.addCalls(600);
      const { apiId, apiToken } = simulator.companies[0];
      const { stdout } = await promisify(execFile)(program!, [...args, simulator.url, apiId, apiToken]);
      expect(JSON.parse(stdout)).toEqual({ page: 20, ids: 500, status: 206, bytes: 1_000 });
    });
  }
});
