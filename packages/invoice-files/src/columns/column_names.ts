import { type Fact, NAMES } from "./column_vocabulary.js";
import { NAMES_IN_OTHER_SCRIPTS } from "./names_in_other_scripts.js";

export type { Fact } from "./column_vocabulary.js";

/** Each fact in words, and in the order in which tables show them. */
export const FACT_WORDS: Readonly<Record<Fact, string>> = {
  invoice: "invoice number",
  stockCode: "stock code",
  description: "description",
  quantity: "quantity",
  invoiceDate: "date of the invoice",
  year: "year of the invoice",
  month: "month of the invoice",
  time: "time of the invoice",
  price: "price of one piece",
  per: "pieces that a price is for",
  amount: "amount of the line",
  credit: "amount of a credit note",
  customerId: "customer",
  receiver: "who was paid",
  country: "country",
  currency: "currency",
  type: "kind of document",
  status: "state of the order",
  cancelled: "whether or when it was cancelled",
};

/** In this order: a column that two facts fit belongs to the first. */
export const FACTS: readonly Fact[] = Object.keys(FACT_WORDS) as Fact[];

/** "Rechnungs-Nr.", "N° de facture", "Invoice\u200b": what is left are letters and digits, without accents. */
export const simplified = (name: string): string =>
  name
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll("ß", "ss")
    .replaceAll("ł", "l")
    .replaceAll("ø", "o")
    .replaceAll("ı", "i")
    .replaceAll(/[^\p{L}\p{N}]/gu, "");

/** Each finds its names among lines of names, so that a header costs one search and not one a name. */
const TIERS = Object.fromEntries(
  (Object.entries(NAMES) as [Fact, readonly string[]][]).map(([fact, tiers]) => [
    fact,
    tiers.map((names, tier) => {
      const others = NAMES_IN_OTHER_SCRIPTS[fact]?.[tier] ?? "";
      const comparable = others.normalize("NFKD").toLowerCase().replaceAll(/\p{M}/gu, "");
      return new RegExp(`^(?:${comparable === "" ? names : `${names}|${comparable}`})$`, "gm");
    }),
  ]),
) as unknown as Readonly<Record<Fact, readonly RegExp[]>>;

/** Longer text is no name of a column. */
const LONGEST = 60;

/** What is known of a simplified name: the best tier of each fact that it fits. */
type Tiers = { readonly [fact in Fact]?: number };
/** A header is looked at several times. */
const KNOWN = new Map<string, Tiers>();
const MOST_KNOWN = 10_000;

/** V8 compiles a pattern for a text of such a length at once; for shorter ones it writes bytecode first, which takes four times as long. */
const COMPILED_AT_ONCE = 1000;

/** Looks names up that are not known yet, all in one. */
function lookUp(names: readonly string[]): void {
  const found = new Map<string, { [fact in Fact]?: number }>();
  for (const name of names) for (const simple of partsOf(name)) if (!KNOWN.has(simple)) found.set(simple, {});
  if (found.size === 0) return;
  if (KNOWN.size + found.size > MOST_KNOWN) KNOWN.clear();
  const lines = [...found.keys()].join("\n").padEnd(COMPILED_AT_ONCE, "\n");
  for (const fact of FACTS) {
    for (const [tier, pattern] of TIERS[fact].entries()) {
      for (const simple of lines.match(pattern) ?? []) {
        const tiers = found.get(simple);
        if (tiers !== undefined) tiers[fact] ??= tier;
      }
    }
  }
  for (const [simple, tiers] of found) KNOWN.set(simple, tiers);
}

/** Words of three letters that say that a column has another amount, as "Amount (fee)", and no currency, clock or measure, of which there are many. */
const OTHER_AMOUNTS = "fee|tax|tip|vat|due|off|max|min";
/** Behind a name in brackets, and no part of it: a currency, a tax, a clock, a measure. */
const ASIDE = new RegExp(
  String.raw`\s*[([](?:(?!${OTHER_AMOUNTS})[A-Z]{3}|US\$|\p{Sc}|kr\.?|UTC(?: timezone)?|GMT|(?:in|ex|eks|zzgl)\w*\.? ?\w+|net(?:to)?|inc|exc?|brutto?|gross|HT|TTC|pcs|Stk\.?|units?|SKU|kgs?|(?:per|pro|je|par|por) ?\p{L}+\.?)[)\]]`,
  "giu",
);

/** Three letters in brackets that are no code of a currency: a measure or a word for it, or what else than "Price" is a "Price (RRP)". */
const UNKNOWN_ASIDE = new RegExp(`[([](?!${Intl.supportedValuesOf("currency").join("|")}|net)[A-Z]{3}[)\\]]`, "i");

/** "Sales[Invoice]", as Power BI has columns of tables. */
const OF_TABLE = /^[^[\]]*\p{L}\[([^[\]]+)\]$/u;

/** In front of a name: where in an object it is. */
const PATH = /^.*\p{L}[.:](?=\p{L})/u;

/** What a pivot table has put in front of a name, "Sum of Quantity", "Day of Order Date"; and a date that is named twice, "order date (DateOrders)". */
const SUM_OF = /^(?:sum|summe|somme|suma|somma|soma) (?:of|von|de|di) (?=\p{L})/iu;
const BESIDE: { readonly [fact in Fact]?: RegExp } = {
  quantity: SUM_OF,
  amount: SUM_OF,
  invoiceDate: /^day of (?=\p{L})|(?<=date)\s*\([^)]*date[^)]*\)$/iu,
};

const DATE = /date|datum|fecha/i;

/** What of a name may be known, simplified, the whole first; that of the name that was asked for last is kept. */
let lastName = "";
let lastParts: readonly string[] = [];
function partsOf(name: string): readonly string[] {
  if (name === lastName) return lastParts;
  const parts = spellingsOf(name).flatMap((each) => {
    const bare = /[([]/.test(each) ? each.replace(OF_TABLE, "$1").replaceAll(ASIDE, "") : each;
    return [each, bare, withoutMinor(bare), bare.slice(bare.lastIndexOf("/") + 1), bare.replace(PATH, "")];
  });
  lastName = name;
  lastParts = [...new Set(parts.map(simplified))].filter((simple) => simple !== "" && simple.length <= LONGEST);
  return lastParts;
}

/** What a program writes for a letter that it could not read, and the letters that it may have been, without their accents. */
const LOST = "\uFFFD";
const LETTERS = [..."aeiounc"];
/** A name as it may have been before it has lost letters: "N\uFFFDmero" as "Numero". */
const spellingsOf = (name: string): readonly string[] =>
  name.includes(LOST) ? LETTERS.map((letter) => name.replaceAll(LOST, letter)) : [name];

/**
 * How well a column's name fits a fact: 0 best, higher worse; null not at all. "Order Lines/Quantity" and "lineItems.quantity" are also
 * looked at as "Quantity", and "Price (GBP)" as "Price".
 *
 * @param header names beside it, which are looked up with it
 */
export function tierOf(fact: Fact, name: string, header: readonly string[] = [name]): number | null {
  // "date/time" has both.
  if (fact === "time" && DATE.test(name)) return null;
  for (const simple of partsOf(name)) {
    if (!KNOWN.has(simple)) lookUp(header.includes(name) ? header : [name]);
    const tier = KNOWN.get(simple)![fact];
    if (tier !== undefined) return tier;
  }
  const beside = BESIDE[fact];
  return beside?.test(name) ? tierOf(fact, name.replace(beside, "")) : null;
}

/** What was sold in the end, beside what was ordered or shipped. */
const INVOICED = /invoiced|billed|factur|fakt|sold/;
const OF_ORDER = /^(?:total|order)(?!ed)/;
/** Of what a quantity is, or how many: pieces, cartons. */
const UNIT = /^(?:units?|pieces|pcs|stk|uds?|unids?)$/;
/** Who gets the goods, beside who has bought them. */
const OF_DELIVERY = /ship|deliver|liefer|livraison|envio|spedizione/;
/** Who has taken the order, or what the customer calls it, beside the customer. */
const BESIDE_CUSTOMER =
  /^(?:user|contact|kontakt|partner|party|guest|visitor|subscriber|passenger|patient|patron|donor)|ref(?:erenc\p{L}+)?$/u;

/** Of columns whose names fit a quantity, money or a customer as well, which is rather meant: a lower rank. */
export function rankOf(fact: Fact, name: string): number {
  const aside = UNKNOWN_ASIDE.test(name) ? 0.5 : 0;
  if (fact === "price" || fact === "amount") return aside;
  if (fact === "quantity") return aside + rankOfQuantity(simplified(name.replace(UNKNOWN_ASIDE, "")));
  if (fact !== "customerId") return 0;
  const simple = simplified(name);
  return OF_DELIVERY.test(simple) ? 2 : BESIDE_CUSTOMER.test(simple) ? 1 : 0;
}

function rankOfQuantity(simple: string): number {
  if (simple.includes("refund")) return 4;
  return UNIT.test(simple) ? 3 : INVOICED.test(simple) ? 0 : OF_ORDER.test(simple) ? 2 : 1;
}

/** From this tier on, amounts are those of orders. */
const OF_ORDERS = TIERS.amount.length - 2;

/** Whether an amount with such a name is of the whole order more often than of a line. */
export const isOfOrder = (name: string): boolean => (tierOf("amount", name) ?? 0) >= OF_ORDERS;

/** Behind the name of a price or an amount that is in hundredths of its currency. */
const MINOR =
  /[\s([/-]+(?:in\s+)?(?:cents?|pence|pennies|centimes?|centavos?|centesimi|øre|öre|grosze|rappen|minor(?:\s*units?)?)[)\]]?\s*$/iu;

/** "unitPriceCents" and "unit_price_cents" in words. */
const inWords = (name: string): string => name.replaceAll("_", " ").replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, "$1 $2");

/** A column's name without what says that it is in hundredths. */
const withoutMinor = (name: string): string => (isInMinorUnits(name) ? inWords(name).replace(MINOR, "") : name);

/** Whether a column's amounts are in cents by its name: `price_cents`, `Price (pence)`. */
export const isInMinorUnits = (name: string): boolean => MINOR.test(inWords(name));
