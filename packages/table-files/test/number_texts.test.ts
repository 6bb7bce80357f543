import { expect, test } from "@jest/globals";
import { formatDecimal } from "@keyspaces-segmentation/common";
import { currencyIn, detectNumbers, isOpen, numberReader } from "@keyspaces-segmentation/table-files";
import { fixture } from "../../../test/support/oracle.js";

/** Made by test/fixtures/number_texts.py. */
const columns = fixture<{ name: string; currency?: string; texts: string[]; numbers: string[] }[]>("number_texts.json");

test.each(columns)("$name", ({ texts, numbers }) => {
  const found = detectNumbers({ price: texts }, {});
  if (isOpen(found)) throw new Error(found.got);
  const read = numberReader(found.price.value);
  const trimmed = (text: string) => {
    const number = read(text);
    return (
      number &&
      formatDecimal(number)
        .replace(/(\.\d*?)0+$/, "$1")
        .replace(/\.$/, "")
    );
  };
  expect(texts.map(trimmed)).toEqual(numbers);
});

test.each(columns.filter(({ currency }) => currency !== undefined))("the currency of $name", ({ currency, texts }) => {
  const found = currencyIn(texts);
  expect(found).not.toBeNull();
  if (found === null || isOpen(found) || found.confidence === "likely") return;
  expect(found.value).toBe(currency);
});
