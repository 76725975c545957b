import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { buildIfStale } from "./support/build";
import { describeWith, requireProgram } from "./support/programs";
import { startSimulator } from "./support/servers/simulated";

const script = join(__dirname, "support/runtime-script.cjs");

beforeAll(() => buildIfStale("library"), 120_000);

describe("the same program, on Node", () => listsIteratesAndReads(() => process.execPath, [script]));
describeWith("bun", "the same program, on Bun", () => listsIteratesAndReads(() => requireProgram("bun"), [script]));
describeWith("deno", "the same program, on Deno", () =>
  listsIteratesAndReads(() => requireProgram("deno"), ["run", "--allow-all", "--no-lock", script]),
);

function listsIteratesAndReads(programPath: () => string, args: readonly string[]): void {
  it("lists, iterates, reads a part of a recording and parses an event", async () => {
    const simulator = await startSimulator();
    simulator.addCalls(600);
    const { apiId, apiToken } = simulator.companies[0];
    const { stdout } = await promisify(execFile)(programPath(), [...args, simulator.url, apiId, apiToken]);
    expect(JSON.parse(stdout)).toEqual({
      ...{ page: 20, ids: 500, status: 206, bytes: 1_000 },
      ...{ name: "call.ended", code: "webhook_token" },
    });
  });
}
