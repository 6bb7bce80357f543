import { formatNumber, formatPlural } from "@keyspaces-segmentation/common";
import type { Decision } from "@keyspaces-segmentation/table-files";
import { simplified, tierOf } from "../columns/column_names.js";
import { isFlag, saysYes } from "../columns/flags.js";
import { fieldAt, type Table } from "../columns/table.js";
import { FEWEST_LINES_FOR_SHARE, LARGEST_SHARE_OF_RETURNS } from "../money/sales_signs.js";
import { isAboveZero } from "../money/signs.js";
import { linesWorth, type NumberFormats } from "../money/worth.js";
import type { ReadingRow } from "../reading_row.js";
import { remembered } from "../remembered.js";
import { UndecidedError } from "../undecided.js";
import { creditsAmong, tellsAlone } from "./credit_words.js";
import { exchangeRows } from "./exchanges.js";
import { answeringShare } from "./return_share.js";
import { isPaymentName, isSideName, returnSideOf, sidesOf } from "./sign_columns.js";

/** More different values are no kinds. */
const MOST_KINDS = 12;

/** What is in a column, and on how many lines. */
type Kinds = ReadonlyMap<string, { readonly lines: number; readonly positive: number }>;

/** Which lines are credit notes that have positive quantities and amounts, and are taken with the sign turned. */
export interface CreditTypes {
  /** Column that tells, if there is one. */
  readonly column: number | undefined;
  /** Its values on such lines. */
  readonly turned: Decision<readonly string[]>;
  /** What is said of a column that might tell as well. */
  readonly rows: readonly ReadingRow[];
}

/**
 * Finds the kinds of documents that are credit notes and nevertheless have positive quantities and amounts: in the column that is
 * called so, or in one whose values alone say it, such as "Transaction" with "Sold" and "Returned" in it, or + and −.
 *
 * @param given what the parameter `columns` says of the column, "-" for none
 */
export function creditTypesOf(table: Table, formats: NumberFormats, given: string | undefined): CreditTypes {
  const { type } = table.positions;
  if (given === "-") return { column: undefined, turned: NOTHING, rows: [] };
  const named =
    type === undefined ? undefined : creditsOfType(table, formats, { at: type, isGiven: given !== undefined });
  if (named !== undefined && (named.turned.value.length > 0 || given !== undefined)) return named;
  const rows = [...(named?.rows ?? [])];
  for (const at of table.unused()) {
    if (isPaymentName(table.header[at]!)) continue;
    const other = creditsOfOther(table, formats, at);
    if (other.column !== undefined) return other;
    rows.push(...other.rows);
  }
  return { column: type, turned: NOTHING, rows };
}

/** The credit notes by the column that is called so. @throws UndecidedError for kinds that may be returns or not */
function creditsOfType(
  table: Table,
  formats: NumberFormats,
  { at, isGiven }: { at: number; isGiven: boolean },
): CreditTypes {
  const kinds = kindsIn(table, at);
  const name = table.header[at]!;
  const turned = turnedOf(kinds, {
    isType: true,
    isNamed: true,
    isOfReturns: tierOf("type", name) === RETURNS_TIER,
    isFlag: IS_FLAG.test(simplified(name)),
  });
  if (!isGiven) askWhereDoubtful(table, formats, { at, kinds, turned: turned.value });
  const unknown = turned.value.length === 0 ? unknownRows(kinds, table.nameOf(at)) : [];
  const exchanges = exchangeRows(table, { at, values: [...kinds.keys()] }, formats);
  return { column: at, turned, rows: [...mixedRows(kinds), ...exchanges, ...unknown] };
}

/** The credit notes by a column of another name, without a column where it does not tell. @throws UndecidedError as well */
function creditsOfOther(table: Table, formats: NumberFormats, at: number): CreditTypes {
  const values = fewValuesIn(table, at);
  const exchanges = exchangeRows(table, { at, values }, formats);
  const none: CreditTypes = { column: undefined, turned: NOTHING, rows: exchanges };
  const isNamed = isSideName(table.header[at]!);
  const mayTell = tellsAlone(values) || sidesOf(values) !== undefined || (isNamed && values.includes(""));
  if (!mayTell) return none;
  const kinds = kindsIn(table, at);
  const turned = turnedOf(kinds, { isType: false, isNamed, isOfReturns: false, isFlag: false });
  if (turned.value.length === 0) return none;
  const answers = (): number => answeringShare(table, formats, { at, kinds: turned.value, withPrice: true });
  if (isNamed || tellsAlone(values) || answers() >= NEARLY_ALL) {
    askWhereDoubtful(table, formats, { at, kinds, turned: turned.value });
    return { column: at, turned, rows: exchanges };
  }
  // Beside another side whose lines are below zero, as of money that went out, those above are what came in.
  const isSigned = [...kinds].some(
    ([kind, { lines, positive }]) => kind !== "" && !turned.value.includes(kind) && 2 * positive < lines,
  );
  if (isSigned) return none;
  const what = turned.value.join(", ");
  const lines = table.lines.filter(({ fields }) => turned.value.includes(fieldAt(fields, at)));
  const left: ReadingRow = {
    what: "kinds of lines",
    readAs: `${table.nameOf(at)} is left out`,
    because: `${linesWorth(lines, table.positions, formats)} of the sample with ${what} there; where that is what came back, columns="type=${table.nameOf(at)}" turns the sign of ${what}`,
    confidence: "likely",
  };
  return { column: undefined, turned: NOTHING, rows: [...exchanges, left] };
}

/** What is in a column, on how many lines, and on how many with positive quantity and money. */
function kindsIn({ lines, positions }: Table, at: number): Kinds {
  const { quantity, price, amount } = positions;
  const isAbove = remembered(isAboveZero);
  const isPositive = (fields: readonly string[], of: number | undefined): boolean =>
    of === undefined || isAbove(fieldAt(fields, of));
  const kinds = new Map<string, { lines: number; positive: number }>();
  for (const { fields } of lines) {
    const kind = fieldAt(fields, at);
    const seen = kinds.get(kind) ?? { lines: 0, positive: 0 };
    kinds.set(kind, seen);
    seen.lines++;
    if (isPositive(fields, quantity) && isPositive(fields, price ?? amount)) seen.positive++;
  }
  return kinds;
}

/** The values of a column, where they are few enough to be kinds. */
function fewValuesIn(table: Table, at: number): readonly string[] {
  const values = table.countsAt(at);
  return values.size > MOST_KINDS ? [] : [...values.keys()];
}

/** Of the lines of one side, so many have a line of the other that they may take back. */
const NEARLY_ALL = 0.8;
const HALF = 0.5;

/**
 * @throws UndecidedError where lines of the side that would be turned are hardly returns: too many, or of what their customers have not
 * bought
 */
function askWhereDoubtful(
  table: Table,
  formats: NumberFormats,
  { at, kinds, turned }: { at: number; kinds: Kinds; turned: readonly string[] },
): void {
  const values = [...kinds.keys()];
  if (turned.length === 0 || sidesOf(values) === undefined || tellsAlone(values)) return;
  const all = [...kinds.values()].reduce((sum, { lines }) => sum + lines, 0);
  const lines = turned.reduce((sum, kind) => sum + kinds.get(kind)!.lines, 0);
  if (all < FEWEST_LINES_FOR_SHARE) return;
  const isMany = lines > LARGEST_SHARE_OF_RETURNS * all;
  if (!isMany && answeringShare(table, formats, { at, kinds: turned, withPrice: false }) >= HALF) return;
  const name = table.nameOf(at);
  const what = turned.join(", ");
  const why = isMany ? "many for what came back" : "mostly of what their customers have not bought on others";
  throw new UndecidedError({
    parameter: "columns",
    got: `${name} has ${what} on ${formatNumber(lines)} of ${formatPlural(all, "line")} of the sample, ${why}`,
    choices: [
      { value: "type=-", reads: ["all lines as sales"] },
      { value: `type=${name}`, reads: [`those with ${what} as returns`] },
    ],
  });
}

/** Of the names of columns with kinds: those of what came back. */
const RETURNS_TIER = 2;
/** Names of columns of yes and no: in others, such as "Returned", a 1 may be how many. */
const IS_FLAG = /^is|flag$|(?<!k)ind$|indicator$/;

const NOTHING: Decision<readonly string[]> = { value: [], evidence: "", confidence: "certain" };

/**
 * The kinds of lines whose sign is turned.
 *
 * @param isType whether the column is that of kinds of documents
 * @param isNamed whether it is that, or one of directions by its name
 * @param isOfReturns whether it is called as what came back is, so that yes may stand in it
 * @param isFlag whether it is one of yes and no by its name, so that 1 is yes
 */
function turnedOf(
  kinds: Kinds,
  {
    isType,
    isNamed,
    isOfReturns,
    isFlag: isYesOrNo,
  }: { isType: boolean; isNamed: boolean; isOfReturns: boolean; isFlag: boolean },
): Decision<readonly string[]> {
  const named = [...kinds].filter(([kind]) => kind !== "");
  const values = named.map(([kind]) => kind);
  const side = returnSideOf(kinds, { isNamed });
  if (side !== undefined) return withEvidence(named.filter(([kind]) => side.includes(kind)));
  if (isOfReturns && isFlag([...kinds.keys()], { withNumbers: isYesOrNo })) {
    // A column of its own, such as "Is Return".
    return withEvidence(named.filter(([kind]) => saysYes(kind) || kind === "1").slice(0, 1));
  }
  if (!isType && !tellsAlone(values)) return NOTHING;
  const byName = creditsAmong(values);
  return withEvidence(named.filter(([kind]) => byName.has(kind)));
}

/** What is said of kinds that are credit notes by their names and have some lines above zero: these may be fees on them. */
function mixedRows(kinds: Kinds): ReadingRow[] {
  const credits = creditsAmong([...kinds.keys()]);
  const mixed = [...kinds].filter(
    ([kind, { lines, positive }]) => credits.has(kind) && positive > 0 && positive <= lines / 2,
  );
  return mixed.map(([kind, { lines, positive }]) => ({
    what: "kinds of lines",
    readAs: `${kind} as each is signed`,
    because: `${formatPlural(positive, "line")} of it in the sample ${positive === 1 ? "is" : "are"} above zero and ${positive === 1 ? "counts as a sale" : "count as sales"}, ${formatNumber(lines - positive)} below`,
    confidence: "likely",
  }));
}

/** What is said of kinds of which none is known to be that of a credit note, and all have positive quantities and amounts. */
function unknownRows(kinds: Kinds, name: string): ReadingRow[] {
  const named = [...kinds].filter(([kind]) => kind !== "");
  const isTold = named.some(([kind, { lines, positive }]) => positive < lines || creditsAmong([kind]).size > 0);
  if (named.length < 2 || named.length > MOST_KINDS || isTold) return [];
  const values = named.map(([kind]) => kind).slice(0, NAMED);
  return [
    {
      what: "kinds of lines",
      readAs: `${values.join(", ")}: sales`,
      because: `all have positive quantities and amounts, and none of them in ${name} is known to mean that something came back`,
      confidence: "likely",
    },
  ];
}

/** As many kinds are named. */
const NAMED = 5;

function withEvidence(
  credits: readonly (readonly [string, { lines: number; positive: number }])[],
): Decision<readonly string[]> {
  const turned = credits.filter(([, { lines, positive }]) => positive > lines / 2);
  if (turned.length === 0) return NOTHING;
  const lines = turned.reduce((sum, [, seen]) => sum + seen.lines, 0);
  return {
    value: turned.map(([kind]) => kind),
    evidence: `${formatPlural(lines, "line")} of the sample with this kind of document ${lines === 1 ? "is" : "are"} positive; their sign is turned`,
    confidence: "likely",
  };
}
