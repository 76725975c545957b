/** Lets a process of its own load the sources as they are: `node --require` this. What was compiled once is kept. */
const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");

const kept = join(__dirname, "../../node_modules/.cache/express-aircall");
mkdirSync(kept, { recursive: true });

require.extensions[".ts"] = (module, filename) => {
  const text = readFileSync(filename, "utf8");
  const place = join(kept, `${createHash("sha256").update(text).digest("hex")}.js`);
  module._compile(readKept(place) ?? compile(text, filename, place), filename);
};

function readKept(place) {
  try {
    return readFileSync(place, "utf8");
  } catch {
    return undefined;
  }
}

function compile(text, fileName, place) {
  const { ModuleKind, ScriptTarget, transpileModule } = require("typescript");
  const compilerOptions = { module: ModuleKind.CommonJS, target: ScriptTarget.ES2023, esModuleInterop: true };
  const { outputText } = transpileModule(text, { compilerOptions, fileName });
  writeFileSync(`${place}.${process.pid}`, outputText);
  renameSync(`${place}.${process.pid}`, place);
  return outputText;
}
