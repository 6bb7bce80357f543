import { formatPlural } from "@keyspaces-segmentation/common";
import { looksLikeDate } from "@keyspaces-segmentation/table-files";
import { listed } from "../columns/map_columns.js";
import { fieldAt, type Table } from "../columns/table.js";

/** Of fewer lines each may have another value by chance. */
const FEWEST_LINES = 10;
/** An id is no longer. */
const LONGEST_ID = 40;
/** So few lines may be without a number, or have that of another purchase, as a return may. */
const FEW = 0.02;
/** Of the steps of a counter, those that are none back to its beginning. */
const MOST_STEPS = 2 / 3;

/** A number and what numbers its lines behind it. */
const WITH_LINE = /^(.*\d)[-./_]\d{1,3}$/;

/** A column that may number purchases under a name that is not known. */
interface Numbering {
  /** What it has, for the question. */
  readonly got: string;
  /** Its name, where its values can be taken for numbers as they stand. */
  readonly name?: string;
}

/** A line with what may be its number. */
interface Numbered {
  readonly id: string;
  readonly moment: string;
  readonly customerDay: string;
  readonly customer: string;
}

/**
 * A column that is used for nothing and numbers purchases otherwise than customers and moments tell them apart; undefined for none.
 *
 * @param moments what tells the purchase of each line without numbers
 * @param days the same by customer and day
 */
export function numberingOf(
  table: Table,
  { moments, days }: { moments: readonly string[]; days: readonly string[] },
): Numbering | undefined {
  const { lines, positions } = table;
  const product = positions.stockCode ?? positions.description;
  const hasProducts = 2 * lines.filter(({ fields }) => fieldAt(fields, product) !== "").length > lines.length;
  const sold = lines.flatMap(({ fields }, i) => {
    const customer = fieldAt(fields, positions.customerId);
    return customer === "" ? [] : [{ fields, customer, moment: moments[i]!, customerDay: days[i]! }];
  });
  const columns = table.unused().flatMap((at) => {
    if (table.header[at]!.trim() === "") return [];
    const numbered: Numbered[] = [];
    let [others, dates] = [0, 0];
    for (const { fields, moment, customerDay, customer } of sold) {
      const id = fieldAt(fields, at).replace(/^(\d+)\.0$/, "$1");
      if (!mayBeId(id)) {
        if (!isFew(++others, sold.length)) return [];
        continue;
      }
      if (isDate(id)) dates++;
      numbered.push({ id, moment, customerDay, customer });
    }
    return isFew(numbered.length - dates, numbered.length) ? [] : [{ name: table.nameOf(at), numbered }];
  });
  const kinds = [byNumber, ...(hasProducts ? [byNumberAndLine] : [byLine]), byCounter];
  for (const kind of kinds) {
    for (const { name, numbered } of columns) {
      const found = kind(numbered, name);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** Of few lines one may be a slip. */
const isFew = (count: number, lines: number): boolean => count <= Math.max(lines >= FEWEST_LINES ? 1 : 0, FEW * lines);

const mayBeId = (id: string): boolean =>
  id.length <= LONGEST_ID && (/\d/.test(id) || /^\p{L}+$/u.test(id)) && !/^[-+]?\d*[.,]\d+$/.test(id);

/** A day and a number behind it, "20240105-1001", may look like a day and a time. */
const isDate = (id: string): boolean => looksLikeDate(id) && !/^\d{8}[-_]\d{1,4}$/.test(id);

/** How many purchases numbers tell that moments do not, and the other way round; undefined where they are no numbers of purchases. */
function comparedWithMoments(lines: readonly Numbered[]): { apart: number; together: number } | undefined {
  const dayOf = new Map<string, string>();
  let others = 0;
  for (const { id, customerDay } of lines) {
    const known = dayOf.get(id);
    if (known === undefined) dayOf.set(id, customerDay);
    else if (known !== customerDay) others++;
  }
  const customers = new Set(lines.map(({ customer }) => customer)).size;
  // One for each customer is a name of theirs.
  if (others > FEW * lines.length || dayOf.size === lines.length || dayOf.size <= customers) return undefined;
  const moments = new Set(lines.map(({ moment }) => moment)).size;
  const pairs = new Set(lines.map(({ id, moment }) => `${id}\0${moment}`)).size;
  return { apart: pairs - moments, together: pairs - dayOf.size - others };
}

function byNumber(lines: readonly Numbered[], name: string): Numbering | undefined {
  const { apart = 0, together = 0 } = comparedWithMoments(lines) ?? {};
  if (apart > 0) return { got: `${name} tells more than one purchase of a customer at one moment apart`, name };
  if (together <= 0) return undefined;
  return { got: `${name} has the same number in lines of a customer at several moments of a day`, name };
}

const withFront = ({ id, moment, customerDay, customer }: Numbered): Numbered => ({
  id: WITH_LINE.exec(id)?.[1] ?? "",
  moment,
  customerDay,
  customer,
});

function byNumberAndLine(lines: readonly Numbered[], name: string): Numbering | undefined {
  const fronts = lines.map(withFront);
  if (fronts.some(({ id }) => id === "") || byNumber(fronts, name) === undefined) return undefined;
  return {
    got: `${name} seems to have the number of a purchase and that of its line in one, such as ${listed([lines[0]!.id])}: put the former into a column of its own, called Invoice`,
  };
}

/** Where lines have no products, each may be a purchase. A column that counts from 0 is the index of a program. */
function byLine(lines: readonly Numbered[], name: string): Numbering | undefined {
  const moments = new Set(lines.map(({ moment }) => moment)).size;
  if (lines.length < FEWEST_LINES || lines[0]!.id === "0" || moments === lines.length) return undefined;
  if (new Set(lines.map(({ id }) => id)).size < lines.length) return undefined;
  return {
    got: `${name} has another value in each of ${formatPlural(lines.length, "line")}, which are ${formatPlural(moments, "purchase")} by customer and moment`,
    name,
  };
}

/** Numbers that begin again each day, or after the last of a till: in the order of the file each is one higher than the one before, or low. */
function byCounter(lines: readonly Numbered[], name: string): Numbering | undefined {
  if (!lines.every(({ id }) => /^\d+$/.test(id))) return undefined;
  const runs = new Set<string>();
  let [steps, back, mixed] = [0, 0, 0];
  let run = 0;
  for (const [i, { id, customerDay }] of lines.entries()) {
    const before = lines[i - 1];
    if (before?.id === id) {
      if (before.customerDay !== customerDay) mixed++;
    } else if (before !== undefined) {
      run++;
      // The number of a line in its purchase is one higher in the same purchase alone.
      if (Number(id) === Number(before.id) + 1) steps += before.customerDay === customerDay ? 0 : 1;
      else if (Number(id) <= 1) back++;
      else mixed++;
    }
    runs.add(`${run}\0${customerDay}`);
  }
  const days = new Set(lines.map(({ customerDay }) => customerDay)).size;
  const counts = lines.length >= FEWEST_LINES && back > 0 && steps >= MOST_STEPS * (steps + back);
  if (!counts || !isFew(mixed, lines.length) || runs.size <= days) return undefined;
  return {
    got: `${name} counts purchases and begins again ${formatPlural(back, "time")}: put the day and the number in one, such as 2024-01-05/17, into a column of its own, called Invoice`,
  };
}
