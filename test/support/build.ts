import { execFile } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

const root = join(__dirname, "../..");
const builds = {
  library: { project: "tsconfig.build.json", sources: "src", built: "dist/index.js" },
  "example-app": {
    project: "example-app/tsconfig.json",
    sources: "example-app",
    built: "example-app/dist/operations/server.js",
  },
};

/** Brings what `npm run build` makes up to date, for tests that start processes. */
export async function buildIfStale(name: keyof typeof builds): Promise<void> {
  const { project, sources, built } = builds[name];
  const at = join(root, built);
  if (existsSync(at) && changedAt(join(root, sources)) <= statSync(at).mtimeMs) return;
  await promisify(execFile)(process.execPath, [join(root, "node_modules/typescript-7/bin/tsc"), "-p", project], {
    cwd: root,
  });
}

/** When the newest TypeScript source below a folder was written. */
function changedAt(folder: string): number {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const sources = files.filter((name) => name.endsWith(".ts") && !name.startsWith("dist"));
  return Math.max(...sources.map((name) => statSync(join(folder, name)).mtimeMs));
}
