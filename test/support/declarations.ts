import { readdirSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { ROOT } from "@keyspaces-segmentation/local-support";
import type * as TypeScript from "@tslab/typescript-for-tslab";
import typescript5 from "typescript-5";
import { ts as tslab } from "../../local/notebook/tslab_compiler.js";

/** Of the compiler's interface, what is used here is the same in all of 5. */
const newest = typescript5 as unknown as typeof TypeScript;

/** A compiler that reads declarations, and how it is told to. */
export interface Reader {
  readonly name: string;
  readonly ts: typeof TypeScript;
  readonly options: TypeScript.CompilerOptions;
}

const COMMON = { lib: ["lib.es2022.d.ts"], types: ["node"], esModuleInterop: true, noEmit: true, skipLibCheck: false };

/** The kernel's own, with the options that decide for it what a type is (createConverter in tslab/dist/converter.js). */
export const KERNEL: Reader = {
  name: `the kernel's TypeScript ${tslab.version}`,
  ts: tslab,
  options: {
    ...COMMON,
    target: tslab.ScriptTarget.ES2022,
    module: tslab.ModuleKind.ESNext,
    moduleResolution: tslab.ModuleResolutionKind.Node10,
  },
};

/** What a project of today would read them with. */
export const NEWEST: Reader = {
  name: `TypeScript ${newest.version}`,
  ts: newest,
  options: {
    ...COMMON,
    target: newest.ScriptTarget.ES2022,
    module: newest.ModuleKind.Node16,
    moduleResolution: newest.ModuleResolutionKind.Node16,
    strict: true,
  },
};

/** The door that the notebook goes through, and those of the parts. */
export const DOORS: readonly string[] = [
  "keyspaces-segmentation",
  ...readdirSync(join(ROOT, "packages")).map((part) => `@keyspaces-segmentation/${part}`),
];

/** The text of a module that takes everything from each of those. */
export const importsOf = (modules: readonly string[]): string =>
  modules.map((module, at) => `export * as module${at} from ${JSON.stringify(module)};\n`).join("");

/**
 * What a compiler has to say of our declarations, and where one of our types is `any` to it, be it without a word: one that is said so,
 * one whose module has no declarations, one in syntax that it does not know. The declarations of others have errors of their own; those
 * are not looked for, but what they do to our types is.
 *
 * @param texts of modules in the notebook's folder, by their names; what they reach of ours is looked at as well
 * @returns each with the file that it is in
 */
export function declarationProblems({ ts, options }: Reader, texts: Readonly<Record<string, string>>): string[] {
  const roots = new Map(Object.entries(texts).map(([name, text]) => [join(ROOT, "notebooks", `${name}.d.ts`), text]));
  const host = ts.createCompilerHost(options);
  const { fileExists, getSourceFile, readFile } = host;
  // Nine tenths of the AWS SDK's declarations are comments, which take half of the time.
  host.readFile = (path) => {
    const declared = readFile(path);
    return /[\\/]node_modules[\\/].*\.ts$/.test(path) ? declared?.replace(/\/\*\*[\s\S]*?\*\//g, "") : declared;
  };
  host.fileExists = (path) => roots.has(path) || fileExists(path);
  host.getSourceFile = (path, language, ...rest) => {
    const text = roots.get(path);
    return text === undefined ? getSourceFile(path, language, ...rest) : ts.createSourceFile(path, text, language);
  };
  const program = ts.createProgram([...roots.keys()], options, host);
  const checker = program.getTypeChecker();
  const isAny = (type: TypeScript.Type): boolean => (type.flags & ts.TypeFlags.Any) !== 0;

  const errorsIn = (file: TypeScript.SourceFile): string[] =>
    [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map(({ messageText }) =>
      ts.flattenDiagnosticMessageText(messageText, " "),
    );
  function anyIn(node: TypeScript.Node, file: TypeScript.SourceFile): string[] {
    const found =
      ts.isTypeNode(node) && !ts.isTemplateLiteralTypeSpan(node) && isAny(checker.getTypeFromTypeNode(node));
    const here = found ? [`${node.getText(file)} is any, in: ${lineOf(node, file)}`] : [];
    const below: string[] = [];
    ts.forEachChild(node, (child) => void below.push(...anyIn(child, file)));
    // The innermost is the one to mend.
    return below.length > 0 ? below : here;
  }
  const exportsOf = (file: TypeScript.SourceFile): string[] => {
    const module = checker.getSymbolAtLocation(file);
    const symbols = module ? checker.getExportsOfModule(module) : [];
    return symbols
      .filter((symbol) => isAny(checker.getTypeOfSymbolAtLocation(symbol, file)) && !hasType(symbol))
      .map(({ name }) => `${name} is any`);
  };
  /** Types and interfaces are no values, and so have no type as such. */
  const hasType = (symbol: TypeScript.Symbol): boolean => {
    const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
    return (target.flags & ts.SymbolFlags.Type) !== 0 && !isAny(checker.getDeclaredTypeOfSymbol(target));
  };
  return program
    .getSourceFiles()
    .filter(({ fileName }) => isOurs(fileName))
    .flatMap((file) => {
      const problems = [...errorsIn(file), ...anyIn(file, file), ...exportsOf(file)];
      return problems.map((problem) => `${relative(ROOT, file.fileName)}: ${problem}`);
    });
}

const isOurs = (path: string): boolean =>
  /^(notebooks|dist\/src|packages\/[^/]+\/dist)\//.test(relative(ROOT, path).split(sep).join("/"));

const lineOf = (node: TypeScript.Node, file: TypeScript.SourceFile): string => {
  const { line } = file.getLineAndCharacterOfPosition(node.getStart(file));
  return file.text.split("\n")[line]!.trim();
};
