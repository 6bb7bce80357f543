import { expect, test } from "@jest/globals";
import { dateReader, detectDates, isOpen } from "@keyspaces-segmentation/table-files";
import { fixture } from "../../../test/support/oracle.js";

/** Made by test/fixtures/date_texts.py. */
const { columns, impossible } = fixture<{
  columns: { name: string; texts: string[]; instants: string[] }[];
  impossible: { name: string; column: string[]; texts: string[] }[];
}>("date_texts.json");

function readerOf(values: readonly string[]): (text: string) => Date | undefined {
  const found = detectDates(values, {});
  if (isOpen(found)) throw new Error(found.got);
  return dateReader(found.value);
}

test.each(columns)("$name", ({ texts, instants }) => {
  const read = readerOf(texts);
  expect(texts.map((text) => read(text)?.toISOString())).toEqual(instants);
});

test.each(impossible)("no date of $name", ({ column, texts }) => {
  const read = readerOf(column);
  expect(texts.map(read)).toEqual(texts.map(() => undefined));
});
