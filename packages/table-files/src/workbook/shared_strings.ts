import { type XmlAttributes, XmlError, type XmlHandler } from "./xml_scanner.js";

/** Most characters that the texts of a workbook are kept with: 128 million. */
const MOST_CHARACTERS = 128 * 2 ** 20;
/** What a text takes besides its characters. */
const TEXT_OVERHEAD = 32;

/** The texts that a workbook keeps once for all its cells, from its `sharedStrings.xml`: runs joined, phonetic hints left out. */
export class SharedStrings implements XmlHandler {
  readonly strings: string[] = [];
  readonly #most: number;
  readonly #text: CellText = new CellText();
  #size = 0;

  /** @param most how many characters of memory they may take */
  constructor(most: number = MOST_CHARACTERS) {
    this.#most = most;
  }

  open(name: string, _attributes: XmlAttributes): void {
    if (name === "si") this.#text.begin();
    else this.#text.open(name);
  }

  text(text: string): void {
    this.#text.text(text);
    if (this.#size + this.#text.length > this.#most) this.#refuse();
  }

  close(name: string): void {
    if (name !== "si") {
      this.#text.close(name);
      return;
    }
    const string = this.#text.end();
    this.#size += string.length + TEXT_OVERHEAD;
    if (this.#size > this.#most) this.#refuse();
    this.strings.push(string);
  }

  #refuse(): never {
    throw new XmlError("its texts are too many to be kept in memory");
  }
}

/** The text of a cell, from the elements `t` within it. */
export class CellText {
  #text = "";
  #isIn = false;
  #isPhonetic = false;

  begin(): void {
    this.#text = "";
    this.#isIn = false;
    this.#isPhonetic = false;
  }

  /** How many characters have come. */
  get length(): number {
    return this.#text.length;
  }

  open(name: string): void {
    if (name === "t") this.#isIn = !this.#isPhonetic;
    else if (name === "rPh") this.#isPhonetic = true;
  }

  text(text: string): void {
    if (this.#isIn) this.#text += text;
  }

  close(name: string): void {
    if (name === "t") this.#isIn = false;
    else if (name === "rPh") this.#isPhonetic = false;
  }

  end(): string {
    return unescaped(this.#text);
  }
}

/** A text without the escapes that workbooks have for characters that XML does not: `_x000D_` is a carriage return (ECMA-376 part 1, 22.9.2.19). */
export function unescaped(text: string): string {
  if (!text.includes("_x")) return text;
  return text.replace(/_x([0-9A-Fa-f]{4})_/g, (_all, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}
