import { currencyOfCode, type ShownAs, shownByBuiltIn, shownByCode } from "./cell_dates.js";
import type { XmlAttributes, XmlHandler } from "./xml_scanner.js";

/** What a cell's style makes of its number. */
export interface CellStyle {
  readonly shownAs: ShownAs;
  /** Currency sign or code of its number format. */
  readonly currency: string | undefined;
}

/** The styles of a workbook's cells, from its `styles.xml`, in the order in which cells name them. */
export class CellStyles implements XmlHandler {
  readonly styles: CellStyle[] = [];
  readonly #codes = new Map<number, string>();
  #inCellFormats = false;

  open(name: string, attributes: XmlAttributes): void {
    if (name === "numFmt") {
      this.#codes.set(Number(attributes.get("numFmtId")), attributes.get("formatCode") ?? "");
    } else if (name === "cellXfs") this.#inCellFormats = true;
    else if (name === "xf" && this.#inCellFormats)
      this.styles.push(this.#style(Number(attributes.get("numFmtId") ?? 0)));
  }

  text(): void {}

  close(name: string): void {
    if (name === "cellXfs") this.#inCellFormats = false;
  }

  #style(format: number): CellStyle {
    const code = this.#codes.get(format);
    if (code === undefined) return { shownAs: shownByBuiltIn(format), currency: undefined };
    return { shownAs: shownByCode(code), currency: currencyOfCode(code) };
  }
}
