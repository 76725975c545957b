import { posix } from "node:path";
import ts from "typescript";

interface ReachableType {
  readonly name: string;
  /** Its file of declarations. */
  readonly file: string;
  /** An exported name whose signature it stands in. */
  readonly by: string;
}

/** What the doors of a package export, as their files of declarations say it. */
function readDoors(doors: readonly string[]) {
  const options = { module: ts.ModuleKind.NodeNext, skipLibCheck: true, strict: true, types: ["node"] };
  const program = ts.createProgram([...doors], options);
  const checker = program.getTypeChecker();
  const original = (symbol: ts.Symbol) =>
    symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  const exportsOf = (door: string) =>
    checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(door)!)!).map(original);
  return { checker, original, exported: new Set(doors.flatMap(exportsOf)) };
}

/** The names that doors export without a word about what they are. */
export function undescribed(doors: readonly string[]): string[] {
  const { checker, exported } = readDoors(doors);
  return [...exported].filter((symbol) => symbol.getDocumentationComment(checker).length === 0).map(({ name }) => name);
}

/** The types declared below `root` that stand in the signatures of what `doors` export, and that no door exports. */
export function unnamedTypes(root: string, doors: readonly string[]): ReachableType[] {
  const { checker, original, exported } = readDoors(doors);
  const lookedInto = new Set<ts.Symbol>();
  const found = new Map<ts.Symbol, ReachableType>();

  for (const symbol of exported) {
    for (const declaration of ownOf(symbol)) lookInto(declaration, symbol.name);
  }
  return [...found.values()];

  function ownOf(symbol: ts.Symbol): ts.Declaration[] {
    return symbol.declarations?.filter((node) => node.getSourceFile().fileName.startsWith(`${root}/`)) ?? [];
  }

  function lookInto(node: ts.Node, by: string): void {
    if (isNotForApps(node)) return;
    const member = memberOf(node);
    if (member) return member.forEach((declaration) => lookInto(declaration, by));
    const name = nameOfType(node);
    const symbol = name && checker.getSymbolAtLocation(name);
    if (symbol) meet(original(symbol), node, by);
    ts.forEachChild(node, (child) => lookInto(child, by));
  }

  /** Of `Links["link"]` the member: the rest of `Links` is not asked for. */
  function memberOf(node: ts.Node): ts.Declaration[] | undefined {
    if (!ts.isIndexedAccessTypeNode(node) || !ts.isLiteralTypeNode(node.indexType)) return undefined;
    if (!ts.isStringLiteral(node.indexType.literal)) return undefined;
    const member = checker.getTypeFromTypeNode(node.objectType).getProperty(node.indexType.literal.text);
    return member && ownOf(member);
  }

  function meet(symbol: ts.Symbol, at: ts.Node, by: string): void {
    const [first] = ownOf(symbol);
    if (first === undefined || exported.has(symbol) || symbol.flags & ts.SymbolFlags.TypeParameter) return;
    // What a base brings is there to read under the name of the one that has it.
    if (!ts.isTypeQueryNode(at) && !ts.findAncestor(at, ts.isHeritageClause) && !found.has(symbol)) {
      found.set(symbol, { name: symbol.name, file: posix.relative(root, first.getSourceFile().fileName), by });
    }
    if (lookedInto.has(symbol)) return;
    lookedInto.add(symbol);
    const declarations = ts.isTypeQueryNode(at) ? [typeOfValue(first)] : ownOf(symbol);
    for (const declaration of declarations) lookInto(declaration, by);
  }
}

/** Of a function what it returns: `ReturnType<typeof calls>` is all that is asked of one. */
function typeOfValue(declaration: ts.Declaration): ts.Node {
  const type = ts.isVariableDeclaration(declaration) ? declaration.type : undefined;
  if (type && ts.isFunctionTypeNode(type)) return type.type;
  return type ?? declaration;
}

function isNotForApps(node: ts.Node): boolean {
  return ts.getJSDocTags(node).some(({ tagName }) => tagName.text === "internal");
}

function nameOfType(node: ts.Node): ts.Node | undefined {
  if (ts.isTypeReferenceNode(node)) return node.typeName;
  if (ts.isExpressionWithTypeArguments(node)) return node.expression;
  if (ts.isTypeQueryNode(node)) return node.exprName;
  if (ts.isImportTypeNode(node)) return node.qualifier;
  return undefined;
}
