// What the package costs before it does anything: its tarball, how long it takes to load, and how many bytes npm would
// install.
require("../support/typescript-sources.cjs");
const { execFileSync } = require("node:child_process");
const { join } = require("node:path");
const { bytesOfTree, isTypes, packed, treeOf } = require("../docs/evidence/weights.ts");
const { circumstances, median, ratio, round1 } = require("./child.cjs");

const root = join(__dirname, "../..");
const rounds = Number(process.env.ROUNDS ?? 21);
const loaded = {
  express: ["express"],
  "express-aircall": ["express-aircall"],
  "express, then express-aircall": ["express", "express-aircall"],
  "express, then undici": ["express", "undici"],
  axios: ["axios"],
  "passport-oauth2 + axios": ["passport-oauth2", "axios"],
};
const installed = {
  express: ["express"],
  "express-aircall": ["express-aircall"],
  axios: ["axios"],
  "passport-oauth2 + axios": ["passport-oauth2", "axios"],
  "passport-oauth2 with types + axios": ["passport-oauth2", "@types/passport-oauth2", "axios"],
};

printPacked();
printLoading();
printInstalled();

function printPacked() {
  const { files, size, unpackedSize } = packed();
  console.log("\nThe tarball");
  console.table({
    "express-aircall": { files: files.length, "packed MB": megabytes(size), MB: megabytes(unpackedSize) },
  });
}

function printLoading() {
  const ms = Object.fromEntries(Object.keys(loaded).map((name) => [name, []]));
  for (let round = -1; round < rounds; round += 1) {
    for (const [name, modules] of Object.entries(loaded)) {
      const seen = loadMs(modules);
      if (round >= 0) ms[name].push(seen);
    }
  }

  console.log(`\nCPU time to load, median of ${rounds} interleaved rounds of fresh processes, ${circumstances()}`);
  printRows(Object.entries(ms), (values) => ({
    ms: round1(median(values)),
    "times express": ratio(values, ms.express),
  }));
}

/** Milliseconds of CPU time that a fresh process needs to load all of them. */
function loadMs(names) {
  const script = `
    const before = process.cpuUsage();
    for (const name of ${JSON.stringify(names)}) require(name);
    const { user, system } = process.cpuUsage(before);
    console.log((user + system) / 1_000);`;
  return Number(execFileSync(process.execPath, ["-e", script], { cwd: root }));
}

/** As npm lays them out, by the lock file: what is packed of this package, and all it depends on. Peers are the app's. */
function printInstalled() {
  const trees = Object.entries(installed).map(([name, wanted]) => [name, [...new Set(wanted.flatMap(treeOf))]]);
  const bytes = Object.fromEntries(trees.map(([name, tree]) => [name, bytesOfTree(tree)]));

  console.log("\nInstalled: bytes of all files, dependencies included");
  printRows(trees, (tree, name) => ({
    packages: tree.length,
    MB: megabytes(bytes[name]),
    "of it types": megabytes(bytesOfTree(tree.filter(isTypes))),
    "times express": Math.round((bytes[name] / bytes.express) * 100) / 100,
  }));
}

function megabytes(bytes) {
  return Math.round(bytes / 1e4) / 100;
}

function printRows(entries, columnsOf) {
  console.table(Object.fromEntries(entries.map(([name, value]) => [name, columnsOf(value, name)])));
}
