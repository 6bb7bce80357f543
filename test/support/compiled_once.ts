import vm from "node:vm";

/** A module as a function, which Jest calls with these as arguments. */
type Module = ReturnType<typeof vm.compileFunction>;

/** What this process has compiled, by the files' paths and the names of the arguments. */
const compiled = new Map<string, { readonly source: string; readonly script: vm.Script }>();

/**
 * Compiles each file once in a process, where Jest does so for each suite: they share the code, and each runs all of it in a global object
 * of its own. Compiling what they import takes longer than running it.
 */
export function compileOnce(): void {
  const { compileFunction } = vm;
  vm.compileFunction = ((source, names = [], options = {}): Module => {
    const { filename, parsingContext } = options;
    if (filename === undefined || parsingContext === undefined) return compileFunction(source, names, options);
    const key = `${filename}(${names})`;
    const known = compiled.get(key);
    if (known?.source === source) return known.script.runInContext(parsingContext) as Module;
    const begin = `(function (${names}) {`;
    const script = new vm.Script(`${begin}${source}\n})`, { filename, columnOffset: -begin.length });
    compiled.set(key, { source, script });
    return script.runInContext(parsingContext) as Module;
  }) as typeof compileFunction;
}
