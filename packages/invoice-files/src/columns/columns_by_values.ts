import { looksLikeDate, saysNothing, type TableRecord } from "@keyspaces-segmentation/table-files";
import { type Fact, tierOf } from "./column_names.js";
import { listed, type Positions } from "./map_columns.js";
import { trimmedAt } from "./table.js";

const NEARLY_ALL = 0.95;
/** Of customers with several lines, so many have several dates where these are of purchases: in a file by the day most have one. */
const SOME = 0.1;
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
  const dated = withDates(mapped, unused, left.has("invoiceDate") ? [] : below);
  const date = dated.positions.invoiceDate;
  const whole = withAmounts(dated, header, { lines: below, unused: unused.filter((at) => at !== date), left });
  const said = [
    ...(dated === mapped ? [] : [`${listed([header[date!]!])} is the only column of dates`]),
    ...(whole === dated
      ? []
      : [`${listed([header[whole.positions.amount!]!])} is what a line comes to, as no column counts pieces`]),
  ];
  return { positions: whole.positions, missing: whole.missing, said };
}

/** With the only column of dates, where it is of the purchase: a customer who comes again has another then, as with a birthday or a registration not. */
function withDates(mapped: Mapped, unused: readonly number[], lines: readonly TableRecord[]): Mapped {
  const { positions, missing } = mapped;
  if (!missing.includes("invoiceDate") || lines.length === 0) return mapped;
  const areDates = (at: number): boolean =>
    lines.filter(({ fields }) => looksLikeDate(trimmedAt(fields, at))).length >= NEARLY_ALL * lines.length;
  const [date, another] = unused.filter(areDates);
  if (date === undefined || another !== undefined || !differsByPurchase(lines, positions.customerId, date))
    return mapped;
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
  return again.length > 0 && again.filter(({ dates }) => dates.size > 1).length > SOME * again.length;
}

/** Behind the name of a column that tells things apart: "store_id", "Shop No.", "storeId". */
const OF_ID = /(?:^|[\s_.-])(?:id|no|nr|code|key|zip)s?\.?$/i;
const OF_ID_IN_ONE = /[a-z](?:Id|ID|No|Nr|Code|Key)$/;
const tellsApart = (name: string): boolean => OF_ID.test(name.trim()) || OF_ID_IN_ONE.test(name.trim());

/** Whether a text may be a number, of pieces or of anything: "2 ks". */
const beginsWithNumber = (text: string): boolean => /^[-+(]?\p{N}/u.test(text) && !looksLikeDate(text);

/** With a price as the amount of the line, where no other column has numbers that could count its pieces. */
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
  const mayCount = (at: number): boolean => {
    const filled = lines.map(({ fields }) => trimmedAt(fields, at)).filter((text) => !saysNothing(text));
    return !tellsApart(header[at]!) && 2 * filled.filter(beginsWithNumber).length > filled.length;
  };
  if (unused.some(mayCount)) return mapped;
  return { positions: { ...others, amount: price }, missing: missing.filter((fact) => fact !== "quantity") };
}
