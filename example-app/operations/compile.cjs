/* Brings compiled programs up to date. JavaScript, because it runs before anything was compiled. */
const { spawnSync } = require("node:child_process");
const { existsSync, readdirSync, statSync } = require("node:fs");
const { join } = require("node:path");
const { performance } = require("node:perf_hooks");

// Types are judged by `npm run build` and the tests: compiling without that, and by this one, takes a tenth of the time.
const compiler = require.resolve("typescript-7/package.json").replace("package.json", "bin/tsc");

/** Compiles those that are new or have changed; `say` is told of each. Answers whether all could be. */
function compileStale(root, programs, say = console.log) {
  return programs.filter((program) => isStale(root, program)).every((program) => compile(root, program, say));
}

function isStale(root, { sources, project, built }) {
  const at = join(root, built);
  if (!existsSync(at)) return true;
  return [project, ...sourcesBelow(root, sources)].some((file) => changedAt(join(root, file)) > changedAt(at));
}

function sourcesBelow(root, folder) {
  const files = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" });
  return files.filter((file) => file.endsWith(".ts")).map((file) => join(folder, file));
}

function changedAt(file) {
  return statSync(file).mtimeMs;
}

/** One that has faults is not written, so that it is compiled again. */
function compile(root, { name, project }, say) {
  say(`Compiling ${name}: it is new or has changed …`);
  const startedAt = performance.now();
  const args = [compiler, "-p", project, "--noCheck", "--noEmitOnError"];
  const { status, stdout } = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
  if (status === 0) say(`Compiled ${name} in ${((performance.now() - startedAt) / 1000).toFixed(1)} s.`);
  else say(`${stdout}Nothing of ${name} was compiled: it has faults.`);
  return status === 0;
}

module.exports = { compileStale };
