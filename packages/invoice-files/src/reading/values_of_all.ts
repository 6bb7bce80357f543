import { dateText } from "../columns/date_text.js";
import { ownFields } from "../columns/row_fit.js";
import { fieldAt } from "../columns/table.js";
import { isHeaderAgain, type MoreValues } from "../source/record_sample.js";
import type { RecordSource } from "../source/record_source.js";
import { findTable } from "./find_table.js";
import type { GivenReading } from "./reading.js";

/** As many distinct values of a column are kept. */
const KEPT = 200_000;

/** The distinct values of a file's dates and numbers, of all its records. */
export async function valuesOfAll(
  source: RecordSource,
  given: GivenReading,
  signal?: AbortSignal,
): Promise<MoreValues> {
  const { headerLine, fit, table } = findTable(source.sample, given.columns);
  const { header, positions } = table;
  const [dates, quantity, price] = [new Set<string>(), new Set<string>(), new Set<string>()];
  const keep = (values: Set<string>, text: string): void => {
    const value = text.trim();
    if (value !== "" && values.size < KEPT) values.add(value);
  };
  for await (const records of source.records(() => undefined)) {
    signal?.throwIfAborted();
    for (const record of records) {
      if (record.lineNumber <= headerLine || record.problem !== undefined || isHeaderAgain(record, header)) continue;
      const fields = ownFields(record.fields, fit.value);
      keep(dates, dateText(fields, positions));
      keep(quantity, fieldAt(fields, positions.quantity));
      keep(price, fieldAt(fields, positions.price ?? positions.amount));
      keep(price, fieldAt(fields, positions.credit));
    }
  }
  return { dates: [...dates], quantity: [...quantity], price: [...price] };
}
