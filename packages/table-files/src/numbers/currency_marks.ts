/** Signs and words beside an amount, and the ISO 4217 currencies that they may mean, the most frequent first. */
const MARKS: { readonly [mark: string]: readonly string[] } = {
  "£": ["GBP"],
  "€": ["EUR"],
  $: ["USD", "CAD", "AUD", "MXN", "NZD", "SGD", "HKD"],
  "¥": ["JPY", "CNY"],
  "￥": ["JPY", "CNY"],
  // Where Shift_JIS and EUC-KR have the signs of yen and won, decoders give a backslash.
  "\\": ["JPY", "KRW"],
  元: ["CNY"],
  円: ["JPY"],
  "₹": ["INR"],
  "₽": ["RUB"],
  "₺": ["TRY"],
  "₩": ["KRW"],
  "₪": ["ILS"],
  "₫": ["VND"],
  "₴": ["UAH"],
  "฿": ["THB"],
  "₱": ["PHP"],
  "₦": ["NGN"],
  us$: ["USD"],
  a$: ["AUD"],
  au$: ["AUD"],
  c$: ["CAD"],
  ca$: ["CAD"],
  can$: ["CAD"],
  nz$: ["NZD"],
  hk$: ["HKD"],
  s$: ["SGD"],
  sg$: ["SGD"],
  mx$: ["MXN"],
  nt$: ["TWD"],
  r$: ["BRL"],
  "cn¥": ["CNY"],
  "jp¥": ["JPY"],
  kr: ["SEK", "NOK", "DKK"],
  zł: ["PLN"],
  zl: ["PLN"],
  kč: ["CZK"],
  ft: ["HUF"],
  lei: ["RON"],
  лв: ["BGN"],
  руб: ["RUB"],
  rs: ["INR", "PKR"],
  fr: ["CHF"],
  sfr: ["CHF"],
  rm: ["MYR"],
  rp: ["IDR"],
  tl: ["TRY"],
  r: ["ZAR"],
  // As ISO 8859-15 has it where Latin-1 has ¤, and as UTF-8 looks in Windows-1252.
  "¤": ["EUR"],
  "â‚¬": ["EUR"],
  "â£": ["GBP"],
  euro: ["EUR"],
  euros: ["EUR"],
};

/** Codes that are written in small letters too; others are words ("all", "try", "top") more often. */
const SMALL_CODES = ["usd", "eur", "gbp", "chf"];

/** What a mark beside an amount may mean. */
export interface CurrencyMark {
  readonly currencies: readonly string[];
  /** Whether it is the currency's code, which leaves nothing open. */
  readonly isCode: boolean;
}

const marks = new Map<string, CurrencyMark>();
for (const [mark, currencies] of Object.entries(MARKS)) marks.set(mark, { currencies, isCode: false });
for (const code of Intl.supportedValuesOf("currency")) marks.set(code, { currencies: [code], isCode: true });
for (const code of SMALL_CODES) marks.set(code, { currencies: [code.toUpperCase()], isCode: true });

/** @param mark letters and signs without blanks: "£", "US$", "EUR", "kr"
 *  @returns undefined where it is no currency's */
export function currencyMark(mark: string): CurrencyMark | undefined {
  return marks.get(mark) ?? marks.get(mark.toLowerCase());
}

/** Whether a character may be in such a mark. */
export function isMarkCharacter(code: number): boolean {
  return (
    code === 0x24 ||
    code === 0x5c ||
    code === 0xac ||
    code === 0x201a ||
    (code >= 0xa2 && code <= 0xa5) ||
    (code >= 0x20a0 && code <= 0x20cf) ||
    code === 0xe3f ||
    code === 0xffe5 ||
    code === 0x5143 ||
    code === 0x5186 ||
    (code >= 0x410 && code <= 0x44f) ||
    (code >= 65 && code <= 90) ||
    (code >= 97 && code <= 122) ||
    (code >= 0xc0 && code <= 0x24f)
  );
}
