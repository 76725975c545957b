import ts from "typescript";

/** Every function of a source text that is longer than so many lines: its name, or where it begins. */
export function longFunctions(text: string, most: number): string[] {
  const source = parse(text);
  const lineOf = (position: number) => source.getLineAndCharacterOfPosition(position).line + 1;
  return nodesOf(source)
    .filter((node) => ts.isFunctionLike(node) && "body" in node && node.body !== undefined)
    .filter((node) => lineOf(node.end) - lineOf(node.getStart(source)) + 1 > most)
    .map((node) => nameOf(node, source) ?? `line ${lineOf(node.getStart(source))}`);
}

/** How often a source text says that it knows a type better than the compiler: `as const` says nothing of the kind. */
export function countCasts(text: string): number {
  const isCast = (node: ts.Node) =>
    ts.isTypeAssertionExpression(node) || (ts.isAsExpression(node) && !ts.isConstTypeReference(node.type));
  return nodesOf(parse(text)).filter(isCast).length;
}

function nameOf(node: ts.Node, source: ts.SourceFile): string | undefined {
  const named = [node, node.parent].find((one) => ts.isFunctionLike(one) || ts.isVariableDeclaration(one));
  return (ts.getNameOfDeclaration(node as ts.Declaration) ?? (named as ts.NamedDeclaration).name)?.getText(source);
}

function nodesOf(root: ts.Node): ts.Node[] {
  const nodes: ts.Node[] = [root];
  ts.forEachChild(root, (child) => void nodes.push(...nodesOf(child)));
  return nodes;
}

function parse(text: string): ts.SourceFile {
  return ts.createSourceFile("source.ts", text, ts.ScriptTarget.Latest, true);
}
