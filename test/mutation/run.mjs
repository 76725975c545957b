// npm run mutation -- src/oauth/tokens.ts …: changes these files one small step at a time, and says which changes their
// tests did not notice: those that are named too (test/…), otherwise those beside each (test/oauth/tokens.test.ts, or
// all of test/oauth). Fails where they noticed fewer than 90 in 100.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

const here = import.meta.dirname;
const root = resolve(here, "../..");
const named = process.argv.slice(2);
const files = named.filter((path) => path.startsWith("src/"));
const tests = named.some((path) => path.startsWith("test/"))
  ? named.filter((path) => path.startsWith("test/"))
  : [...new Set(files.map(testsBeside))];
const { jest } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

if (files.length === 0) {
  console.error("Name files: npm run mutation -- src/pagination/cursor.ts");
  process.exit(2);
}
installIfStale();
process.chdir(root);
const { Stryker } = await import("@stryker-mutator/core");
const mutants = await new Stryker(settings()).runMutationTest();
printScores();
if (scoreOf(mutants)["%"] < 90) process.exitCode = 1;

function installIfStale() {
  const installed = join(here, "node_modules/.package-lock.json");
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(join(here, "package-lock.json")).mtimeMs) return;
  execFileSync("npm", ["ci", "--no-audit", "--no-fund"], { cwd: here, stdio: "inherit" });
}

/** The test that mirrors the file, or the nearest folder of tests. */
function testsBeside(file) {
  const test = file.replace(/^src/, "test").replace(/\.ts$/, ".test.ts");
  if (existsSync(join(root, test))) return test;
  let folder = dirname(test);
  while (!existsSync(join(root, folder))) folder = dirname(folder);
  return folder;
}

function settings() {
  return {
    mutate: files,
    testRunner: "jest",
    plugins: [join(here, "node_modules/@stryker-mutator/jest-runner/dist/src/index.js")],
    jest: {
      enableFindRelatedTests: false,
      config: {
        ...jest,
        testEnvironment: join(root, "test/support/environment.cjs"),
        testSequencer: undefined,
        testMatch: tests.map((path) => `<rootDir>/${path}${path.endsWith(".ts") ? "" : "/**/*.test.ts"}`),
        reporters: [],
      },
    },
    coverageAnalysis: "perTest",
    concurrency: 1,
    timeoutMS: 15_000,
    // Ignored by git, the linter and the formatter.
    tempDirName: "coverage/mutation",
    ignorePatterns: ["site", "test/matrix", "test/mutation", "example-app", ".git"],
    reporters: ["progress-append-only", "clear-text"],
    clearTextReporter: { allowColor: false, logTests: false, reportScoreTable: false },
    allowConsoleColors: false,
  };
}

function printScores() {
  const rows = files.map((file) => [file, scoreOf(mutants.filter(({ fileName }) => resolve(fileName).endsWith(file)))]);
  console.log(`\nMutants of ${new Date().toISOString().slice(0, 10)}, by ${tests.join(", ")}`);
  console.table(Object.fromEntries([...rows, ["all", scoreOf(mutants)]]));
}

function scoreOf(some) {
  const count = (...statuses) => some.filter(({ status }) => statuses.includes(status)).length;
  const noticed = count("Killed", "Timeout");
  const unnoticed = count("Survived", "NoCoverage");
  return {
    mutants: noticed + unnoticed,
    noticed,
    unnoticed,
    "%": Math.round((noticed / (noticed + unnoticed)) * 1000) / 10,
  };
}
