import { readFileSync } from "node:fs";

/** One output of an executed cell. */
export interface CellOutput {
  output_type: string;
  name?: string;
  text?: string | string[];
  /** Of an error. */
  evalue?: string;
  data?: Record<string, unknown>;
}

/** A cell, its source in one piece. */
export interface Cell {
  id: string | undefined;
  type: string;
  source: string;
  executionCount: number | null;
  outputs: CellOutput[];
}

export interface Notebook {
  kernel: string | undefined;
  cells: Cell[];
}

interface NbformatCell {
  id?: string;
  cell_type: string;
  source: string | string[];
  execution_count?: number | null;
  outputs?: CellOutput[];
}

/** Text that nbformat keeps whole or in lines. */
export const joined = (text: string | string[] = ""): string => (Array.isArray(text) ? text.join("") : text);

/** Reads an `.ipynb` of nbformat 4. */
export function readNotebook(path: string): Notebook {
  const { metadata, cells } = JSON.parse(readFileSync(path, "utf8")) as {
    metadata?: { kernelspec?: { name?: string } };
    cells: NbformatCell[];
  };
  return {
    kernel: metadata?.kernelspec?.name,
    cells: cells.map(({ id, cell_type, source, execution_count, outputs }) => ({
      id,
      type: cell_type,
      source: joined(source),
      executionCount: execution_count ?? null,
      outputs: outputs ?? [],
    })),
  };
}

/** The cells that a kernel runs. */
export const codeCells = ({ cells }: Notebook): Cell[] =>
  cells.filter(({ type, source }) => type === "code" && source.trim() !== "");
