import { occurrencesOf, type TableRecord } from "@keyspaces-segmentation/table-files";
import type { Fact } from "./column_names.js";
import { listed, type Positions } from "./map_columns.js";

/** The field of a line in a column; "" where the line ends before it, or there is no such column. */
export const fieldAt = (fields: readonly string[], at: number | undefined): string =>
  at === undefined ? "" : (fields[at] ?? "");

/** The same of a record as the file has it, without the blanks around the field. */
export const trimmedAt = (fields: readonly string[], at: number | undefined): string => fieldAt(fields, at).trim();

/** What the lines of a table are given with. */
interface TableParts {
  readonly header: readonly string[];
  readonly positions: Positions;
  readonly pieces: readonly (readonly TableRecord[])[];
}

/**
 * The lines of a sample below their header, and which column is which as far as that is known: what decisions look at. The first field of a
 * line stands below the first name of the header, and there are no blanks around any.
 */
export class Table {
  /** Names of the columns as the file has them. */
  readonly header: readonly string[];
  readonly positions: Positions;
  /** Its lines piece by piece: what stands between pieces is not known. */
  readonly pieces: readonly (readonly TableRecord[])[];
  /** All in one. */
  readonly lines: readonly TableRecord[];
  readonly #counts: Map<number, ReadonlyMap<string, number>>;

  constructor({ header, positions, pieces }: TableParts, others?: Table) {
    this.header = header;
    this.positions = positions;
    this.pieces = pieces;
    this.lines = others?.lines ?? pieces.flat();
    this.#counts = others === undefined ? new Map() : others.#counts;
  }

  /** The same lines with other columns. */
  withPositions(positions: Positions): Table {
    return positions === this.positions
      ? this
      : new Table({ header: this.header, positions, pieces: this.pieces }, this);
  }

  /** Those of the lines that a test keeps. */
  filter(keeps: (fields: readonly string[]) => boolean): Table {
    const lines = this.lines.filter(({ fields }) => keeps(fields));
    if (lines.length === this.lines.length) return this;
    return new Table({ header: this.header, positions: this.positions, pieces: [lines] });
  }

  /** The different values of a column, "" for blank among them, and how many lines have each, in the order in which they come first. */
  countsAt(at: number): ReadonlyMap<string, number> {
    let counts = this.#counts.get(at);
    if (counts === undefined) {
      counts = occurrencesOf(this.lines.map(({ fields }) => fieldAt(fields, at)));
      this.#counts.set(at, counts);
    }
    return counts;
  }

  /** How many lines have a value in a column that a test keeps. */
  linesWith(at: number, is: (text: string) => boolean): number {
    let lines = 0;
    for (const [text, count] of this.countsAt(at)) if (is(text)) lines += count;
    return lines;
  }

  /** Tells the lines with a value in one of some columns that a test keeps, which is asked once for each value. */
  linesTest(
    columns: readonly (number | undefined)[],
    is: (text: string) => boolean,
  ): (fields: readonly string[]) => boolean {
    const kept = columns.flatMap((at) => {
      const texts = at === undefined ? [] : [...this.countsAt(at).keys()].filter(is);
      return texts.length === 0 ? [] : [{ at, texts: new Set(texts) }];
    });
    if (kept.length === 0) return () => false;
    return (fields) => {
      for (const { at, texts } of kept) if (texts.has(fieldAt(fields, at))) return true;
      return false;
    };
  }

  /** The different values of a fact that are not blank, and how many lines have each; none where the file has no such column. */
  countsOf(fact: Fact): Map<string, number> {
    const at = this.positions[fact];
    const counts = new Map(at === undefined ? [] : this.countsAt(at));
    counts.delete("");
    return counts;
  }

  /** The columns that stand for no fact, but for those that are given as well. */
  unused(...except: readonly Fact[]): number[] {
    const used = new Set<number>();
    for (const [fact, at] of Object.entries(this.positions)) if (!except.includes(fact as Fact)) used.add(at);
    return [...this.header.keys()].filter((at) => !used.has(at));
  }

  /** The name of a column as a reader can copy it. */
  nameOf(at: number): string {
    return listed([this.header[at] ?? "-"]);
  }
}

/** Which column the money of a line stands in. */
export const moneyFactOf = ({ price }: Positions): "price" | "amount" => (price === undefined ? "amount" : "price");

/** The values of two columns as those of one. */
export function addedUp(counts: Map<string, number>, others: Iterable<readonly [string, number]>): Map<string, number> {
  for (const [value, count] of others) counts.set(value, (counts.get(value) ?? 0) + count);
  return counts;
}
