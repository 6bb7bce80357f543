import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspectFile } from "@keyspaces-segmentation/invoice-files";
import { givenFile, NO_PARAMETERS } from "@keyspaces-segmentation/invoice-files/dist/parameters.js";

/** A file as `inspect` reads it: customers as "id recency frequency monetary", and what is said of the reading, of rejects and in warnings. */
export interface ReadFile {
  readonly customers: string[];
  /** "what: read as", a decision each. */
  readonly said: string[];
  /** Why, each. */
  readonly evidence: string[];
  readonly rejects: string[];
  readonly warnings: readonly string[];
}

/** Reads lines, or bytes, as a file of a name. */
export async function readFile(
  name: string,
  content: readonly string[] | Uint8Array,
  given: {
    readonly columns?: string;
    readonly sheet?: string;
    readonly nobody?: string;
    readonly creditNotes?: string;
  } = {},
): Promise<ReadFile> {
  const folder = mkdtempSync(join(tmpdir(), "file-"));
  try {
    const path = join(folder, name);
    writeFileSync(path, content instanceof Uint8Array ? content : `${content.join("\n")}\n`);
    const { customers, reading, ledger, warnings } = await inspectFile(
      path,
      givenFile({ ...NO_PARAMETERS, ...given }),
      {
        preparation: "net",
        analysisDate: null,
        now: () => new Date("2024-06-01"),
      },
    );
    return {
      customers: customers.map((each) => `${each.customerId} ${each.recencyDays} ${each.frequency} ${each.monetary}`),
      said: reading.map((row) => `${row.what}: ${row.readAs}`),
      evidence: reading.map((row) => row.because),
      rejects: ledger.rejects.map(({ reason, lines }) => `${lines} ${reason}`),
      warnings,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
