import { cpSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compile } from "../../package/pack";
import { folderOf } from "../consumer";

const programs = join(folderOf("express-4"), "programs");
const strict = join(folderOf("express-5"), "typescript");

// One run each of 5.9 and 7 reads every declaration; to do so again would only take longer.
describe("the types of the packed library", () => {
  beforeAll(() => cpSync(join(__dirname, "../../package/consumers/typescript"), strict, { recursive: true }));
  afterAll(() => rmSync(strict, { recursive: true, force: true }));

  // CommonJS in TypeScript 5.9 resolves as before Node 12 (node10), later ones as a bundler does.
  it.each([
    ["typescript-5", "ES module", ["--module", "nodenext"]],
    ["typescript-5", "CommonJS", ["--module", "commonjs", "--esModuleInterop", "--skipLibCheck"]],
    ["typescript-7", "ES module", ["--module", "nodenext"]],
    ["typescript-7", "CommonJS", ["--module", "commonjs"]],
    ["typescript-7", "bundled", ["--module", "esnext", "--moduleResolution", "bundler"]],
  ])("give a strict program of %s (%s) req.aircall where only express is imported", async (compiler, _, options) => {
    await expect(compile(compiler, ["-p", strict, ...options])).resolves.toBe("");
  });

  it.each([
    ["typescript-5", "Version 5.9."],
    ["typescript", "Version 6."],
    ["typescript-7", "Version 7."],
  ])("was tried with %s, which is %s", async (compiler, version) => {
    await expect(compile(compiler, ["--version"])).resolves.toContain(version);
  });

  it.each([
    ["typescript-5", []],
    ["typescript", ["--skipLibCheck"]],
    ["typescript-7", []],
  ])("fit those of Express 4, by %s", async (compiler, options) => {
    await expect(compile(compiler, ["-p", programs, ...options])).resolves.toBe("");
  });

  it("of its middleware fit those of Express 4 where Express 5's are nearer", async () => {
    const paths = { "express-aircall": [join(__dirname, "../node_modules/express-aircall/dist/index.d.ts")] };
    const project = join(programs, "mixed.json");
    const mixed = {
      extends: "./tsconfig.json",
      compilerOptions: { paths, skipLibCheck: true },
      include: ["handlers.ts"],
    };
    writeFileSync(project, JSON.stringify(mixed));
    await expect(compile("typescript-7", ["-p", project])).resolves.toBe("");
  });
});
