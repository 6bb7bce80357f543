import { closeSync, openSync, writeSync } from "node:fs";
import { csvField } from "@keyspaces-segmentation/common";
import { seededRandom } from "@keyspaces-segmentation/kmeans";
import { chanceOf } from "../local/data/chance.js";
import { HEADER } from "../local/data/generate.js";
import { recordsOf } from "../local/data/sized.js";
import { RetailWorkbook } from "./retail_workbook.js";

export interface RetailFileOptions {
  /** Records below the header, unreadable ones included. */
  readonly rows: number;
  /** The CSV file as *Online Retail II* has it. */
  readonly file: string;
  /** The same records under the names of the table's columns, with its `line` for programs that do not count repeated lines. */
  readonly numberedFile: string;
  /** The same records as a German spreadsheet saves them: semicolons, `31.12.2009 09:05`, decimal commas, German names of columns. */
  readonly germanFile: string;
  /** The same records as an Excel workbook. */
  readonly workbookFile: string;
  /** The same seed gives the same files. */
  readonly seed?: number;
}

/** The full *Online Retail II* has 1,067,371 rows of 5,942 customers. */
const ROWS_PER_CUSTOMER = 180;
/** Column names of the table, so that a program need not be told which is which. */
const NUMBERED_HEADER = "invoice,stock_code,description,quantity,invoice_date,price,customer_id,country,line";

const GERMAN_HEADER = "Rechnungsnr;Artikelnr;Bezeichnung;Menge;Rechnungsdatum;Einzelpreis;Kundennr;Land";
const DATE = /^(\d+)\/(\d+)\/(\d\d) (\d+):(\d\d)$/;

/** A record as a German spreadsheet saves it; what nobody can read stays as it is. */
function german(fields: readonly string[]): string {
  return fields
    .map((field, at) => {
      const [, month = "", day = "", year, hour = "", minute] = DATE.exec(field) ?? [];
      if (year !== undefined)
        return `${day.padStart(2, "0")}.${month.padStart(2, "0")}.20${year} ${hour.padStart(2, "0")}:${minute}`;
      const text = at === 5 ? field.replace(".", ",") : field;
      return /[;"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
    })
    .join(";");
}

/** Writes a retail data set of any length, of the shape and with the faults of the real one. */
export function writeRetailFiles({
  rows,
  file,
  numberedFile,
  germanFile,
  workbookFile,
  seed = 1,
}: RetailFileOptions): void {
  const [plain, numbered, germanLines] = [openLines(file), openLines(numberedFile), openLines(germanFile)];
  const workbook = new RetailWorkbook(workbookFile, HEADER.split(","));
  plain.add(HEADER);
  germanLines.add(GERMAN_HEADER);
  numbered.add(NUMBERED_HEADER);
  const size = { lines: rows, customers: Math.ceil(rows / ROWS_PER_CUSTOMER) };
  for (const { fields, line } of recordsOf(chanceOf(seededRandom(seed)), size)) {
    const record = fields.map(csvField).join(",");
    plain.add(record);
    germanLines.add(german(fields));
    workbook.add(fields);
    numbered.add(`${record},${line}`);
  }
  plain.close();
  numbered.close();
  germanLines.close();
  workbook.close();
}

/** A text file written line by line, in large pieces. */
function openLines(file: string): { add: (line: string) => void; close: () => void } {
  const descriptor = openSync(file, "w");
  let pending: string[] = [];
  const flush = () => {
    writeSync(descriptor, pending.map((line) => `${line}\n`).join(""));
    pending = [];
  };
  return {
    add: (line) => {
      if (pending.push(line) === 10_000) flush();
    },
    close: () => {
      flush();
      closeSync(descriptor);
    },
  };
}
