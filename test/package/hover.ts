import ts from "typescript";

interface Method {
  /** E.g. `calls.list`. */
  readonly name: string;
  readonly comment: string;
}

/** What an editor shows of the methods of a class's nouns, as a file of declarations says it. */
export function methodsOfNouns(file: string, className: string): Method[] {
  const options = { module: ts.ModuleKind.NodeNext, skipLibCheck: true, strict: true, types: [] };
  const program = ts.createProgram([file], options);
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file)!;
  const [door] = checker
    .getExportsOfModule(checker.getSymbolAtLocation(source)!)
    .filter(({ name }) => name === className);

  return checker
    .getDeclaredTypeOfSymbol(door!)
    .getProperties()
    .filter(({ flags }) => flags & ts.SymbolFlags.Accessor)
    .flatMap((noun) =>
      checker
        .getTypeOfSymbol(noun)
        .getProperties()
        .filter((method) => checker.getTypeOfSymbol(method).getCallSignatures().length > 0)
        .map((method) => ({
          name: `${noun.name}.${method.name}`,
          comment: ts.displayPartsToString(method.getDocumentationComment(checker)) + tagsOf(method, checker),
        })),
    );
}

function tagsOf(method: ts.Symbol, checker: ts.TypeChecker): string {
  return method
    .getJsDocTags(checker)
    .map(({ name }) => `@${name}`)
    .join();
}
