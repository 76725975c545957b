import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import * as library from "express-aircall";
import { settingNames } from "../src/config/settings";
import { channelNames } from "./support/channels";

const root = join(__dirname, "..");
const readme = readFileSync(join(root, "README.md"), "utf8");

/** The examples that are whole programs. */
const programs = [...readme.matchAll(/```js\n(.*?)```/gs)]
  .map(([, code]) => code!)
  .filter((code) => /^import /m.test(code));

/** What TypeScript has to say of JavaScript files that import the library as its users do. */
function complaintsAbout(sources: readonly string[]): string[] {
  // Inside the repository, so that the packages an example imports are found.
  const folder = mkdtempSync(join(root, "test", "readme-"));
  try {
    const files = sources.map((source, index) => {
      const file = join(folder, `example-${index + 1}.mjs`);
      writeFileSync(file, source);
      return file;
    });
    const options: ts.CompilerOptions = {
      allowJs: true,
      checkJs: true,
      noEmit: true,
      skipLibCheck: true,
      strict: false,
      target: ts.ScriptTarget.ES2023,
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      types: ["node"],
      paths: {
        "express-aircall": [join(root, "src/index.ts")],
        "express-aircall/simulator": [join(root, "src/simulator/index.ts")],
      },
    };
    const program = ts.createProgram(files, options);
    return files.flatMap((file) =>
      ts
        .getPreEmitDiagnostics(program, program.getSourceFile(file))
        .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, " ")),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe("the README", () => {
  it("shows programs that the library's types agree with", () => {
    expect(programs.length).toBeGreaterThanOrEqual(5);
    const ownApp = "Cannot find module './app.js' or its corresponding type declarations.";
    expect(complaintsAbout(programs).filter((complaint) => complaint !== ownApp)).toEqual([]);
  });

  it("would be told of an example that calls what is not there", () => {
    const wrong = 'import { aircallAuth } from "express-aircall";\naircallAuth().open();\n';
    expect(complaintsAbout([wrong])).toEqual(["Property 'open' does not exist on type 'AircallAuth'."]);
  });

  it.each(Object.keys(library))("names %s", (name) => {
    expect(readme).toContain(name);
  });

  it.each(settingNames)("explains the setting %s", (name) => {
    expect(readme).toContain(`\`${name}\``);
  });

  it("has every code of every error in its table", () => {
    const source = readFileSync(join(root, "src/errors.ts"), "utf8");
    const codes = [...source.matchAll(/readonly code = "(\w+)"|^ {2}\| "(\w+)"/gm)].map(
      ([, one, other]) => one ?? other,
    );
    expect(codes.length).toBeGreaterThan(20);
    expect(codes.filter((code) => !readme.includes(`\`${code}\``))).toEqual([]);
  });

  it("lists every event", () => {
    expect(channelNames().filter((name) => !readme.includes(`\`${name}\``))).toEqual([]);
  });
});
