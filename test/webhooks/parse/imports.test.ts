import { readFileSync } from "node:fs";
import { join, posix } from "node:path";
import ts from "typescript";
import { importsOf } from "../../support/imports";

const root = join(__dirname, "../../..");
const door = "src/webhooks/parse/index.ts";

/** Every file that runs when this one is loaded, and every package. */
function loadedBy(file: string, known = new Set<string>()): Set<string> {
  known.add(file);
  for (const { specifier, typesOnly } of importsOf(readFileSync(join(root, file), "utf8"))) {
    if (typesOnly) continue;
    const path = specifier.startsWith(".") ? `${posix.join(posix.dirname(file), specifier)}.ts` : specifier;
    if (!path.endsWith(".ts")) known.add(path);
    else if (!known.has(path)) loadedBy(path, known);
  }
  return known;
}

describe("express-aircall/webhooks", () => {
  it("loads the errors and itself, and nothing of Node or Express", () => {
    const loaded = [...loadedBy(door)];
    expect(loaded.length).toBeGreaterThan(8);
    expect(loaded.filter((file) => !/^src\/(?:webhooks\/parse|errors)\//.test(file))).toEqual([]);
  });

  it("compiles where there are no types of Node, as in a worker", () => {
    const options: ts.CompilerOptions = {
      noEmit: true,
      skipLibCheck: true,
      strict: true,
      target: ts.ScriptTarget.ES2022,
      lib: ["lib.es2023.d.ts", "lib.webworker.d.ts"],
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      types: [],
    };
    const complaints = ts.getPreEmitDiagnostics(ts.createProgram([join(root, door)], options));
    expect(complaints.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, " "))).toEqual([]);
  });
});
