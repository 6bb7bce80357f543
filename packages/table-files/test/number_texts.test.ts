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

test.each([
  ["<2.50>", "-2.50"],
  ["[2.50]", "-2.50"],
  ["AU $2.50", "2.50"],
  ["-US $2.50", "-2.50"],
  ["2.50 R $", "2.50"],
  ["XX $2.50", undefined],
  ["USD $2.50", "2.50"],
  ["<2.50]", undefined],
  ["<2.50", undefined],
  ["２．５０", "2.50"],
  ["Â£2.50", "2.50"],
  ["â‚¬2.50", "2.50"],
  ["2.50 ¤", "2.50"],
  ["Rp 2.50", "2.50"],
  ["2.50 TL", "2.50"],
  ["2.50 руб.", "2.50"],
])("%s", (text, meant) => {
  const number = numberReader({ decimal: ".", unit: null })(text);
  expect(number && formatDecimal(number)).toBe(meant);
});

test("a C behind a number is no side of the books: it may be cents, or a tax code", () => {
  const found = detectNumbers({ price: ["2.50", "3.50", "1.50 Cr"] }, {});
  if (isOpen(found)) throw new Error(found.got);
  const read = numberReader(found.price.value);
  expect(read("1.50 C")).toBeUndefined();
  expect(formatDecimal(read("1.50 Cr")!)).toBe("-1.50");
});
