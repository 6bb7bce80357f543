import { basename, posix } from "node:path";
import { StepError } from "@keyspaces-segmentation/common";
import { type CellStyle, CellStyles } from "./cell_styles.js";
import { SharedStrings } from "./shared_strings.js";
import type { CellContext } from "./sheet_rows.js";
import { damaged, type PartReading, WorkbookFile } from "./workbook_file.js";
import type { XmlAttributes, XmlHandler } from "./xml_scanner.js";

/** A sheet with cells, as the workbook's table of contents has it. */
export interface SheetPart {
  readonly name: string;
  readonly isHidden: boolean;
  /** Name of the part that holds its rows. */
  readonly part: string;
}

/** An open workbook: its sheets, and what their cells refer to. Has to be closed. */
export class Workbook {
  readonly file: WorkbookFile;
  readonly sheets: readonly SheetPart[];
  /** Whether its formulas are to be calculated when it is opened, so that values kept with them may be none. */
  readonly calculatesOnOpen: boolean;
  readonly #from1904: boolean;
  readonly #relations: readonly Relation[];

  private constructor(file: WorkbookFile, contents: Contents, relations: readonly Relation[]) {
    this.file = file;
    this.calculatesOnOpen = contents.calculatesOnOpen;
    this.#from1904 = contents.from1904;
    this.#relations = relations;
    this.sheets = contents.sheets.flatMap(({ name, isHidden, relation }) => {
      // Chart sheets, dialogs and macro sheets are of other kinds.
      const target = relations.find(({ id, kind }) => id === relation && kind === "worksheet")?.target;
      return target === undefined ? [] : [{ name, isHidden, part: target }];
    });
  }

  /** @throws StepError where it is damaged */
  static async open(path: string): Promise<Workbook> {
    const file = await WorkbookFile.open(path);
    try {
      const roots = await relationsOf(file, "");
      const part = roots.find(({ kind }) => kind === "officeDocument")?.target ?? "xl/workbook.xml";
      const contents = new Contents();
      await file.scan(part, contents);
      return new Workbook(file, contents, await relationsOf(file, part));
    } catch (error) {
      file.close();
      throw error;
    }
  }

  /** Texts and formats of its cells. */
  async context(reading: PartReading = {}): Promise<CellContext> {
    const strings = new SharedStrings();
    await this.#scan("sharedStrings", strings, reading);
    const styles = new CellStyles();
    await this.#scan("styles", styles, reading);
    return { strings: strings.strings, styles: styles.styles satisfies CellStyle[], from1904: this.#from1904 };
  }

  /**
   * The sheet of a name, in any case, or a number.
   *
   * @throws StepError with the sheets that there are
   */
  sheet(sheet: string | number): SheetPart {
    const wanted = String(sheet).trim().toLowerCase();
    const byName =
      typeof sheet === "number" ? undefined : this.sheets.find(({ name }) => name.trim().toLowerCase() === wanted);
    const found = byName ?? (/^\d+$/.test(wanted) ? this.sheets[Number(wanted) - 1] : undefined);
    if (found !== undefined) return found;
    const names = this.sheets
      .map(({ name, isHidden }, i) => `${i + 1} "${name}"${isHidden ? " (hidden)" : ""}`)
      .join(", ");
    throw new StepError({
      tried: `read sheet ${typeof sheet === "number" ? sheet : `"${sheet}"`} of the workbook ${basename(this.file.path)}`,
      got: this.sheets.length === 0 ? "it has no sheet with cells" : `its sheets are ${names}`,
      hint: "Set `sheet` to the name or the number of one of them.",
    });
  }

  close(): void {
    this.file.close();
  }

  async #scan(kind: string, handler: XmlHandler, reading: PartReading): Promise<void> {
    const target = this.#relations.find((relation) => relation.kind === kind)?.target;
    if (target !== undefined && this.file.has(target)) await this.file.scan(target, handler, reading);
  }
}

/** What a part refers to: `xl/worksheets/sheet1.xml`, of the kind `worksheet`, by the id `rId1`. */
interface Relation {
  readonly id: string;
  /** Last word of its type, which the two namespaces (transitional and strict) have in common. */
  readonly kind: string;
  readonly target: string;
}

async function relationsOf(file: WorkbookFile, part: string): Promise<readonly Relation[]> {
  const folder = part === "" ? "" : posix.dirname(part);
  const name = posix.join(folder, "_rels", `${part === "" ? "" : posix.basename(part)}.rels`);
  const relations: Relation[] = [];
  if (!file.has(name)) {
    if (part === "") return relations;
    throw damaged(file.path, `its part ${name} is missing, which says where its sheets are`);
  }
  await file.scan(name, {
    open(element: string, attributes: XmlAttributes): void {
      const target = attributes.get("Target");
      if (element !== "Relationship" || target === undefined || attributes.get("TargetMode") === "External") return;
      relations.push({
        id: attributes.get("Id") ?? "",
        kind: attributes.get("Type")?.split("/").at(-1) ?? "",
        target: target.startsWith("/") ? target.slice(1) : posix.join(folder, target),
      });
    },
    text() {},
    close() {},
  });
  return relations;
}

/** The workbook's table of contents. */
class Contents implements XmlHandler {
  readonly sheets: { name: string; isHidden: boolean; relation: string }[] = [];
  from1904 = false;
  calculatesOnOpen = false;

  open(name: string, attributes: XmlAttributes): void {
    if (name === "sheet") {
      this.sheets.push({
        name: attributes.get("name") ?? "",
        isHidden: /hidden/i.test(attributes.get("state") ?? ""),
        relation: attributes.get("id") ?? "",
      });
    } else if (name === "workbookPr") this.from1904 = isTrue(attributes.get("date1904"));
    else if (name === "calcPr") this.calculatesOnOpen = isTrue(attributes.get("fullCalcOnLoad"));
  }

  text(): void {}
  close(): void {}
}

function isTrue(value: string | undefined): boolean {
  return value === "1" || value === "true" || value === "on";
}
