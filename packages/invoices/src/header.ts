import { StepError } from "@keyspaces-segmentation/common";

/** What an invoice line is made of, with the names that the two published data sets give each column. */
const COLUMNS = {
  invoice: ["Invoice", "InvoiceNo"],
  stockCode: ["StockCode"],
  description: ["Description"],
  quantity: ["Quantity"],
  invoiceDate: ["InvoiceDate"],
  price: ["Price", "UnitPrice"],
  customerId: ["Customer ID", "CustomerID"],
  country: ["Country"],
} as const;

/** Where in a record each part of an invoice line stands. */
export interface Layout extends Record<keyof typeof COLUMNS, number> {
  /** Fields of a record, columns that we do not read included. */
  readonly width: number;
}

/**
 * Finds the columns by name, in any order and beside others; case, spaces and underscores do not matter.
 *
 * @throws StepError that names the columns missing or given twice
 */
export function readHeader(fields: readonly string[]): Layout {
  const names = fields.map(simplified);
  const find = (wanted: readonly string[]): number[] =>
    names.flatMap((name, i) => (wanted.some((known) => simplified(known) === name) ? [i] : []));
  const found = Object.entries(COLUMNS).map(([part, known]) => ({ part, known, at: find(known) }));

  const listed = (entries: typeof found): string => entries.map(({ known }) => known.join(" or ")).join(", ");
  const missing = found.filter(({ at }) => at.length === 0);
  const twice = found.filter(({ at }) => at.length > 1);
  if (missing.length + twice.length > 0) {
    const faults = [
      ...(missing.length > 0 ? [`no column ${listed(missing)}`] : []),
      ...(twice.length > 0 ? [`more than one column ${listed(twice)}`] : []),
    ];
    throw new StepError({
      tried: "read the header of the invoice lines",
      got: `${faults.join("; ")} in ${JSON.stringify(fields.join(",").slice(0, 200))}`,
      hint: "Expected a CSV file whose first line is Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country, in any order.",
    });
  }
  const positions = Object.fromEntries(found.map(({ part, at }) => [part, at[0]!]));
  return { ...(positions as Record<keyof typeof COLUMNS, number>), width: fields.length };
}

function simplified(name: string): string {
  return name.toLowerCase().replaceAll(/[\s_]/g, "");
}
