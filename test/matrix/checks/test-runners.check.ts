import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { run } from "../../package/pack";
import { folderOf } from "../consumer";

const tools = folderOf("tools");
const root = join(__dirname, "../../..");
const program = (name: string) => join(tools, "programs", name);

interface Counts {
  readonly passed: number;
  readonly failed: number;
}

interface Runner {
  /** Where its `describe` and `it` come from. */
  readonly from: string;
  readonly run: (file: string) => Promise<Counts>;
}

const runners: Record<string, Runner> = {
  vitest: {
    from: "vitest",
    async run(file) {
      const vitest = join(root, "test/matrix/node_modules/vitest/vitest.mjs");
      const said = await output([vitest, "run", file, "--root", join(tools, "programs")]);
      return countsIn(said, { passed: /Tests.*\b(\d+) passed/, failed: /Tests.*\b(\d+) failed/ });
    },
  },
  "jest, as an ES module": {
    from: "@jest/globals",
    async run(file) {
      const jest = join(root, "node_modules/jest/bin/jest.js");
      const config = JSON.stringify({ rootDir: tools, testMatch: [`**/${file}`], testEnvironment: "node" });
      const said = await output(["--experimental-vm-modules", "--no-warnings", jest, "--config", config, "--json"]);
      return countsIn(said, { passed: /"numPassedTests":(\d+)/, failed: /"numFailedTests":(\d+)/ });
    },
  },
  "node:test": {
    from: "node:test",
    async run(file) {
      const said = await output(["--test", "--test-reporter=tap", program(file)]);
      return countsIn(said, { passed: /^# pass (\d+)/m, failed: /^# fail (\d+)/m });
    },
  },
};

/** What Node prints as it runs this, also where a test fails. */
async function output(args: string[]): Promise<string> {
  const said = await run(process.execPath, args, tools).catch((error: Error) => error.message);
  return stripVTControlCharacters(said);
}

function countsIn(said: string, { passed, failed }: Record<keyof Counts, RegExp>): Counts {
  const count = (pattern: RegExp) => Number(pattern.exec(said)?.[1] ?? 0);
  return { passed: count(passed), failed: count(failed) };
}

/** Writes a program of the matrix as a test for this runner. */
function write(name: string, { from }: Runner, changes: Record<string, string> = {}): string {
  const file = `${from.replaceAll(/\W+/g, "-")}-${name}.test.mjs`;
  let text = readFileSync(program(`${name}.mjs`), "utf8").replace("TEST_RUNNER", from);
  for (const [found, written] of Object.entries(changes)) text = text.replace(found, written);
  writeFileSync(program(file), text);
  return file;
}

describe("a test of somebody's that is run by", () => {
  it.each(["vitest", "jest, as an ES module"])("%s", async (name) => {
    const runner = runners[name]!;
    expect(await runner.run(write("suite", runner))).toEqual({ passed: 1, failed: 0 });
  });
});

describe.each(Object.entries(runners))("describeGrantStore in %s", (_name, runner) => {
  it("finds nothing wrong with a store that keeps its promises", async () => {
    const { passed, failed } = await runner.run(write("store-suite", runner));
    expect([passed > 30, failed]).toEqual([true, 0]);
  });

  it("fails where a store does not, and goes on", async () => {
    const broken = { "...{}": "unlink: () => Promise.resolve()" };
    const { passed, failed } = await runner.run(write("store-suite", runner, broken));
    expect([passed > 20, failed > 0]).toEqual([true, true]);
  });
});
