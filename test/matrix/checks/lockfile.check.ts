import { readFileSync } from "node:fs";
import { join } from "node:path";

const read = (path: string) => readFileSync(join(__dirname, "../../..", path), "utf8");

interface Manifest {
  readonly dependencies: Record<string, string>;
}

describe.each(["package-lock.json", "test/matrix/package-lock.json"])("%s", (path) => {
  it("names no registry, for everybody has their own", () => {
    const { packages } = JSON.parse(read(path)) as { packages: Record<string, { resolved?: string }> };
    const resolved = Object.values(packages).flatMap((entry) => entry.resolved ?? []);
    expect(Object.keys(packages).length).toBeGreaterThan(100);
    expect(resolved.filter((address) => address.includes(":"))).toEqual([]);
  });
});

describe("the matrix", () => {
  it("installs what the library depends on, in the library's versions", () => {
    const library = JSON.parse(read("package.json")) as Manifest;
    const matrix = JSON.parse(read("test/matrix/package.json")) as Manifest;
    expect(matrix.dependencies).toMatchObject(library.dependencies);
  });
});
