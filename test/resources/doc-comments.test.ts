import ts from "typescript";
import { nounsIn, resourceFiles } from "./resource-files";

describe("the verbs of a resource", () => {
  it("each have a doc comment", () => {
    const verbs = resourceFiles().flatMap(({ file, text }) => verbsOf(file, text));
    expect(verbs.length).toBeGreaterThan(90);
    expect(verbs.filter(({ documented }) => !documented).map(({ name }) => name)).toEqual([]);
  });

  it("are found in both shapes of a resource", () => {
    const rows = "{ /** One page. */ list, get: 1 }";
    const found = [`(http: Http) => (${rows})`, `(http: Http) => { const list = 1; return ${rows}; }`].map((made) =>
      verbsOf("a.ts", `export const a = ${made};`).map(({ name, documented }) => `${name} ${documented}`),
    );
    expect(found).toEqual([
      ["a.ts list true", "a.ts get false"],
      ["a.ts list true", "a.ts get false"],
    ]);
  });
});

describe("the types of a resource", () => {
  it("each have a doc comment", () => {
    const bare = resourceFiles().flatMap(({ file, text }) => bareTypesOf(file, text));
    expect(bare).toEqual([]);
  });

  it("are found where they have none", () => {
    expect(bareTypesOf("a.ts", "/** One. */ export type A = 1;\nexport interface B {}\ninterface C {}")).toEqual([
      "a.ts B",
    ]);
  });
});

/** The exported types of a file that say nothing of themselves. */
function bareTypesOf(file: string, text: string): string[] {
  const { statements } = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  return statements
    .filter((statement) => ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement))
    .filter((type) => type.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword))
    .filter((type) => !type.getFullText().trimStart().startsWith("/**"))
    .map((type) => `${file} ${type.name.text}`);
}

/** The properties of what each exported `(http: Http) => …` of a file gives. */
function verbsOf(file: string, text: string): { name: string; documented: boolean }[] {
  return nounsIn(text)
    .flatMap(({ rows }) => rows)
    .filter((row) => !ts.isSpreadAssignment(row))
    .map((verb) => ({
      name: `${file} ${verb.name?.getText()}`,
      documented: verb.getFullText().trimStart().startsWith("/**"),
    }));
}
