import { pluralForm } from "@keyspaces-segmentation/common";
import type { TableRecord } from "@keyspaces-segmentation/table-files";
import { answeringShare } from "./answering_lines.js";
import { simplified } from "./column_names.js";
import { creditNumbers } from "./credit_numbers.js";
import { listed } from "./map_columns.js";
import type { ReadingRow } from "./reading_row.js";
import { LARGEST_SHARE_OF_RETURNS } from "./returns_share.js";
import { isAboveZero } from "./signs.js";
import { type Amounts, linesWorth } from "./worth.js";

/** Columns that have something in them where a line has come back. */
const MARK =
  /^(?:return|refund|rma|credit(?:note|memo)?|retouren?|gutschrifts?|storno|avoir|retour|devolucion|reso)(?:reason|id|no|nr|num|number|ref|reference|grund|nummer|code|motif|motivo|comment|type)$|^reasonfor(?:the)?(?:return|refund)$|^original(?:invoice|order|receipt|sale|document|transaction)(?:no|nr|number|id|ref)?$/;
/** Columns of remarks, which may speak of what has come back. */
const REMARK =
  /^(?:reason|comments?|notes?|remarks?|memo|bemerkung(?:en)?|grund|kommentar|motif|motivo|commentaire|comentarios?)$/;
/** How descriptions of lines that pay something back begin, and hardly any article. */
const PAID_BACK =
  /^(?:refund|gutschrift|storno|retoure|ruckerstattung|ruckzahlung|erstattung|avoir|remboursement|reembolso|rimborso|terugbetaling|creditnote|creditmemo|returned|abono)/;
/** The same at a glance: most descriptions are not taken apart. */
const MAY_PAY_BACK =
  /^(?:refund|gutsch|storn|retour|retoure|r[üu]ck|erstatt|avoir|rembours|reemb|rimb|terug|credit|return|abono)/i;

/** How the number of a return may end that has the number of its sale. */
const SUFFIX = /^(.*\d)[-/_. ]?(?:r|ret|rtn|rt|rf|rfd|ref|refund|return|rma|cr|crn|cn|av|gs|dev)\d?$/i;
/** Of the lines of such invoices, so many may take back what their customers have bought. */
const NEARLY_ALL = 0.8;
/** As many of such invoices are looked at. */
const LOOKED_AT = 50;

/** Invoices with the number of another and an end such as -R, of what their customers have bought; undefined for none. */
function suffixedOf(
  body: readonly TableRecord[],
  amounts: Amounts,
  isCredit: (number: string) => boolean,
): { readonly invoices: ReadonlySet<string>; readonly example: string; readonly end: string } | undefined {
  const at = amounts.positions.invoice;
  if (at === undefined) return undefined;
  const numbers = new Set(body.map(({ fields }) => fields[at + amounts.shift]?.trim() ?? ""));
  const invoices = [...numbers].filter((number) => numbers.has(SUFFIX.exec(number)?.[1] ?? "\0") && !isCredit(number));
  const [example] = invoices;
  if (example === undefined) return undefined;
  const share = answeringShare(body, amounts, { at, kinds: invoices.slice(0, LOOKED_AT), withPrice: true });
  if (share < NEARLY_ALL) return undefined;
  return { invoices: new Set(invoices), example, end: example.slice(SUFFIX.exec(example)![1]!.length) };
}

/**
 * What is said of lines that look like returns and have positive quantities and amounts, so that they count as sales: by something in a
 * column such as "Return reason", by the end of their invoice's number, or by their description.
 *
 * @param creditNotes how numbers of credit notes begin or end that a parameter has named
 */
export function returnMarksOf(
  body: readonly TableRecord[],
  header: readonly string[],
  amounts: Amounts,
  creditNotes: readonly string[],
): ReadingRow[] {
  const { positions, shift } = amounts;
  const { quantity, price, amount, type } = positions;
  const product = positions.description ?? positions.stockCode;
  if (type !== undefined) return [];
  const value = (fields: readonly string[], at: number | undefined): string =>
    at === undefined ? "1" : (fields[at + shift]?.trim() ?? "");
  const isSale = (fields: readonly string[]): boolean =>
    [value(fields, quantity), value(fields, price ?? amount)].every(isAboveZero);
  const rowOf = (
    what: string,
    marks: (fields: readonly string[]) => boolean,
    or = "a column of kinds of lines",
  ): ReadingRow[] => {
    const marked = body.filter(({ fields }) => marks(fields) && isSale(fields));
    const lines = marked.length;
    if (lines === 0 || lines > LARGEST_SHARE_OF_RETURNS * body.length) return [];
    return [
      {
        what: "returns",
        readAs: `${what} count as sales`,
        because: `${linesWorth(marked, amounts)} of the sample ${pluralForm(lines, "has", "have")} positive quantities and amounts there; where these came back, a minus in the file or ${or} says so`,
        confidence: "likely",
      },
    ];
  };
  const used = new Set<number>(Object.values(positions));
  const suffixed = suffixedOf(body, amounts, creditNumbers(creditNotes));
  return [
    ...(suffixed === undefined
      ? []
      : rowOf(
          `invoices such as ${suffixed.example}`,
          (fields) => suffixed.invoices.has(value(fields, positions.invoice)),
          `creditNotes="*${suffixed.end}"`,
        )),
    ...header.flatMap((name, at) =>
      !used.has(at) && MARK.test(simplified(name))
        ? rowOf(
            `lines with something in ${listed([name])}`,
            (fields) => !/^(?:|0|-|n|no|none|null|nan)$/i.test(value(fields, at)),
          )
        : [],
    ),
    ...[...header.keys()]
      .filter((at) => at === product || (!used.has(at) && REMARK.test(simplified(header[at]!))))
      .flatMap((at) =>
        rowOf(
          `lines whose ${listed([header[at] ?? "description"])} speaks of a refund`,
          (fields) => MAY_PAY_BACK.test(value(fields, at)) && PAID_BACK.test(simplified(value(fields, at))),
        ),
      ),
  ];
}
