import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

const resources = join(__dirname, "../../src/resources");

/** Every file of `src/resources`, in its folders too. */
export function resourceFiles(): { file: string; text: string }[] {
  return readdirSync(resources, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => ({ file, text: readFileSync(join(resources, file), "utf8") }));
}

interface Noun {
  readonly rows: readonly ts.ObjectLiteralElementLike[];
  /** Without blank ones. */
  readonly lines: number;
}

/** What each exported `(http: Http) => …` of a file gives. */
export function nounsIn(text: string): Noun[] {
  const { statements } = ts.createSourceFile("noun.ts", text, ts.ScriptTarget.Latest, true);
  return statements
    .filter(ts.isVariableStatement)
    .flatMap((statement) =>
      statement.declarationList.declarations.map(({ initializer }) => ({ statement, initializer })),
    )
    .flatMap(({ statement, initializer }) => {
      const given = initializer && ts.isArrowFunction(initializer) ? givenBy(initializer.body) : undefined;
      if (!given || !ts.isObjectLiteralExpression(given)) return [];
      const lines = statement
        .getText()
        .split("\n")
        .filter((line) => line.trim() !== "").length;
      return [{ rows: [...given.properties], lines }];
    });
}

function givenBy(body: ts.ConciseBody): ts.Expression | undefined {
  if (ts.isBlock(body)) return body.statements.find(ts.isReturnStatement)?.expression;
  return ts.isParenthesizedExpression(body) ? body.expression : body;
}
