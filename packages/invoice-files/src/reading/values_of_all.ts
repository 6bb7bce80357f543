import { datesOf, withoutDateParts } from "../columns/date_text.js";
import { findHeader } from "../columns/header.js";
import { fitOf } from "../columns/row_fit.js";
import type { MoreValues } from "../source/record_sample.js";
import { isHeaderAgain, piecesBelow } from "../source/record_sample.js";
import type { RecordSource } from "../source/record_source.js";
import type { GivenReading } from "./reading.js";

/** As many distinct values of a column are kept. */
const KEPT = 200_000;

/** The distinct values of a file's dates and numbers, of all its records. */
export async function valuesOfAll(
  source: RecordSource,
  given: GivenReading,
  signal?: AbortSignal,
): Promise<MoreValues> {
  const { header, headerLine, positions: named } = findHeader(source.sample.pieces[0] ?? [], given.columns);
  const { sample } = source;
  const sampled = piecesBelow(sample, { header, headerLine }).flat();
  const { shift } = fitOf(sampled, { header, positions: named, isSheet: sample.isSheet ?? false }).value;
  const positions = withoutDateParts(sampled, named, shift);
  const [dates, quantity, price] = [new Set<string>(), new Set<string>(), new Set<string>()];
  const keep = (values: Set<string>, text: string | undefined): void => {
    const value = text?.trim() ?? "";
    if (value !== "" && values.size < KEPT) values.add(value);
  };
  const priceAt = (positions.price ?? positions.amount)! + shift;
  for await (const records of source.records(() => undefined)) {
    signal?.throwIfAborted();
    const body = records.filter(
      (record) => record.lineNumber > headerLine && record.problem === undefined && !isHeaderAgain(record, header),
    );
    for (const date of datesOf(body, positions, shift)) keep(dates, date);
    for (const { fields } of body) {
      if (positions.quantity !== undefined) keep(quantity, fields[positions.quantity + shift]);
      keep(price, fields[priceAt]);
      if (positions.credit !== undefined) keep(price, fields[positions.credit + shift]);
    }
  }
  return { dates: [...dates], quantity: [...quantity], price: [...price] };
}
