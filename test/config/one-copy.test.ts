import { execFile } from "node:child_process";
import { cp, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { buildIfStale } from "../support/build";

const root = join(__dirname, "../..");

describe("a second copy of the package", () => {
  let folder: string;

  beforeAll(async () => {
    await buildIfStale("library");
    folder = await mkdtemp(join(tmpdir(), "express-aircall-copy-"));
    await cp(join(root, "dist"), join(folder, "dist"), { recursive: true });
    await cp(join(root, "package.json"), join(folder, "package.json"));
    await symlink(join(root, "node_modules"), join(folder, "node_modules"));
  }, 120_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it("is warned of once, with the way to find it", async () => {
    const { stderr } = await load(root, folder, folder);
    expect(stderr.match(/Two copies of express-aircall are loaded/g)).toHaveLength(1);
    expect(stderr).toContain("npm ls express-aircall");
  });

  it("is none where the same one is loaded twice", async () => {
    expect((await load(root, root)).stderr).toBe("");
  });
});

function load(...folders: string[]): Promise<{ stderr: string }> {
  const program = folders.map((folder) => `require(${JSON.stringify(join(folder, "dist/index.js"))});`).join("");
  return promisify(execFile)(process.execPath, ["-e", program]);
}
