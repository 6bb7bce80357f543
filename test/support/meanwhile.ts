import type { InvoiceFile } from "@keyspaces-segmentation/invoice-files";
import type { ParsedChunk } from "@keyspaces-segmentation/invoices";

/** The file, in whose middle something else happens before more of it is read. */
export function meanwhile(file: InvoiceFile, between: () => Promise<unknown>): InvoiceFile {
  const half = ({ lines, lineNumbers, originals }: ParsedChunk, from: number, to: number): ParsedChunk => ({
    lines: lines.slice(from, to),
    lineNumbers: lineNumbers.slice(from, to),
    originals: originals.slice(from, to),
    rejects: [],
  });
  async function* lines(count?: (bytes: number) => void): ReturnType<InvoiceFile["lines"]> {
    for await (const chunk of file.lines(count)) {
      if (chunk.lines.length < 2) {
        yield chunk;
        continue;
      }
      const middle = chunk.lines.length >> 1;
      yield half(chunk, 0, middle);
      await between();
      yield half(chunk, middle, chunk.lines.length);
    }
  }
  const { path, rows, warnings, currency, notes } = file;
  return { path, rows, warnings, currency, notes, lines };
}
