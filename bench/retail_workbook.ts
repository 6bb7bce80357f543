import { ZipFile } from "./zip_file.js";

/** More rows do not fit on a sheet of Excel. */
const MOST_ROWS = 1_048_576;
const DAY_MS = 86_400_000;
/** Day 0 of a workbook. */
const EPOCH = Date.UTC(1899, 11, 30);
const DATE = /^(\d+)\/(\d+)\/(\d\d) (\d+):(\d\d)$/;
const NUMBER = /^-?(?:0|[1-9]\d{0,14})(?:\.\d+)?$/;
/** As many characters of a sheet are packed at once. */
const PIECE = 1 << 20;

const MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships";
const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';

/** Writes records as a spreadsheet saves them: numbers and dates as numbers, texts once for all cells, a further sheet where one is full. */
export class RetailWorkbook {
  readonly #zip: ZipFile;
  readonly #header: readonly string[];
  readonly #texts = new Map<string, number>();
  #sheets = 0;
  #row = 0;
  #piece = "";

  constructor(path: string, header: readonly string[]) {
    this.#zip = new ZipFile(path);
    this.#header = header;
  }

  add(fields: readonly string[]): void {
    if (this.#sheets === 0 || this.#row === MOST_ROWS) this.#beginSheet();
    this.#addRow(fields);
  }

  close(): void {
    this.#endSheet();
    const numbers = Array.from({ length: this.#sheets }, (_, i) => i + 1);
    const relation = (id: string, kind: string, target: string): string =>
      `<Relationship Id="${id}" Type="${RELATIONS}/${kind}" Target="${target}"/>`;
    this.#part("xl/sharedStrings.xml", [
      `${XML}<sst xmlns="${MAIN}">`,
      ...Array.from(this.#texts.keys(), (text) => `<si><t xml:space="preserve">${escaped(text)}</t></si>`),
      "</sst>",
    ]);
    this.#part("xl/styles.xml", [
      `${XML}<styleSheet xmlns="${MAIN}"><cellXfs><xf numFmtId="0"/><xf numFmtId="22"/></cellXfs></styleSheet>`,
    ]);
    this.#part("xl/workbook.xml", [
      `${XML}<workbook xmlns="${MAIN}" xmlns:r="${RELATIONS}"><sheets>`,
      ...numbers.map((number) => `<sheet name="Part ${number}" sheetId="${number}" r:id="rId${number}"/>`),
      "</sheets></workbook>",
    ]);
    this.#part("xl/_rels/workbook.xml.rels", [
      `${XML}<Relationships xmlns="${PACKAGE}">`,
      ...numbers.map((number) => relation(`rId${number}`, "worksheet", `worksheets/sheet${number}.xml`)),
      relation("rId900", "sharedStrings", "sharedStrings.xml"),
      relation("rId901", "styles", "styles.xml"),
      "</Relationships>",
    ]);
    this.#part("_rels/.rels", [
      `${XML}<Relationships xmlns="${PACKAGE}">${relation("rId1", "officeDocument", "xl/workbook.xml")}</Relationships>`,
    ]);
    this.#part("[Content_Types].xml", [
      `${XML}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>`,
    ]);
    this.#zip.close();
  }

  #beginSheet(): void {
    if (this.#sheets > 0) this.#endSheet();
    this.#sheets++;
    this.#row = 0;
    this.#zip.begin(`xl/worksheets/sheet${this.#sheets}.xml`);
    this.#piece = `${XML}<worksheet xmlns="${MAIN}"><sheetData>`;
    this.#addRow(this.#header);
  }

  #endSheet(): void {
    this.#zip.add(`${this.#piece}</sheetData></worksheet>`);
    this.#zip.end();
    this.#piece = "";
  }

  #addRow(fields: readonly string[]): void {
    const row = ++this.#row;
    this.#piece += `<row r="${row}">`;
    for (const [at, field] of fields.entries()) {
      if (field === "") continue;
      const place = `${String.fromCharCode(65 + at)}${row}`;
      const date = serialOf(field);
      if (date !== null) this.#piece += `<c r="${place}" s="1"><v>${date}</v></c>`;
      else if (NUMBER.test(field)) this.#piece += `<c r="${place}"><v>${field}</v></c>`;
      else this.#piece += `<c r="${place}" t="s"><v>${this.#numberOf(field)}</v></c>`;
    }
    this.#piece += "</row>";
    if (this.#piece.length < PIECE) return;
    this.#zip.add(this.#piece);
    this.#piece = "";
  }

  #numberOf(text: string): number {
    const known = this.#texts.get(text) ?? this.#texts.size;
    this.#texts.set(text, known);
    return known;
  }

  #part(name: string, content: readonly string[]): void {
    this.#zip.begin(name);
    this.#zip.add(content.join(""));
    this.#zip.end();
  }
}

function serialOf(text: string): number | null {
  const found = DATE.exec(text);
  if (found === null) return null;
  const [month, day, year, hour, minute] = found.slice(1).map(Number) as [number, number, number, number, number];
  const time = Date.UTC(2000 + year, month - 1, day, hour, minute);
  // A day that there is not stays a text.
  return new Date(time).getUTCDate() === day ? (time - EPOCH) / DAY_MS : null;
}

const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
