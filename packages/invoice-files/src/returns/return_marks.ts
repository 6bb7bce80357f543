import { pluralForm } from "@keyspaces-segmentation/common";
import { simplified } from "../columns/column_names.js";
import { fieldAt, type Table } from "../columns/table.js";
import { LARGEST_SHARE_OF_RETURNS } from "../money/sales_signs.js";
import { isAboveZero } from "../money/signs.js";
import { linesWorth, type NumberFormats } from "../money/worth.js";
import type { ReadingRow } from "../reading_row.js";
import { creditNumbers } from "./credit_numbers.js";
import { answeringShare } from "./return_share.js";

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
  table: Table,
  formats: NumberFormats,
  isCredit: (number: string) => boolean,
): { readonly invoices: ReadonlySet<string>; readonly example: string; readonly end: string } | undefined {
  const at = table.positions.invoice;
  if (at === undefined) return undefined;
  const numbers = table.countsAt(at);
  const invoices = [...numbers.keys()].filter(
    (number) => numbers.has(SUFFIX.exec(number)?.[1] ?? "\0") && !isCredit(number),
  );
  const [example] = invoices;
  if (example === undefined) return undefined;
  const share = answeringShare(table, formats, { at, kinds: invoices.slice(0, LOOKED_AT), withPrice: true });
  if (share < NEARLY_ALL) return undefined;
  return { invoices: new Set(invoices), example, end: example.slice(SUFFIX.exec(example)![1]!.length) };
}

/**
 * What is said of lines that look like returns and have positive quantities and amounts, so that they count as sales: by something in a
 * column such as "Return reason", by the end of their invoice's number, or by their description.
 *
 * @param creditNotes how numbers of credit notes begin or end that a parameter has named
 */
export function returnMarksOf(table: Table, formats: NumberFormats, creditNotes: readonly string[]): ReadingRow[] {
  const { header, lines: all, positions } = table;
  const { quantity, price, amount, type } = positions;
  const product = positions.description ?? positions.stockCode;
  if (type !== undefined) return [];
  const isSale = (fields: readonly string[]): boolean =>
    [quantity, price ?? amount].every((at) => at === undefined || isAboveZero(fieldAt(fields, at)));
  const rowOf = (
    what: string,
    marks: (fields: readonly string[]) => boolean,
    or = "a column of kinds of lines",
  ): ReadingRow[] => {
    const marked = all.filter(({ fields }) => marks(fields) && isSale(fields));
    const lines = marked.length;
    if (lines === 0 || lines > LARGEST_SHARE_OF_RETURNS * all.length) return [];
    return [
      {
        what: "returns",
        readAs: `${what} count as sales`,
        because: `${linesWorth(marked, positions, formats)} of the sample ${pluralForm(lines, "has", "have")} positive quantities and amounts there; where these came back, a minus in the file or ${or} says so`,
        confidence: "likely",
      },
    ];
  };
  const free = table.unused();
  const suffixed = suffixedOf(table, formats, creditNumbers(creditNotes));
  return [
    ...(suffixed === undefined
      ? []
      : rowOf(
          `invoices such as ${suffixed.example}`,
          (fields) => suffixed.invoices.has(fieldAt(fields, positions.invoice)),
          `creditNotes="*${suffixed.end}"`,
        )),
    ...free
      .filter((at) => MARK.test(simplified(header[at]!)))
      .flatMap((at) =>
        rowOf(
          `lines with something in ${table.nameOf(at)}`,
          (fields) => !/^(?:|0|-|n|no|none|null|nan)$/i.test(fieldAt(fields, at)),
        ),
      ),
    ...[
      ...(product === undefined ? [] : [product]),
      ...free.filter((at) => REMARK.test(simplified(header[at]!))),
    ].flatMap((at) =>
      rowOf(
        `lines whose ${table.nameOf(at)} speaks of a refund`,
        (fields) => MAY_PAY_BACK.test(fieldAt(fields, at)) && PAID_BACK.test(simplified(fieldAt(fields, at))),
      ),
    ),
  ];
}
