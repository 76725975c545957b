// What the package costs before it does anything: its tarball, how long it takes to load, and how many bytes npm would
// install.
const { execFileSync } = require("node:child_process");
const { readdirSync, readFileSync, statSync } = require("node:fs");
const { dirname, join } = require("node:path");
const { circumstances, median, ratio, round1 } = require("./child.cjs");

const root = join(__dirname, "../..");
const rounds = Number(process.env.ROUNDS ?? 21);
const loaded = {
  express: ["express"],
  "express-aircall": ["express-aircall"],
  "express-aircall after express": ["express", "express-aircall"],
  "undici, with our first request": ["undici"],
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
const { packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));

printPacked();
printLoading();
printInstalled();

function printPacked() {
  const { entryCount, size, unpackedSize } = packed();
  console.log("\nThe tarball");
  console.table({
    "express-aircall": { files: entryCount, "packed MB": megabytes(size), MB: megabytes(unpackedSize) },
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
  const last = "express-aircall after express";
  ms[last] = ms[last].map((value, round) => value - ms.express[round]);

  console.log(`\nCPU time to load, median of ${rounds} interleaved rounds of fresh processes, ${circumstances()}`);
  printRows(Object.entries(ms), (values) => ({
    ms: round1(median(values)),
    "of express": ratio(values, ms.express),
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
  const trees = Object.entries(installed).map(([name, wanted]) => [
    name,
    new Set(wanted.flatMap((one) => treeOf(one))),
  ]);
  const bytes = Object.fromEntries(trees.map(([name, tree]) => [name, sumOf([...tree])]));
  const isTypes = (folder) => folder.includes("node_modules/@types/") || folder.endsWith("/undici-types");

  console.log("\nInstalled: bytes of all files, dependencies included");
  printRows(trees, (tree, name) => ({
    packages: tree.size,
    MB: megabytes(bytes[name]),
    "of it types": megabytes(sumOf([...tree].filter(isTypes))),
    "of express": Math.round((bytes[name] / bytes.express) * 100) / 100,
  }));
}

function treeOf(name) {
  const folders = [name === "express-aircall" ? "" : `node_modules/${name}`];
  for (const folder of folders) {
    for (const dependency of Object.keys(packages[folder].dependencies ?? {})) {
      const found = nearest(dependency, folder);
      if (!folders.includes(found)) folders.push(found);
    }
  }
  return folders;
}

/** Where Node finds a dependency of the package in this folder: beside it or further up. */
function nearest(name, from) {
  const candidate = join(from, "node_modules", name);
  if (packages[candidate]) return candidate;
  if (from === ".") throw new Error(`${name} is not in the lock file.`);
  return nearest(name, dirname(from));
}

function sumOf(folders) {
  return folders.reduce(
    (sum, folder) => sum + (folder === "" ? packed().unpackedSize : bytesOf(join(root, folder))),
    0,
  );
}

/** What npm would publish. */
function packed() {
  const options = ["pack", "--dry-run", "--json", "--ignore-scripts", "--loglevel=error"];
  const [tarball] = JSON.parse(execFileSync("npm", options, { cwd: root, stdio: ["ignore", "pipe", "ignore"] }));
  return tarball;
}

/** Without what is installed inside it: the lock file names that apart. */
function bytesOf(folder) {
  return readdirSync(folder, { withFileTypes: true }).reduce((sum, entry) => {
    if (entry.name === "node_modules") return sum;
    const path = join(folder, entry.name);
    return sum + (entry.isDirectory() ? bytesOf(path) : statSync(path).size);
  }, 0);
}

function megabytes(bytes) {
  return Math.round(bytes / 1e4) / 100;
}

function printRows(entries, columnsOf) {
  console.table(Object.fromEntries(entries.map(([name, value]) => [name, columnsOf(value, name)])));
}
