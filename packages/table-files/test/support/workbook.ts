import { type Member, zip } from "./zip.js";

/** What a test's workbook is made of, as XML. */
export interface WorkbookXml {
  /** Of each sheet, by its name, what stands within `sheetData`; or the whole part. */
  sheets: Readonly<Record<string, string>>;
  /** Attributes of sheets, by name. */
  attributes?: Readonly<Record<string, string>>;
  /** What stands within `sst`. */
  strings?: string;
  /** What stands within `numFmts`, and within `cellXfs`. */
  formats?: string;
  styles?: string;
  /** What stands in the workbook besides its sheets. */
  properties?: string;
  /** Parts besides, or instead. */
  parts?: Readonly<Record<string, Member>>;
}

const MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships";
const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n';

/** A workbook as programs write them. */
export function workbook(xml: WorkbookXml): Uint8Array {
  const names = Object.keys(xml.sheets);
  const sheets = names.map(
    (name, i) => `<sheet name="${name}" sheetId="${i + 1}" ${xml.attributes?.[name] ?? ""} r:id="rId${i + 1}"/>`,
  );
  const relation = (id: string, kind: string, target: string) =>
    `<Relationship Id="${id}" Type="${RELATIONS}/${kind}" Target="${target}"/>`;
  const relations = [
    ...names.map((_name, i) => relation(`rId${i + 1}`, "worksheet", `worksheets/sheet${i + 1}.xml`)),
    relation("rId900", "sharedStrings", "sharedStrings.xml"),
    relation("rId901", "styles", "styles.xml"),
  ];
  const rows = (content: string) =>
    content.startsWith("<?xml")
      ? content
      : `${XML}<worksheet xmlns="${MAIN}"><sheetData>${content}</sheetData></worksheet>`;
  return zip({
    "[Content_Types].xml": `${XML}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`,
    "_rels/.rels": `${XML}<Relationships xmlns="${PACKAGE}">${relation("rId1", "officeDocument", "xl/workbook.xml")}</Relationships>`,
    "xl/workbook.xml": `${XML}<workbook xmlns="${MAIN}" xmlns:r="${RELATIONS}">${xml.properties ?? ""}<sheets>${sheets.join("")}</sheets></workbook>`,
    "xl/_rels/workbook.xml.rels": `${XML}<Relationships xmlns="${PACKAGE}">${relations.join("")}</Relationships>`,
    ...Object.fromEntries(
      names.map((name, i) => [`xl/worksheets/sheet${i + 1}.xml`, rows(xml.sheets[name] as string)]),
    ),
    ...(xml.strings === undefined ? {} : { "xl/sharedStrings.xml": `${XML}<sst xmlns="${MAIN}">${xml.strings}</sst>` }),
    "xl/styles.xml": `${XML}<styleSheet xmlns="${MAIN}"><numFmts>${xml.formats ?? ""}</numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs>${xml.styles ?? '<xf numFmtId="0"/>'}</cellXfs></styleSheet>`,
    ...xml.parts,
  });
}
