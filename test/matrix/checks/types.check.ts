import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { compile } from "../../package/pack";
import { folderOf } from "../consumer";

const programs = join(folderOf("express-4"), "programs");

// Those of Express 5 are tried with the packed library in test/package. One run each of 5.9 and 7 reads every declaration.
describe("the types of the packed library", () => {
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
