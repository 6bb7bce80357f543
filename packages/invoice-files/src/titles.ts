import { isHeaderAgain } from "./record_sample.js";
import { type SectionRecord, saysReturns } from "./sections.js";
import { saysTotal } from "./total_lines.js";

/** Where a report has titles above its lines. */
export interface TitleRows {
  readonly header: readonly string[];
  /** Where titles and the words of totals stand. */
  readonly column: number;
  /** Where dates stand, which totals have not. */
  readonly date: number;
}

interface Title {
  readonly name: string;
  readonly text: string;
  /** Lines right below it. */
  lines: number;
}

/** A date, a number and money. */
const FEWEST_FIELDS = 3;
/** No title is longer. */
const MOST_WORDS = 24;
const MOST_LETTERS = 200;

export const textAt = ({ fields }: SectionRecord, column: number): string => fields[column]?.trim() ?? "";
export const filled = ({ fields }: SectionRecord): number =>
  fields.reduce((sum, text) => sum + Number(text.trim() !== ""), 0);

/** The words of a text, in one spelling; none of one that is too long for a title. */
function wordsOf(text: string): readonly string[] {
  if (text.length > MOST_LETTERS) return [];
  const words = text
    .normalize("NFKC")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u);
  const found = words.filter((word) => word !== "");
  return found.length > MOST_WORDS ? [] : found;
}

/** Follows the titles that stand above lines, each until its total: `Total for Anna Berg` or `Anna Berg total`, without a date. */
export class Titles {
  readonly #rows: TitleRows;
  readonly #isTitle: (name: string) => boolean;
  readonly #open: Title[] = [];
  readonly #places = new Map<string, number>();
  /** Titles with a total of their own, and how they are written. */
  readonly totalled: Map<string, string> = new Map();
  /** Titles above one that has a second total. */
  readonly aboveRepeated: Set<string> = new Set();
  /** Titles that had lines below and were closed without a total. */
  withoutTotal = 0;
  withTotal = 0;
  /** Lines that have something where titles stand. */
  named = 0;

  /** @param isTitle whether a text alone in its row may be a title, by its words */
  constructor(rows: TitleRows, isTitle: (name: string) => boolean = () => true) {
    this.#rows = rows;
    this.#isTitle = isTitle;
  }

  /** The title above the next line; "" for none. */
  get text(): string {
    return this.#open.at(-1)?.text ?? "";
  }

  /** Titles with lines below that wait for their total. */
  get waiting(): number {
    return this.#open.filter(({ lines }) => lines > 0).length;
  }

  /** What a record is, after which the title of the next lines is known. */
  take(record: SectionRecord): "title" | "total" | "line" {
    const { header, column, date } = this.#rows;
    if (record.problem !== undefined || isHeaderAgain(record, header)) return "line";
    const text = textAt(record, column);
    const hasDate = date !== column && textAt(record, date) !== "";
    if (text !== "" && !hasDate) {
      const words = wordsOf(text);
      const ended = this.#endedBy(words);
      if (ended !== undefined) {
        this.#end(ended);
        return "total";
      }
      const name = words.join(" ");
      if (filled(record) === 1 && name !== "" && this.#isTitle(name) && !saysReturns(text)) {
        // Once more, as on the next page, it changes nothing.
        if (!this.#places.has(name)) {
          this.#places.set(name, this.#open.length);
          this.#open.push({ name, text, lines: 0 });
        }
        return "title";
      }
    }
    if ((hasDate || date === column) && filled(record) >= FEWEST_FIELDS) {
      const above = this.#open.at(-1);
      if (above !== undefined) above.lines++;
      if (date !== column && text !== "") this.named++;
    }
    return "line";
  }

  /** Where the title stands that a row adds up, the longest that its words begin or end with beside a word for a total. */
  #endedBy(words: readonly string[]): number | undefined {
    for (let length = words.length - 1; length > 0; length--) {
      const rest = words.length - length;
      for (const start of [rest, 0]) {
        const place = this.#places.get(words.slice(start, start + length).join(" "));
        const others = start === 0 ? words.slice(length) : words.slice(0, rest);
        if (place !== undefined && others.some(saysTotal)) return place;
      }
    }
    return undefined;
  }

  #end(place: number): void {
    const closed = this.#open.splice(place);
    for (const { name } of closed) this.#places.delete(name);
    const [{ name, text, lines }, ...within] = closed as [Title, ...Title[]];
    if (this.totalled.has(name)) for (const above of this.#open) this.aboveRepeated.add(above.name);
    this.totalled.set(name, text);
    if (lines > 0) this.withTotal++;
    this.withoutTotal += within.filter((title) => title.lines > 0).length;
  }
}
