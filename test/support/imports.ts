import ts from "typescript";

export interface Import {
  /** As written: `../http/http`, `express`, `node:crypto`. */
  readonly specifier: string;
  /** Whether nothing of it is left when the program runs. */
  readonly typesOnly: boolean;
}

/** Every module that a source text names, however it does so. */
export function importsOf(text: string): Import[] {
  const imports: Import[] = [];

  function visit(node: ts.Node): void {
    const found = importOf(node);
    if (found) imports.push(found);
    ts.forEachChild(node, visit);
  }
  visit(ts.createSourceFile("source.ts", text, ts.ScriptTarget.Latest));
  return imports;
}

function importOf(node: ts.Node): Import | undefined {
  if (ts.isImportDeclaration(node)) return named(node.moduleSpecifier, bindsTypesOnly(node.importClause));
  if (ts.isExportDeclaration(node)) return named(node.moduleSpecifier, exportsTypesOnly(node));
  if (ts.isImportEqualsDeclaration(node) && ts.isExternalModuleReference(node.moduleReference)) {
    return named(node.moduleReference.expression, node.isTypeOnly);
  }
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) return named(node.argument.literal, true);
  if (ts.isCallExpression(node) && loadsModules(node.expression)) return named(node.arguments[0], false);
  return undefined;
}

function named(specifier: ts.Node | undefined, typesOnly: boolean): Import | undefined {
  return specifier && ts.isStringLiteralLike(specifier) ? { specifier: specifier.text, typesOnly } : undefined;
}

function bindsTypesOnly(clause: ts.ImportClause | undefined): boolean {
  if (!clause) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  return !clause.name && allTypes(clause.namedBindings);
}

function exportsTypesOnly({ isTypeOnly, exportClause }: ts.ExportDeclaration): boolean {
  return isTypeOnly || allTypes(exportClause);
}

function allTypes(bindings: ts.NamedImportBindings | ts.NamedExportBindings | undefined): boolean {
  if (!bindings || (!ts.isNamedImports(bindings) && !ts.isNamedExports(bindings))) return false;
  return bindings.elements.every((element) => element.isTypeOnly);
}

function loadsModules(callee: ts.Expression): boolean {
  return callee.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(callee) && callee.text === "require");
}
