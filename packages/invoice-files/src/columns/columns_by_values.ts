import { looksLikeDate, saysNothing, type TableRecord } from "@keyspaces-segmentation/table-files";
import { type Fact, simplified, tierOf } from "./column_names.js";
import { listed, type Positions } from "./map_columns.js";
import { trimmedAt } from "./table.js";

const NEARLY_ALL = 0.95;
/** Of so many customers who come again, */
const FEWEST_AGAIN = 3;
/** most have several dates where these are of purchases. */
const MOST = 0.5;
/** Up to this tier a price is that at which something was sold, and none of a list. */
const LAST_OF_SALES = 1;

/** Which column is which, and facts that no column is called. */
interface Mapped {
  readonly positions: Positions;
  readonly missing: readonly Fact[];
}

interface Found extends Mapped {
  /** What the values have told that names do not; none where nothing. */
  readonly said: readonly string[];
}

/**
 * Finds by what is in the columns which of them is the date of the purchase, and whether a price is what the line comes to, where no name
 * says so and nothing else can be meant.
 *
 * @param below the records below the header
 * @param left facts that no column is to be taken for
 */
export function completedByValues(
  mapped: Mapped,
  header: readonly string[],
  { below, left }: { below: readonly TableRecord[]; left: ReadonlySet<Fact> },
): Found {
  const used = new Set(Object.values(mapped.positions));
  const unused = [...header.keys()].filter((at) => !used.has(at));
  const dated = withDates(mapped, header, { lines: left.has("invoiceDate") ? [] : below, unused });
  const date = dated.positions.invoiceDate;
  const whole = withAmounts(dated, header, { lines: below, unused: unused.filter((at) => at !== date), left });
  // A list of the prices of each customer, and from when they are valid, has neither a date nor an amount of a purchase.
  const areBothGuessed = dated !== mapped && whole !== dated && whole.positions.invoice === undefined;
  if (areBothGuessed) return { ...mapped, said: [] };
  const said = [
    ...(dated === mapped ? [] : [`${listed([header[date!]!])} is the only column of dates`]),
    ...(whole === dated
      ? []
      : [`${listed([header[whole.positions.amount!]!])} is what a line comes to, as no column counts pieces`]),
  ];
  return { positions: whole.positions, missing: whole.missing, said };
}

/** Of a date that is not that of a purchase: of the customer, or of what becomes of the goods. */
const OF_ANOTHER =
  /birth|born|geb|nasc|nacim|naiss|dob$|valid|gultig|until|expir|warrant|next|last|best|since|contact|modif/;

/** Whether a column by its name has dates that are not those of purchases. */
export const isOfAnotherDate = (name: string): boolean => OF_ANOTHER.test(simplified(name));

/** With the only column of dates, where it is of the purchase: a customer who comes again has another then, as with a birthday or a registration not. */
function withDates(
  mapped: Mapped,
  header: readonly string[],
  { lines, unused }: { lines: readonly TableRecord[]; unused: readonly number[] },
): Mapped {
  const { positions, missing } = mapped;
  if (!missing.includes("invoiceDate") || lines.length === 0) return mapped;
  const datesAt = (at: number): boolean[] =>
    lines.flatMap(({ fields }) => {
      const text = trimmedAt(fields, at);
      return saysNothing(text) ? [] : [looksLikeDate(text)];
    });
  const areDates = (at: number): boolean => {
    const dates = datesAt(at);
    return dates.length > 0 && dates.filter(Boolean).length >= NEARLY_ALL * dates.length;
  };
  const [date, another] = unused.filter(areDates);
  if (date === undefined || another !== undefined || isOfAnotherDate(header[date]!)) return mapped;
  const isFilled = datesAt(date).length >= NEARLY_ALL * lines.length;
  if (!isFilled || !differsByPurchase(lines, positions.customerId, date)) return mapped;
  return {
    positions: { ...positions, invoiceDate: date },
    missing: missing.filter((fact) => fact !== "invoiceDate"),
  };
}

/** Whether customers with several lines have several dates as well. */
function differsByPurchase(lines: readonly TableRecord[], customer: number | undefined, date: number): boolean {
  const seen = new Map<string, { lines: number; readonly dates: Set<string> }>();
  for (const { fields } of lines) {
    const id = trimmedAt(fields, customer);
    if (customer === undefined || saysNothing(id)) continue;
    const own = seen.get(id) ?? { lines: 0, dates: new Set() };
    seen.set(id, own);
    own.lines++;
    own.dates.add(trimmedAt(fields, date));
  }
  const again = [...seen.values()].filter((own) => own.lines > 1);
  return again.length >= FEWEST_AGAIN && again.filter(({ dates }) => dates.size > 1).length > MOST * again.length;
}

/** Behind the name of a column that tells things apart: "store_id", "Shop No.", "storeId". */
const OF_ID = /(?:^|[\s_.-])(?:id|no|nr|code|key|zip)s?\.?$/i;
const OF_ID_IN_ONE = /[a-z](?:Id|ID|No|Nr|Code|Key)$/;
const tellsApart = (name: string): boolean => OF_ID.test(name.trim()) || OF_ID_IN_ONE.test(name.trim());

/** "Item Nos." and "Anz. Nr" may be how many there are. */
const OF_NUMBER = /(?:^|[\s_.-])(?:no|nr)s?\.?$|[a-z](?:No|Nr)s?$/i;

/** Whether a text may be a number, of pieces or of anything: "2 ks", "x3", "= 2". */
const beginsWithNumber = (text: string): boolean => /^[^\p{L}\p{N}]*x?\s*\p{N}/iu.test(text) && !looksLikeDate(text);
/** Or has one among its words: "Karton 2", "ca. 3 kg". */
const hasSmallNumber = (text: string): boolean => /(?<!\S)\d{1,2}(?!\S)/.test(text) && !looksLikeDate(text);

/** Whether half of the values are there already: so are numbers of pieces, and none of documents. */
const repeat = (texts: readonly string[]): boolean => 2 * new Set(texts).size <= texts.length;

/** Whether the values of a column may count pieces. */
function mayCount(name: string, texts: readonly string[]): boolean {
  if (tellsApart(name)) {
    // One piece at its price is what the line comes to.
    const areSeveral = texts.every((text) => /^\d{1,2}$/.test(text)) && texts.some((text) => Number(text) !== 1);
    return OF_NUMBER.test(name.trim()) && areSeveral && repeat(texts);
  }
  const most = (is: (text: string) => boolean): boolean => 2 * texts.filter(is).length > texts.length;
  return most(beginsWithNumber) || (most(hasSmallNumber) && repeat(texts));
}

/** A price that is called that of one piece. */
const OF_A_PIECE =
  /unit|each|piece|einzel|einheit|eenheid|st(?:u|uc)k|stk|styck|stykk|enhe[dt]|jedn|zakus|unid|satuan|per(?:item|product)|^ep(?:netto|brutto)?$|^pu(?:ht|ttc)?$/;
/** Pieces in the name of an article: "3 x Lamp", "Lamp (x2)", and no size as 10 x 15. */
const PIECES = /(?<![\p{L}\p{N}])\d+ ?[x×](?!\p{L}|\s*\p{N})|(?<![\p{L}\p{N}]|\p{N}\s)[x×] ?\d+(?!\p{N})/iu;
const SOME_PIECES = 1 / 3;

/** With a price as the amount of the line, where nothing says of one piece that it is its price, or how many of them there are. */
function withAmounts(
  mapped: Mapped,
  header: readonly string[],
  { lines, unused, left }: { lines: readonly TableRecord[]; unused: readonly number[]; left: ReadonlySet<Fact> },
): Mapped {
  const { positions, missing } = mapped;
  const { price, ...others } = positions;
  const isAlone = price !== undefined && positions.amount === undefined && missing.includes("quantity");
  const isLeft = left.has("amount") || left.has("quantity");
  if (!isAlone || isLeft || lines.length === 0 || (tierOf("price", header[price]!) ?? 0) > LAST_OF_SALES) return mapped;
  if (OF_A_PIECE.test(simplified(header[price]!))) return mapped;
  const textsAt = (at: number): string[] =>
    lines.map(({ fields }) => trimmedAt(fields, at)).filter((text) => !saysNothing(text));
  const isQuantity = (at: number): boolean => tierOf("quantity", header[at]!) !== null && textsAt(at).length > 0;
  if (unused.some((at) => isQuantity(at) || mayCount(header[at]!, textsAt(at)))) return mapped;
  const hasPieces = (at: number | undefined): boolean => {
    const texts = at === undefined ? [] : textsAt(at);
    return texts.length > 0 && texts.filter((text) => PIECES.test(text)).length >= SOME_PIECES * texts.length;
  };
  if (hasPieces(positions.description) || hasPieces(positions.stockCode)) return mapped;
  return { positions: { ...others, amount: price }, missing: missing.filter((fact) => fact !== "quantity") };
}
