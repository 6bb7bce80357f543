import type { Identifier, Node, SourceFile, TypeChecker } from "@tslab/typescript-for-tslab";
import { ts } from "./tslab_compiler.js";

/** A cell by itself, its names resolved within it. */
export interface CellSyntax {
  source: string;
  file: SourceFile;
  checker: TypeChecker;
  /** Names that later cells can use. */
  declared: Set<string>;
  imported: Set<string>;
  /** Names that are used outside of imports. */
  used: Set<string>;
  /** Names of values that come from elsewhere: earlier cells, or the kernel's globals. */
  free: Set<string>;
}

/** Parses a cell, as a module: so `await` at its top is what its author means by it. */
export function parseCell(source: string): CellSyntax {
  const options = { noLib: true, noResolve: true, target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext };
  const file = ts.createSourceFile("cell.ts", `export {};\n${source}`, ts.ScriptTarget.ES2022, true);
  const host = {
    getSourceFile: (name: string) => (name === file.fileName ? file : undefined),
    getDefaultLibFileName: () => "",
    writeFile: () => undefined,
    getCurrentDirectory: () => "/",
    getCanonicalFileName: (name: string) => name,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => "\n",
    fileExists: (name: string) => name === file.fileName,
    readFile: () => undefined,
  };
  const checker = ts.createProgram([file.fileName], options, host).getTypeChecker();
  const inScope = checker.getSymbolsInScope(file, ts.SymbolFlags.Value | ts.SymbolFlags.Type | ts.SymbolFlags.Alias);
  const declared = inScope.filter(({ declarations }) => declarations?.some((each) => each.getSourceFile() === file));
  const imported = declared.filter(({ flags }) => flags & ts.SymbolFlags.Alias);
  const used = nodesOf(file).filter((node): node is Identifier => ts.isIdentifier(node) && isUse(node));
  return {
    source,
    file,
    checker,
    declared: new Set(declared.map(({ name }) => name)),
    imported: new Set(imported.map(({ name }) => name)),
    used: new Set(used.map(({ text }) => text)),
    free: new Set(used.filter((node) => isFree(node, checker)).map(({ text }) => text)),
  };
}

/** A node and all below it, without those below nodes that `into` refuses. */
export function nodesOf(root: Node, into: (node: Node) => boolean = () => true): Node[] {
  const nodes: Node[] = [];
  const visit = (node: Node): void => {
    nodes.push(node);
    if (into(node)) ts.forEachChild(node, visit);
  };
  visit(root);
  return nodes;
}

/** Whether an identifier stands for a value or type, and is not a property's name or part of an import. */
function isUse(node: Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) || ts.isPropertyAssignment(parent)) return parent.name !== node;
  if (ts.isBindingElement(parent) && parent.propertyName === node) return false;
  return !ts.findAncestor(node, ts.isImportDeclaration);
}

function isFree(node: Identifier, checker: TypeChecker): boolean {
  if (ts.findAncestor(node, ts.isTypeNode)) return false;
  const { parent } = node;
  if (ts.isShorthandPropertyAssignment(parent)) return !checker.getShorthandAssignmentValueSymbol(parent);
  return !checker.getSymbolAtLocation(node);
}
