import vm from "node:vm";

type CompileFunction = typeof vm.compileFunction;
/** A module as a function, which Jest calls with `require` and so on. */
type Module = ReturnType<CompileFunction>;

/**
 * `vm.compileFunction` that compiles each file once in a process, where Jest has it done for each suite: they share the code, and each runs
 * all of it in a global object of its own. Compiling what they import takes longer than running it.
 */
export function compiledOnce(compileFunction: CompileFunction): CompileFunction {
  const compiled = new Map<string, { readonly source: string; readonly script: vm.Script }>();
  return ((source, names = [], options = {}): Module => {
    const { filename, parsingContext } = options;
    if (filename === undefined || parsingContext === undefined) return compileFunction(source, names, options);
    const key = `${filename}(${names})`;
    const known = compiled.get(key);
    if (known?.source === source) return known.script.runInContext(parsingContext) as Module;
    const begin = `(function (${names}) {`;
    const script = new vm.Script(`${begin}${source}\n})`, { filename, columnOffset: -begin.length });
    compiled.set(key, { source, script });
    return script.runInContext(parsingContext) as Module;
  }) as CompileFunction;
}
