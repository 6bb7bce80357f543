import { pluralForm } from "@keyspaces-segmentation/common";
import type { TableRecord } from "@keyspaces-segmentation/table-files";
import { simplified } from "./column_names.js";
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

/**
 * What is said of lines that look like returns and have positive quantities and amounts, so that they count as sales: by something in a
 * column such as "Return reason", or by their description.
 */
export function returnMarksOf(body: readonly TableRecord[], header: readonly string[], amounts: Amounts): ReadingRow[] {
  const { positions, shift } = amounts;
  const { quantity, price, amount, description, type } = positions;
  if (type !== undefined) return [];
  const value = (fields: readonly string[], at: number | undefined): string =>
    at === undefined ? "1" : (fields[at + shift]?.trim() ?? "");
  const isSale = (fields: readonly string[]): boolean =>
    [value(fields, quantity), value(fields, price ?? amount)].every(isAboveZero);
  const rowOf = (what: string, marks: (fields: readonly string[]) => boolean): ReadingRow[] => {
    const marked = body.filter(({ fields }) => marks(fields) && isSale(fields));
    const lines = marked.length;
    if (lines === 0 || lines > LARGEST_SHARE_OF_RETURNS * body.length) return [];
    return [
      {
        what: "returns",
        readAs: `${what} count as sales`,
        because: `${linesWorth(marked, amounts)} of the sample ${pluralForm(lines, "has", "have")} positive quantities and amounts there; where these came back, a minus in the file or a column of kinds of lines says so`,
        confidence: "likely",
      },
    ];
  };
  const used = new Set<number>(Object.values(positions));
  return [
    ...header.flatMap((name, at) =>
      !used.has(at) && MARK.test(simplified(name))
        ? rowOf(
            `lines with something in ${listed([name])}`,
            (fields) => !/^(?:|0|-|n|no|none|null|nan)$/i.test(value(fields, at)),
          )
        : [],
    ),
    ...[...header.keys()]
      .filter((at) => at === description || (!used.has(at) && REMARK.test(simplified(header[at]!))))
      .flatMap((at) =>
        rowOf(
          `lines whose ${listed([header[at] ?? "description"])} speaks of a refund`,
          (fields) => MAY_PAY_BACK.test(value(fields, at)) && PAID_BACK.test(simplified(value(fields, at))),
        ),
      ),
  ];
}
