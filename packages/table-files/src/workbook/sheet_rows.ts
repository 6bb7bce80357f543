import { formatNumber } from "@keyspaces-segmentation/common";
import type { TableRecord } from "../record.js";
import { dateOfIsoText, dateOfSerial } from "./cell_dates.js";
import { numberText } from "./cell_number.js";
import type { CellStyle } from "./cell_styles.js";
import { CellText, unescaped } from "./shared_strings.js";
import { SheetRecord } from "./sheet_record.js";
import { type XmlAttributes, XmlError, type XmlHandler } from "./xml_scanner.js";

/** What the cells of a workbook's sheets refer to. */
export interface CellContext {
  readonly strings: readonly string[];
  readonly styles: readonly CellStyle[];
  /** Whether days are counted from 1904 instead of 1900. */
  readonly from1904: boolean;
}

/** What was seen in a sheet besides its rows. */
export interface SheetNotes {
  /** Formulas for which the file has no value, as programs write them that do not calculate; their cells were read as empty (or as the 0 that stands there). */
  readonly formulasWithoutValue: number;
  /** Signs or codes of the currencies in the formats of a column's numbers, by the column's index; columns without any are left out. */
  readonly currencies: ReadonlyMap<number, ReadonlySet<string>>;
}

/** Most columns that a table is read with. A sheet may have 16,384; a value out there would make each row as wide. */
const MOST_COLUMNS = 2048;
/** Most characters that a cell is read with; Excel's own limit is 32,767. */
const LONGEST_VALUE = 4 * 2 ** 20;

/** The rows of a sheet, from the XML of it. Rows in which no cell has a value are none. */
export class SheetRows implements XmlHandler {
  /** Whether all rows have come. */
  isComplete = false;
  /** Row that the sheet says it has last; a program may say anything. */
  lastRow: number | undefined;

  readonly #context: CellContext;
  #formulas = 0;
  #formulasWithoutValue = 0;
  #formulasOfZero = 0;
  readonly #currencies = new Map<number, Set<string>>();
  #records: TableRecord[] = [];
  #width: number;
  readonly #rowsBefore: number;
  #row = 0;
  /** Of the row that has been begun, up to its last cell so far; records get copies, as in `split_fields`. */
  readonly #fields: string[] = [];
  #filled = 0;
  #column = -1;
  #type: string | undefined;
  #style: CellStyle | undefined;
  #hasFormula = false;
  #value = "";
  /** The date that was read last. */
  #date = { value: "", style: undefined as CellStyle | undefined, text: "" };
  #isIn: "value" | "text" | undefined;
  readonly #text: CellText = new CellText();

  /**
   * @param width how many fields a record has at least; where not given, as many as the widest row before it
   * @param rowsBefore what is added to the number of a row
   */
  constructor(context: CellContext, width: number | undefined, rowsBefore = 0) {
    this.#context = context;
    this.#rowsBefore = rowsBefore;
    this.#width = width ?? 0;
  }

  /**
   * What was seen besides the rows.
   *
   * @param calculatesOnOpen whether the workbook asks for its formulas to be calculated
   */
  notes(calculatesOnOpen: boolean): SheetNotes {
    const isUncalculated = calculatesOnOpen && this.#formulasOfZero === this.#formulas;
    return {
      formulasWithoutValue: isUncalculated ? this.#formulas : this.#formulasWithoutValue,
      currencies: this.#currencies,
    };
  }

  /** How many fields the widest row has had. */
  get width(): number {
    return this.#width;
  }

  /** The rows that have come since it was called last. */
  take(): TableRecord[] {
    const records = this.#records;
    this.#records = [];
    return records;
  }

  open(name: string, attributes: XmlAttributes): void {
    switch (name) {
      case "c":
        this.#openCell(attributes);
        return;
      case "v":
        this.#isIn = "value";
        return;
      case "f":
        this.#hasFormula = true;
        return;
      case "is":
        this.#text.begin();
        this.#isIn = "text";
        return;
      case "row":
        this.#row = Number(attributes.get("r") ?? this.#row + 1);
        if (!(this.#row >= 1)) throw new XmlError(`it has a row with the number ${attributes.get("r")}`);
        this.#filled = 0;
        this.#column = -1;
        this.#isIn = undefined;
        return;
      case "dimension":
        this.lastRow = Number(/(\d+)$/.exec(attributes.get("ref") ?? "")?.[1] ?? Number.NaN) || undefined;
        return;
      default:
        if (this.#isIn === "text") this.#text.open(name);
    }
  }

  text(text: string): void {
    if (this.#isIn === undefined) return;
    if (this.#isIn === "value") this.#value += text;
    else this.#text.text(text);
    if (this.#value.length + this.#text.length > LONGEST_VALUE) {
      throw new XmlError(`a cell of its row ${this.#row} is longer than any program writes it`);
    }
  }

  close(name: string): void {
    switch (name) {
      case "v":
        this.#isIn = undefined;
        return;
      case "is":
        this.#value = this.#text.end();
        this.#text.begin();
        this.#isIn = undefined;
        return;
      case "c":
        this.#closeCell();
        return;
      case "row":
        this.#closeRow();
        return;
      case "sheetData":
        this.isComplete = true;
        return;
      default:
        if (this.#isIn === "text") this.#text.close(name);
    }
  }

  #openCell(attributes: XmlAttributes): void {
    const reference = attributes.get("r");
    this.#column = reference === undefined ? this.#column + 1 : columnOf(reference);
    if (Number.isNaN(this.#column)) throw new XmlError(`it has a cell with the place ${reference}`);
    this.#type = attributes.get("t");
    const style = attributes.get("s");
    this.#style = style === undefined ? this.#context.styles[0] : this.#context.styles[Number(style)];
    this.#hasFormula = false;
    this.#value = "";
  }

  #closeCell(): void {
    if (this.#hasFormula) {
      this.#formulas++;
      if (this.#value === "" && this.#type !== "str") this.#formulasWithoutValue++;
      else if (this.#value === "0") this.#formulasOfZero++;
    }
    if (this.#value === "") return;
    if (this.#column >= MOST_COLUMNS) {
      const place = `column ${formatNumber(this.#column + 1)} of row ${this.#row}`;
      throw new XmlError(`it has a value in ${place}, and a table may have ${formatNumber(MOST_COLUMNS)} columns`);
    }
    const text = this.#cellText();
    while (this.#filled <= this.#column) this.#fields[this.#filled++] = "";
    this.#fields[this.#column] = text;
  }

  #cellText(): string {
    const value = this.#value;
    switch (this.#type) {
      case "s": {
        const text = this.#context.strings[Number(value)];
        if (text === undefined) throw new XmlError(`its row ${this.#row} has a text that the workbook does not have`);
        return text;
      }
      case "inlineStr":
      case "e":
        return value;
      case "str":
        return unescaped(value);
      case "b":
        return value.trim() === "0" || value.trim() === "false" ? "FALSE" : "TRUE";
      case "d":
        return dateOfIsoText(value);
      default:
        return this.#numberText(value);
    }
  }

  #numberText(value: string): string {
    const style = this.#style;
    if (style === undefined) return numberText(value);
    if (style.shownAs !== "number") {
      // Rows that follow each other are mostly of one moment.
      if (value !== this.#date.value || style !== this.#date.style) {
        const text = dateOfSerial(Number(value), style.shownAs, this.#context.from1904) ?? numberText(value);
        this.#date = { value, style, text };
      }
      return this.#date.text;
    }
    if (style.currency !== undefined) this.#noteCurrency(style.currency);
    return numberText(value);
  }

  #noteCurrency(currency: string): void {
    const ofColumn = this.#currencies.get(this.#column);
    if (ofColumn === undefined) this.#currencies.set(this.#column, new Set([currency]));
    else ofColumn.add(currency);
  }

  #closeRow(): void {
    const fields = this.#fields;
    let length = this.#filled;
    while (length > 0 && fields[length - 1] === "") length--;
    if (length === 0) return;
    if (length > this.#width) this.#width = length;
    while (length < this.#width) fields[length++] = "";
    this.#records.push(new SheetRecord(this.#rowsBefore + this.#row, fields.slice(0, length)));
  }
}

/** Index of the column of a cell such as `AB12`; NaN where it is none. */
function columnOf(reference: string): number {
  let column = 0;
  for (let i = 0; i < reference.length; i++) {
    const letter = reference.charCodeAt(i) & ~32;
    if (letter < 65 || letter > 90) break;
    column = column * 26 + letter - 64;
  }
  return column > 0 ? column - 1 : Number.NaN;
}
