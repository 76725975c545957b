import { mkdtempSync, mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compileStale } from "../../../example-app/operations/compile.cjs";
import { serveBoard } from "../served-board";

const program = { name: "the program", sources: "src", project: "tsconfig.json", built: "dist/index.js" };

describe("what npm start compiles", () => {
  let root: string;
  let said: string[];

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "compiled-"));
    said = [];
    mkdirSync(join(root, "src"));
    const compilerOptions = { rootDir: "src", outDir: "dist", types: [] };
    writeFileSync(join(root, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["src"] }));
    writeSource("export const answer: number = 41;");
  });
  afterEach(() => rmSync(root, { recursive: true }));

  /** As somebody did a while ago, so that what is compiled now is younger. */
  function writeSource(text: string, at = new Date(Date.now() - 60_000)) {
    writeFileSync(join(root, "src/index.ts"), text);
    utimesSync(join(root, "src/index.ts"), at, at);
    utimesSync(join(root, "tsconfig.json"), new Date(0), new Date(0));
  }

  const compile = () => compileStale(root, [program], (line) => void said.push(line));

  it("is what is new or has changed, and it says so", () => {
    expect(compile()).toBe(true);
    expect(said).toEqual([
      "Compiling the program: it is new or has changed …",
      expect.stringMatching(/^Compiled the program in \d+\.\d s\.$/),
    ]);
    expect(compile()).toBe(true);
    expect(said).toHaveLength(2);

    writeSource("export const answer: number = 42;", new Date(Date.now() + 60_000));
    expect(compile()).toBe(true);
    expect(readFileSync(join(root, "dist/index.js"), "utf8")).toContain("42");
  });

  it("is tried again after a fault", () => {
    writeSource("export const answer = ;");
    expect(compile()).toBe(false);
    expect(said.at(-1)).toMatch(/TS1109[^]*Nothing of the program was compiled/);
    expect(compile()).toBe(false);
  });
});

describe("npm start of what is compiled", () => {
  it("prints both addresses and serves at once", async () => {
    const board = await serveBoard();
    const [, printed, simulator] = (await board.said(/^([^]*)^The simulator is at (http:\S+):/m)) as string[];
    expect(printed).toMatch(/^The missed-call board is at http:\S+\n$/);
    expect(await (await fetch(board.origin)).text()).toContain(`href="${simulator}"`);
    expect((await fetch(simulator!)).status).toBe(200);
    await board.stop();
  });
});
