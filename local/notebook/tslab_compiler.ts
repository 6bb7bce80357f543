import { createRequire } from "node:module";
import { dirname } from "node:path";
import type * as TypeScript from "@tslab/typescript-for-tslab";
import { type Converter, createConverter } from "tslab/dist/converter";

/** The compiler that the kernel brings: what a cell means is what it means to this one. */
export const ts: typeof TypeScript = createRequire(require.resolve("tslab/dist/converter"))(
  "@tslab/typescript-for-tslab",
);

/** What the kernel makes of cells, one after the other; it resolves imports from the notebook's folder. */
export function converterFor(notebook: string): Converter {
  const { getCurrentDirectory } = ts.sys;
  ts.sys.getCurrentDirectory = () => dirname(notebook);
  try {
    return createConverter();
  } finally {
    ts.sys.getCurrentDirectory = getCurrentDirectory;
  }
}
