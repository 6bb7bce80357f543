import { encodeFrame, type Frame, Opcode } from "./frame.js";
import { bytesOf, intOf } from "./notation.js";
import { countRows, endOfColumns, type Page, ResultKind, RowsFlag } from "./responses.js";

/** The rows of one answer, as they came. */
export interface RowsPart {
  readonly rows: Buffer;
  readonly count: number;
}

export function rowsOf(frame: Frame, page: Page): RowsPart {
  return { rows: frame.body.subarray(endOfColumns(frame, page) + 4), count: countRows(frame, page) };
}

/**
 * One answer of the rows of several, which have the same columns.
 *
 * @param first one of them, with its columns
 * @param withColumns false for a client that has them already
 * @param state where the next page begins; undefined for the last one
 */
export function rowsAnswer(
  { version, stream }: Pick<Frame, "version" | "stream">,
  first: { readonly frame: Frame; readonly page: Page },
  parts: readonly RowsPart[],
  { withColumns, state }: { readonly withColumns: boolean; readonly state: Buffer | undefined },
): Frame {
  const { frame, page } = first;
  const flags = withColumns ? page.flags & RowsFlag.globalTable : RowsFlag.noMetadata;
  const count = parts.reduce((sum, part) => sum + part.count, 0);
  const body = Buffer.concat([
    intOf(ResultKind.rows),
    intOf(flags | (state ? RowsFlag.morePages : 0)),
    intOf(page.columnCount),
    ...(state ? [bytesOf(state)] : []),
    ...(withColumns ? [frame.body.subarray(page.columns, endOfColumns(frame, page))] : []),
    intOf(count),
    ...parts.map(({ rows }) => rows),
  ]);
  const opcode = Opcode.result;
  return { version, stream, opcode, flags: 0, body, bytes: encodeFrame("response", { version, stream, opcode }, body) };
}
