import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packLibrary, run, runTool, type PackedLibrary } from "./pack";

describe("the packed library", () => {
  let packed: PackedLibrary;

  beforeAll(async () => {
    packed = await packLibrary();
  }, 120_000);

  afterAll(() => packed?.remove());

  it("answers in a CommonJS program", async () => {
    const { company } = await runConsumer("require.cjs");
    expect(company).toEqual(expect.any(String));
  });

  it("answers in an ES module, with the same classes as by require", async () => {
    const { company, sameClasses } = await runConsumer("import.mjs");
    expect({ company, sameClasses }).toEqual({ company: expect.any(String), sameClasses: true });
  });

  it("loads neither the simulator nor undici with the main door", async () => {
    const { loadedByMainDoor } = await runConsumer("require.cjs");
    expect(loadedByMainDoor).toContainEqual(expect.stringMatching(/express-aircall\/dist\/index\.js$/));
    expect(loadedByMainDoor).not.toContainEqual(expect.stringMatching(/simulator|undici/));
  });

  it.each([
    ["ES module", ["--module", "nodenext"]],
    ["CommonJS", ["--module", "commonjs"]],
    ["bundled", ["--module", "esnext", "--moduleResolution", "bundler"]],
  ])("gives a strict TypeScript program (%s) req.aircall where only express is imported", async (_kind, options) => {
    const project = join(packed.consumers, "typescript");
    await expect(runTool("tsc", ["-p", project, ...options])).resolves.toBe("");
  });

  it("satisfies publint", async () => {
    await expect(runTool("publint", ["run", packed.tarball, "--strict"])).resolves.toContain("All good!");
  });

  it("has types wherever Node finds code", async () => {
    // Resolution as before Node 12, which attw calls node10, knows no second door; node16 leaves it out.
    const report = runTool("attw", [packed.tarball, "--profile", "node16"]);
    await expect(report).resolves.toContain('"express-aircall/simulator"');
  });

  it("holds the build, its sources and the papers, and nothing else", () => {
    const others = packed.files.filter((path) => !/^(dist|src)\/.*\.(js|ts|map)$/.test(path));
    expect(others.sort()).toEqual(["CHANGELOG.md", "LICENSE", "README.md", "package.json"]);
  });

  it("runs nothing when it is installed", () => {
    const manifest = readFileSync(join(packed.consumers, "node_modules/express-aircall/package.json"), "utf8");
    const { scripts } = JSON.parse(manifest) as { scripts: Record<string, string> };
    expect(Object.keys(scripts)).not.toContainEqual(expect.stringMatching(/install$|^prepare$/));
  });

  async function runConsumer(script: string) {
    const printed = await run(process.execPath, [join(packed.consumers, "runtime", script)]);
    return JSON.parse(printed) as { company?: string; sameClasses?: boolean; loadedByMainDoor?: string[] };
  }
});
