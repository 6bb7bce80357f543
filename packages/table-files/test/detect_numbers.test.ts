import { describe, expect, test } from "@jest/globals";
import { formatDecimal } from "@keyspaces-segmentation/common";
import {
  type Decision,
  detectNumbers,
  isOpen,
  looksLikeNumber,
  type NumberFormat,
  numberReader,
  type OpenQuestion,
} from "@keyspaces-segmentation/table-files";

type Columns = { readonly [name: string]: readonly string[] };

function decided(columns: Columns, given: Parameters<typeof detectNumbers>[1] = {}): string {
  const found = detectNumbers(columns, given);
  if (isOpen(found)) return `${found.parameter}?`;
  return Object.entries(found)
    .map(([name, { value }]) => `${name} ${value.decimal}${value.unit ?? ""}`)
    .join(", ");
}

function question(columns: Columns): OpenQuestion {
  const found = detectNumbers(columns, {});
  if (!isOpen(found)) throw new Error(`decided: ${JSON.stringify(found)}`);
  return found;
}

test.each<[string, Columns, string]>([
  ["a decimal point", { price: ["12.75", "3"] }, "price ."],
  ["a decimal comma", { price: ["12,75", "3"] }, "price ,"],
  ["both signs in a number", { price: ["1.234,50"] }, "price ,"],
  ["one sign twice", { price: ["1,234,567"] }, "price ."],
  ["lakhs", { price: ["12,34,567"] }, "price ."],
  ["a zero before the sign", { weight: ["0,750", "1,200"] }, "weight ,"],
  ["four digits before the sign", { price: ["1234.500"] }, "price ."],
  ["blanks as groups", { price: ["1 234,500"] }, "price ,"],
  ["a power of ten", { price: ["1.275e+01"] }, "price ."],
  ["the other column", { quantity: ["1,200", "24"], price: ["12.75"] }, "quantity ., price ."],
  ["the other column, German", { quantity: ["1.200", "24"], price: ["0,55"] }, "quantity ,, price ,"],
  ["a column's own numbers before those of others", { quantity: ["24.0"], price: ["12,75"] }, "quantity ., price ,"],
  ["words for nothing left out", { price: ["NULL", "-", "12,75", ""] }, "price ,"],
  ["one slip beside a hundred", { price: ["1,5", ...Array<string>(150).fill("12.75")] }, "price ."],
  ["whole numbers only", { quantity: ["24", "6"], price: ["3"] }, "quantity null, price null"],
  ["a measure after every number", { quantity: ["0.75 kg", "3 kg"] }, "quantity .kg"],
  ["measures that differ", { quantity: ["0.75 kg", "300 g"] }, "quantity ."],
  ["a measure in two spellings", { quantity: ["0.75 kg", "3 Kilos"] }, "quantity .kg"],
  ["words for pieces", { quantity: ["24 Nos", "1 pc", "3 Stk.", "x2", "12"] }, "quantity null"],
  ["a price for one piece", { price: ["12,95 €/Stk", "3,50 € je Stück", "1,00 per unit"] }, "price ,"],
  ["a price for a measure", { price: ["12.95 / kg", "3.50/kg"] }, "price .kg"],
])("%s", (_, columns, format) => expect(decided(columns)).toBe(format));

test.each<[string, Columns]>([
  ["nothing but 1,234", { quantity: ["1,234", "24"], price: ["3"] }],
  ["weights of three decimals", { weight: ["1.200", "12.500"] }],
  ["both signs proven in one column", { price: ["12.75", "12,75"] }],
  ["thousands beside whole numbers, another column's decimals", { quantity: ["1,200", "24"], price: ["12,75"] }],
  ["three decimals everywhere", { quantity: Array<string>(10).fill("24.000"), price: ["12,75"] }],
  ["other columns that differ", { quantity: ["24.0"], price: ["12,75"], total: ["1,234"] }],
])("asks: %s", (_, columns) => expect(question(columns).parameter).toBe("decimal"));

test("a question shows the first values under either sign", () => {
  expect(question({ quantity: ["24", "1,200", "2,400", "1,200", "3,000", "4,000"] })).toEqual({
    parameter: "decimal",
    got: "5 values are in quantity with a sign that may be decimal or group thousands: 1,200; 2,400; 3,000",
    choices: [
      { value: "point", reads: ["1200", "2400", "3000"] },
      { value: "comma", reads: ["1.200", "2.400", "3.000"] },
    ],
  });
});

test("a parameter settles it, and what it cannot read is said", () => {
  expect(decided({ quantity: ["1,234"] }, { decimal: "comma" })).toBe("quantity ,");
  expect(decided({ quantity: ["1,234"] }, { decimal: "." })).toBe("quantity .");
  expect(decided({ price: ["12.75", "12,75"] }, { decimal: "point" })).toBe("price .");
  const { price } = detectNumbers({ price: ["12.75", "12,75"] }, { decimal: "," }) as { price: Decision<NumberFormat> };
  expect(price).toEqual({
    value: { decimal: ",", unit: null },
    evidence: "a parameter says so, though 1 cannot be read so (12.75)",
    confidence: "given",
  });
});

test("a parameter does not turn a column whose own numbers leave no doubt", () => {
  const columns = { quantity: ["1,200", "24"], price: ["12,75"] };
  expect(decided(columns, { decimal: "point" })).toBe("quantity ., price ,");
  expect(decided(columns, { decimal: "comma" })).toBe("quantity ,, price ,");
});

test("evidence that a reader can check", () => {
  const found = detectNumbers({ quantity: ["1.200"], price: ["12,75", "x", "3,5"] }, {});
  if (isOpen(found)) throw new Error(found.got);
  expect([found.quantity.evidence, found.quantity.confidence]).toEqual([
    "the decimal sign of price, since 1.200 could be either",
    "likely",
  ]);
  expect([found.price.evidence, found.price.confidence]).toEqual([
    "2 values are read only with a decimal comma (12,75); 1 is no number (x)",
    "certain",
  ]);
});

test("what looks like a number", () => {
  expect(["12.75", "1.234,50", "£2", "2-", "(2)", "1e3", "0.75 kg", "1,234"].every(looksLikeNumber)).toBe(true);
  expect(["", "Price", "C489573", "85123A", "18/01/2023", "1.2.3", "EIRE"].some(looksLikeNumber)).toBe(false);
});

test("words for pieces and other measures are said", () => {
  const found = detectNumbers({ quantity: ["24 Nos", ...Array.from({ length: 200 }, () => "3"), "0.5 kg"] }, {});
  if (isOpen(found)) throw new Error(found.got);
  expect(found.quantity.evidence).toContain("; 1 with a word for pieces (24 Nos); 1 in another measure");
});

describe("a column with several measures", () => {
  const quantities = (...texts: string[]) => {
    const found = detectNumbers({ quantity: texts }, {});
    if (isOpen(found)) throw new Error(found.got);
    const read = numberReader(found.quantity.value);
    return texts.map((text) => {
      const number = read(text);
      return number && formatDecimal(number);
    });
  };

  test("has each with a price of its own", () => {
    expect(quantities("0.75 kg", "3 pcs", "2", "1.5 l", "6 boxes")).toEqual(["0.75", "3", "2", "1.5", "6"]);
  });

  test("of the same are not added up", () => {
    expect(quantities("0.75 kg", "250 g", "3 pcs")).toEqual([undefined, undefined, "3"]);
    expect(quantities("2 dozen", "7", "9 pcs")).toEqual([undefined, "7", "9"]);
  });
});
