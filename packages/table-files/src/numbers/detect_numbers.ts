import { type Decimal, formatDecimal, formatNumber } from "@keyspaces-segmentation/common";
import { saysNothing } from "../characters.js";
import type { Decision, OpenQuestion } from "../decision.js";
import { areStrays, type ColumnValues, occurrencesOf } from "../occurrences.js";
import { areApart } from "./measures.js";
import { type Readings, readingsOf, withoutCents } from "./number_body.js";
import type { NumberFormat } from "./number_format.js";
import { numberParts } from "./number_parts.js";
import { numberReader } from "./number_reader.js";

/** What a parameter says about the decimal sign; null where it leaves it to the file. */
export interface GivenNumbers {
  readonly decimal?: "." | "," | "point" | "comma" | null;
}

/** A sample of one column, counted by which decimal signs can read its numbers. */
interface ColumnTally {
  readonly name: string;
  readonly counts: { readonly [readings in Readings]: number };
  readonly examples: { readonly [readings in Readings]: readonly string[] };
  /** Of the numbers that either sign can read: by the sign that they have, how many, and how many with a zero at the end. */
  readonly either: { readonly [sign in Sign]: { count: number; endInZero: number } };
  readonly unit: string | null;
  /** Where it is none: measures that stand after some. */
  readonly measures: readonly string[];
  /** How many have a word for pieces beside them, and one of these. */
  readonly pieces: { readonly count: number; readonly example: string };
  /** How many have another measure than the others, and one of these. */
  readonly otherUnits: { readonly count: number; readonly example: string };
  /** Whether `CR` stands after some numbers, and not after most: then it makes negative what it stands after. */
  readonly hasSides: boolean;
}

type Sign = "." | ",";

/** As many values as a question shows. */
const EXAMPLES = 3;

/**
 * Decides how the numbers of some columns are written, from a sample: each column by its own numbers, and where those leave it
 * open, by those of the others.
 *
 * @param columns values of the sample by column, in the file's order; words for "no value" are left out
 * @param given settles what the numbers leave open; a column whose own numbers leave no doubt keeps its sign
 * @returns for each column its format; one question (`decimal`) where `1,234` may be either, or where one column has both signs
 */
export function detectNumbers<Name extends string>(
  columns: { readonly [name in Name]: ColumnValues },
  given: GivenNumbers,
): { readonly [name in Name]: Decision<NumberFormat> } | OpenQuestion {
  const tallies = Object.entries<ColumnValues>(columns).map(([name, values]) => tallyNumbers(name, values));
  const decisions: { [name: string]: Decision<NumberFormat> } = {};
  const told = given.decimal ?? null;
  if (told !== null) {
    const decimal = told === "." || told === "point" ? "." : ",";
    for (const tally of tallies) decisions[tally.name] = givenSign(tally, decimal);
    return decisions as { [name in Name]: Decision<NumberFormat> };
  }
  const proofs = tallies.map((tally) => ({ tally, own: ownSign(tally) }));
  for (const { tally, own } of proofs) {
    if (own === "both") return bothSigns(tally);
    const others = proofs.filter((proof) => proof.own !== null && proof.own !== "both");
    const decision = own === null ? borrowed(tally, others) : proven(tally, own);
    if (decision === undefined) return openSign(tally);
    decisions[tally.name] = decision;
  }
  return decisions as { [name in Name]: Decision<NumberFormat> };
}

function tallyNumbers(name: string, values: ColumnValues): ColumnTally {
  const counts = { point: 0, comma: 0, either: 0, whole: 0, none: 0 };
  const examples: { [readings in Readings]: string[] } = { point: [], comma: [], either: [], whole: [], none: [] };
  const either = { ".": { count: 0, endInZero: 0 }, ",": { count: 0, endInZero: 0 } };
  const units = new Map<string, { count: number; example: string }>();
  let all = 0;
  const sides = { cr: 0, dr: 0, "": 0 };
  const pieces = { count: 0, example: "" };
  for (const [value, times] of occurrencesOf(values)) {
    const text = value.trim();
    if (saysNothing(text)) continue;
    const parts = numberParts(text);
    const readings = parts === undefined ? "none" : (withoutCents(parts) ?? readingsOf(parts));
    counts[readings] += times;
    if (examples[readings].length < EXAMPLES && !examples[readings].includes(text)) examples[readings].push(text);
    if (parts === undefined) continue;
    if (readings === "either") {
      const ofSign = either[parts.body.includes(".") ? "." : ","];
      ofSign.count += times;
      if (parts.body.endsWith("0")) ofSign.endInZero += times;
    }
    all += times;
    sides[parts.side] += times;
    if (parts.isPieces) {
      pieces.count += times;
      pieces.example ||= text;
    }
    const ofUnit = units.get(parts.unit) ?? { count: 0, example: text };
    units.set(parts.unit, ofUnit);
    ofUnit.count += times;
  }
  const byCount = [...units].sort(([, a], [, b]) => b.count - a.count);
  const [most, { count }] = byCount[0] ?? ["", { count: 0 }];
  const unit = most !== "" && count >= all * 0.99 ? most : null;
  const usual = byCount.filter(([, each]) => each.count > all * 0.01).map(([each]) => each);
  const measures = unit === null && areApart(usual) ? usual.filter((each) => each !== "") : [];
  const others = byCount.filter(([each]) => each !== (unit ?? "") && !measures.includes(each));
  return {
    name,
    counts,
    examples,
    either,
    unit,
    measures,
    otherUnits: {
      count: others.reduce((sum, [, each]) => sum + each.count, 0),
      example: others[0]?.[1].example ?? "",
    },
    pieces,
    hasSides: all > sides[""] && sides.cr * 2 < all,
  };
}

/** The decimal sign that a column's own numbers prove; null where they leave it open. */
function ownSign({ counts: { point, comma, either, whole } }: ColumnTally): Sign | "both" | null {
  if (point === 0 && comma === 0) return null;
  const few = Math.min(point, comma);
  const many = Math.max(point, comma);
  if (!areStrays(few, many, point + comma + either + whole)) return "both";
  return point > comma ? "." : ",";
}

const formatOf = ({ unit, measures, hasSides }: ColumnTally, decimal: Sign | null): NumberFormat => ({
  decimal,
  unit,
  ...(measures.length > 0 && { measures }),
  ...(hasSides && { hasSides }),
});

function proven(tally: ColumnTally, decimal: Sign): Decision<NumberFormat> {
  const { counts, examples } = tally;
  const [own, contrary] = decimal === "." ? (["point", "comma"] as const) : (["comma", "point"] as const);
  const word = `only with a decimal ${own}`;
  const evidence = `${counted(counts[own])} read ${word} (${examples[own][0]})`;
  const strays = counts[contrary] === 0 ? "" : `; ${counts[contrary]} cannot (${examples[contrary][0]})`;
  const isCertain = counts[contrary] === 0 && counts[own] * 50 >= counts.either;
  return {
    value: formatOf(tally, decimal),
    evidence: evidence + strays + unread(tally),
    confidence: isCertain ? "certain" : "likely",
  };
}

function borrowed(
  tally: ColumnTally,
  others: readonly { readonly tally: ColumnTally; readonly own: Sign | "both" | null }[],
): Decision<NumberFormat> | undefined {
  const { counts, examples } = tally;
  const signs = new Set(others.map(({ own }) => own as Sign));
  if (signs.size === 1) {
    const [decimal] = signs as Set<Sign>;
    if (isUnlike(tally, decimal!)) return undefined;
    const from = `the decimal sign of ${others.map(({ tally: { name } }) => name).join(" and ")}`;
    const evidence =
      counts.either === 0 ? `whole numbers; ${from}` : `${from}, since ${examples.either[0]} could be either`;
    return {
      value: formatOf(tally, decimal!),
      evidence: evidence + unread(tally),
      confidence: counts.either === 0 ? "certain" : "likely",
    };
  }
  if (counts.either > 0) return undefined;
  const evidence =
    counts.whole === 0 ? "no value is a number" : `${counted(counts.whole)} whole, without a decimal sign`;
  return { value: formatOf(tally, null), evidence: evidence + unread(tally), confidence: "certain" };
}

/** Enough numbers for one below a thousand to be among them. */
const MANY = 10;

/**
 * Whether a column cannot well have the decimal sign of the others: with it, `1,200` beside `24` would be neither a writer's that keeps
 * its decimals nor one's that cuts zeros off; or every number would be above a thousand.
 */
function isUnlike({ counts: { whole }, either }: ColumnTally, decimal: Sign): boolean {
  const decimals = either[decimal];
  const groups = either[decimal === "." ? "," : "."];
  return whole > 0 ? decimals.endInZero > 0 : groups.count >= MANY;
}

/** What the parameter says, except where a column's own numbers leave no doubt: the parameter is for the columns that leave one. */
function givenSign(tally: ColumnTally, decimal: Sign): Decision<NumberFormat> {
  const own = ownSign(tally);
  if (own !== null && own !== "both" && own !== decimal) {
    const decision = proven(tally, own);
    if (decision.confidence === "certain") return decision;
  }
  const contrary = decimal === "." ? "comma" : "point";
  const count = tally.counts[contrary];
  const but = count === 0 ? "" : `, though ${formatNumber(count)} cannot be read so (${tally.examples[contrary][0]})`;
  return { value: formatOf(tally, decimal), evidence: `a parameter says so${but}`, confidence: "given" };
}

function openSign({ name, counts, examples, unit, measures }: ColumnTally): OpenQuestion {
  const shown = examples.either.join("; ");
  return {
    parameter: "decimal",
    got: `${counted(counts.either)} in ${name} with a sign that may be decimal or group thousands: ${shown}`,
    choices: choices(examples.either, { unit, measures }),
  };
}

function bothSigns({ name, counts, examples, unit, measures }: ColumnTally): OpenQuestion {
  return {
    parameter: "decimal",
    got:
      `both decimal signs occur in ${name}: ${counted(counts.point)} read only with a point (${examples.point[0]}), ` +
      `${formatNumber(counts.comma)} only with a comma (${examples.comma[0]})`,
    choices: choices([examples.point[0]!, examples.comma[0]!, ...examples.either.slice(0, 1)], { unit, measures }),
  };
}

function choices(
  texts: readonly string[],
  { unit, measures }: Pick<ColumnTally, "unit" | "measures">,
): OpenQuestion["choices"] {
  return (["point", "comma"] as const).map((value) => {
    const read = numberReader({ decimal: value === "point" ? "." : ",", unit, measures });
    return { value, reads: texts.map((text) => readAs(read(text))) };
  });
}

const readAs = (number: Decimal | undefined): string => (number === undefined ? "no number" : formatDecimal(number));

/** What else was seen of a column. */
function unread({ counts: { none }, examples, pieces, otherUnits }: ColumnTally): string {
  const beside = [
    pieces.count === 0 ? "" : `; ${formatNumber(pieces.count)} with a word for pieces (${pieces.example})`,
    otherUnits.count === 0
      ? ""
      : `; ${formatNumber(otherUnits.count)} in another measure, which cannot be added to these (${otherUnits.example})`,
  ].join("");
  return none === 0
    ? beside
    : `${beside}; ${none === 1 ? "1 is no number" : `${formatNumber(none)} are no numbers`} (${examples.none[0]})`;
}

const counted = (count: number): string => (count === 1 ? "1 value is" : `${formatNumber(count)} values are`);
