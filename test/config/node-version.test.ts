import { readFileSync } from "node:fs";
import { join } from "node:path";
import { requireNode } from "../../src/config/node-version";

describe("the version of Node", () => {
  it.each(["18.20.8", "20.18.1", "16.0.0", "20.9.0"])("is too old: %s", (version) => {
    expect(() => requireNode(version)).toThrow(`express-aircall needs Node 20.19 or later; this is Node ${version}.`);
  });

  it.each(["20.19.0", "20.20.2", "22.0.0", "26.1.0"])("will do: %s", (version) => {
    expect(() => requireNode(version)).not.toThrow();
  });

  it("is the one package.json asks for, and is looked at before anything else is loaded", () => {
    const root = join(__dirname, "../..");
    const { engines } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { engines: { node: string } };
    expect(engines.node).toBe(">=20.19");
    expect(readFileSync(join(root, "src/index.ts"), "utf8")).toMatch(
      /^(\/\*\*.*?\*\/\n)?import "\.\/config\/node-version";/s,
    );
  });
});
