import { expect, test } from "@jest/globals";
import { currencyIn, isOpen } from "@keyspaces-segmentation/table-files";

function found(values: readonly string[]): string | null {
  const currency = currencyIn(values);
  if (currency === null) return null;
  return isOpen(currency)
    ? currency.choices.map(({ value }) => value).join("?")
    : `${currency.value} ${currency.confidence}`;
}

test.each<[string[], string | null]>([
  [["12.75", "3", "1e3"], null],
  [["£12.75", "3"], "GBP certain"],
  [["1.234,50 €"], "EUR certain"],
  [["$1,234.50"], "USD likely"],
  [["US$5", "$5"], "USD certain"],
  [["CA$5"], "CAD certain"],
  [["A$5"], "AUD certain"],
  [["¥500"], "JPY likely"],
  [["R$ 5,50"], "BRL certain"],
  [["5,50 zł"], "PLN certain"],
  [["CHF 5.50"], "CHF certain"],
  [["EUR", "EUR"], "EUR certain"],
  [["5 kr"], "SEK?NOK?DKK"],
  [["£5", "5 €"], "GBP?EUR"],
  [["5 €", ...Array<string>(200).fill("£5")], "GBP likely"],
  [["0.75 kg", "3 pcs"], null],
])("%.60j: %s", (values, currency) => expect(found(values)).toBe(currency));
