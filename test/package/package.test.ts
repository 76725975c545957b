import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { programsOf, readme, sectionOf } from "../docs/pages";
import { methodsOfNouns } from "./hover";
import { undescribed, unnamedTypes } from "./reachable-types";
import { compile, packLibrary, run, type PackedLibrary } from "./pack";

interface Manifest {
  readonly exports: Record<string, string | { readonly types: string }>;
}

/** Types that nobody has to write down, and why. */
const unnamedOnPurpose = {
  "downloads/download.d.ts: Reason": "what Promise gives to catch: any, which the linter lets nobody write",
  "http/answer.d.ts: Reason": "the same",
};

describe("the packed library", () => {
  let packed: PackedLibrary;

  beforeAll(async () => {
    packed = await packLibrary();
  }, 240_000);

  afterAll(() => packed?.remove());

  it("answers in a CommonJS program", async () => {
    const { company } = await runConsumer("require.cjs");
    expect(company).toEqual(expect.any(String));
  });

  it("answers in an ES module, with the same classes as by require", async () => {
    const { company, sameClasses } = await runConsumer("import.mjs");
    expect({ company, sameClasses }).toEqual({ company: expect.any(String), sameClasses: true });
  });

  it("loads neither the simulator nor undici with the main door", async () => {
    const { loadedByMainDoor } = await runConsumer("require.cjs");
    expect(loadedByMainDoor).toContainEqual(expect.stringMatching(/express-aircall\/dist\/index\.js$/));
    expect(loadedByMainDoor).not.toContainEqual(expect.stringMatching(/simulator|node_modules\/undici/));
  });

  // What TypeScript 5.9 says, and how each resolves modules, is tried in test/matrix.
  it.each(["typescript", "typescript-7"])(
    "gives a strict program of %s req.aircall where only express is imported",
    async (compiler) => {
      const project = join(packed.consumers, "typescript");
      await expect(compile(compiler, ["-p", project, "--skipLibCheck"])).resolves.toBe("");
    },
  );

  it.each(["nodenext", "commonjs"])(
    "compiles the first quick start to a program, with the tsconfig.json of the pages and module %s",
    async (module) => {
      const project = layOut(join(packed.consumers, `from-pages-${module}`), module);
      await expect(compile("typescript-7", ["-p", project])).resolves.toBe("");
      const program = join(project, "dist/app.js");
      await expect(run(process.execPath, ["--check", program])).resolves.toBe("");
      expect(readFileSync(program, "utf8").includes("require(")).toBe(module === "commonjs");
    },
    120_000,
  );

  it("shows what each method of each noun does to whoever hovers over it", () => {
    const declarations = join(packed.consumers, "node_modules/express-aircall/dist/client/client.d.ts");
    const methods = methodsOfNouns(declarations, "AircallClient");
    expect(methods.length).toBeGreaterThan(90);
    expect(methods.filter(({ comment }) => comment === "").map(({ name }) => name)).toEqual([]);
  });

  it("exports by name each type that stands in the signature of what it exports", () => {
    const { root, doors } = declarations();
    const unnamed = unnamedTypes(root, doors).map(({ name, file }) => `${file}: ${name}`);
    expect(unnamed.sort()).toEqual(Object.keys(unnamedOnPurpose).sort());
  });

  it("says of each name that it exports what it is", () => {
    expect(undescribed(declarations().doors)).toEqual([]);
  });

  it("brings the command that starts the simulator alone", async () => {
    const command = join(packed.consumers, "node_modules/express-aircall/dist/cli/bin.js");
    const manifest = JSON.parse(
      readFileSync(join(packed.consumers, "node_modules/express-aircall/package.json"), "utf8"),
    );
    expect(manifest).toMatchObject({ bin: { "express-aircall": "dist/cli/bin.js" } });
    await expect(run(process.execPath, [command, "simulator", "--help"])).resolves.toContain("--port");
    await expect(run(process.execPath, [command, "simulator", "--port", "no"])).rejects.toThrow("--port");
  });

  it("holds the build, its sources and the papers, and nothing else", () => {
    const others = packed.files.filter((path) => !/^(dist|src)\/.*\.(js|ts|map)$/.test(path));
    const papers = others.filter((path) =>
      /^(docs\/([\w-]+\/)?[\w-]+\.md|examples\/([\w-]+\/)?[\w-]+\.m?[jt]s)$/.test(path),
    );
    expect(papers.length).toBeGreaterThan(50);
    expect(others.filter((path) => !papers.includes(path)).sort()).toEqual([
      ...["CHANGELOG.md", "LICENSE", "README.md", "SECURITY.md", "llms.txt", "package.json"],
      "skills/express-aircall/SKILL.md",
    ]);
  });

  it("runs nothing when it is installed", () => {
    const manifest = readFileSync(join(packed.consumers, "node_modules/express-aircall/package.json"), "utf8");
    const { scripts } = JSON.parse(manifest) as { scripts: Record<string, string> };
    expect(Object.keys(scripts)).not.toContainEqual(expect.stringMatching(/install$|^prepare$/));
  });

  /** As the page on TypeScript has it, with the README's first program. */
  function layOut(project: string, module: string): string {
    const page = readFileSync(join(__dirname, "../../docs/getting-started.md"), "utf8");
    const [, settings = ""] = /^```json\n(.*?)^```/ms.exec(page) ?? [];
    expect(settings).toContain('"module": "nodenext"');
    mkdirSync(join(project, "src"), { recursive: true });
    writeFileSync(join(project, "tsconfig.json"), settings.replace("nodenext", module));
    writeFileSync(join(project, "package.json"), module === "nodenext" ? '{ "type": "module" }' : "{}");
    writeFileSync(join(project, "src/app.ts"), programsOf(sectionOf(readme, "One company: Basic"))[0]!);
    return project;
  }

  function declarations() {
    const library = join(packed.consumers, "node_modules/express-aircall");
    const manifest = JSON.parse(readFileSync(join(library, "package.json"), "utf8")) as Manifest;
    const types = Object.values(manifest.exports).flatMap((door) => (typeof door === "string" ? [] : [door.types]));
    return { root: join(library, "dist"), doors: types.map((file) => join(library, file)) };
  }

  async function runConsumer(script: string) {
    const printed = await run(process.execPath, [join(packed.consumers, "runtime", script)]);
    return JSON.parse(printed) as { company?: string; sameClasses?: boolean; loadedByMainDoor?: string[] };
  }
});
