import { parseCell } from "./cell_syntax.js";
import { trapsIn } from "./cell_traps.js";
import { codeCells, readNotebook } from "./notebook_file.js";
import { converterFor } from "./tslab_compiler.js";

/**
 * What is wrong with the code of a notebook, found without running it: type errors, found as the kernel finds them, cell
 * after cell with the declarations of those before, and the kernel's traps. Types are checked up to the first cell that
 * has an error, at which a run would end.
 */
export function checkCells(path: string): string[] {
  const cells = codeCells(readNotebook(path)).map(({ id, source }) => ({ id, syntax: parseCell(source) }));
  const converter = converterFor(path);
  const problems: string[] = [];
  try {
    let declarations: string | undefined = "";
    const earlier = new Set<string>();
    for (const [index, { id, syntax }] of cells.entries()) {
      let runsAsync = true;
      if (declarations !== undefined) {
        const { diagnostics, declOutput, hasToplevelAwait = true } = converter.convert(declarations, syntax.source);
        for (const { start, messageText } of diagnostics) {
          problems.push(`Cell ${id}, ${start.line + 1}:${start.character + 1}: ${messageText}`);
        }
        declarations = declOutput;
        runsAsync = hasToplevelAwait;
      }
      const later = new Set(cells.slice(index + 1).flatMap(({ syntax: { used } }) => [...used]));
      problems.push(...trapsIn(syntax, { earlier, later, runsAsync }).map((trap) => `Cell ${id}: ${trap}`));
      for (const name of syntax.declared) earlier.add(name);
    }
  } finally {
    converter.close();
  }
  return problems;
}
