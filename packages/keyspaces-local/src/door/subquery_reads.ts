import { type Frame, Opcode } from "../protocol/frame.js";
import { intOf, shortOf } from "../protocol/notation.js";
import type { PageRequest } from "../protocol/requests.js";
import { type Page, readError, readPage } from "../protocol/responses.js";
import { type RowsPart, rowsAnswer, rowsOf } from "../protocol/rows_answer.js";
import { type PagedStatement, type PagePosition, writePosition } from "../rules/paging.js";
import type { Subquery } from "../rules/subqueries.js";
import { answerLater } from "./answer_later.js";
import type { RequestContext } from "./request_context.js";

/** After so many the service ends a page. */
export const SUBQUERIES_PER_PAGE = 10;

/** What a SELECT with IN is carried out as. */
export interface SubqueryRead {
  readonly statement: PagedStatement;
  /** Those of this page. */
  readonly subqueries: readonly Subquery[];
  /** How many there are in all. */
  readonly total: number;
  /** Of rows, in all pages together. */
  readonly limit: number;
  readonly request: PageRequest;
  readonly position: PagePosition;
  /** False for a client that has the columns already. */
  readonly withColumns: boolean;
}

/** Where a page begins: at which subquery, at which of its pages, and after how many rows of all. */
interface Place {
  readonly index: number;
  readonly sent: number;
  readonly state: Buffer | undefined;
}

const PLACE_BYTES = 6;
const bytesOfPlace = ({ index, sent, state }: Place): Buffer =>
  Buffer.concat([shortOf(index), intOf(sent), ...(state ? [state] : [])]);

function placeOf(bytes: Buffer | undefined): Place {
  if (!bytes) return { index: 0, sent: 0, state: undefined };
  const state = bytes.length > PLACE_BYTES ? bytes.subarray(PLACE_BYTES) : undefined;
  return { index: bytes.readUInt16BE(0), sent: bytes.readInt32BE(2), state };
}

/** At which subquery a page begins. */
export const firstSubquery = ({ state }: PagePosition): number => placeOf(state).index;

/**
 * Answers with one page of a SELECT with IN as the service does: the rows of one combination of keys behind those of the other, in the
 * order in which they are listed, each of them in the order of the clustering columns or of ORDER BY.
 *
 * @param pay told of the page: its bytes and rows, and whether it is the last one
 */
export function readSubqueries(
  frame: Frame,
  read: SubqueryRead,
  context: RequestContext,
  pay: (bytes: number, rows: number, isLast: boolean) => void,
): void {
  answerLater(frame, context, async () => {
    const place = placeOf(read.position.state);
    const { parts, first, next } = await collect(read, place, context);
    const bytes = parts.reduce((sum, { rows }) => sum + rows.length, 0);
    pay(bytes, countOf(parts), next === undefined);
    const state = next && writePosition(read.statement, { state: bytesOfPlace(next), wasEmpty: false });
    return rowsAnswer(frame, first, parts, { withColumns: read.withColumns, state });
  });
}

interface Answered {
  readonly frame: Frame;
  readonly page: Page;
}

const countOf = (parts: readonly RowsPart[]): number => parts.reduce((sum, { count }) => sum + count, 0);

async function collect(
  { subqueries, total, limit, request }: SubqueryRead,
  place: Place,
  { backend, pages }: RequestContext,
): Promise<{ parts: RowsPart[]; first: Answered; next: Place | undefined }> {
  const most = Math.min(limit - place.sent, request.size ?? Number.POSITIVE_INFINITY);
  const ask = async (index: number, rows: number): Promise<Answered> => {
    const { text, values } = subqueries[index - place.index]!;
    const size = Number.isFinite(rows) ? rows : undefined;
    const frame = await backend.ask(text, values, { size, state: index === place.index ? place.state : undefined });
    if (frame.opcode === Opcode.error) throw readError(frame);
    const page = readPage(frame);
    if (!page) throw new Error("Cassandra did not answer a SELECT with rows");
    return { frame, page };
  };
  const end = place.index + subqueries.length;
  const asked = subqueries.map((_, offset) => ask(place.index + offset, most));
  // Each is looked at below, but for those behind one that fails.
  for (const each of asked) each.catch(() => undefined);
  const parts: RowsPart[] = [];
  let first: Answered | undefined;
  let bytes = 0;
  let next: Place | undefined;
  for (let index = place.index; index < end && !next; index++) {
    const left = most - countOf(parts);
    let answer = await asked[index - place.index]!;
    first ??= answer;
    let part = rowsOf(answer.frame, answer.page);
    if (left === 0 || (bytes > 0 && bytes + part.rows.length > pages.maxBytes)) {
      next = { index, sent: 0, state: undefined };
      break;
    }
    while (part.count > left || (part.count > 1 && part.rows.length > pages.maxBytes)) {
      const fitting = Math.floor((part.count * pages.maxBytes) / (part.rows.length + 1));
      answer = await ask(index, Math.min(left, Math.max(1, Math.min(fitting, part.count - 1))));
      part = rowsOf(answer.frame, answer.page);
    }
    parts.push(part);
    bytes += part.rows.length;
    if (answer.page.state) next = { index, sent: 0, state: Buffer.from(answer.page.state) };
    else if (bytes >= pages.maxBytes && index + 1 < total) next = { index: index + 1, sent: 0, state: undefined };
  }
  next ??= end < total ? { index: end, sent: 0, state: undefined } : undefined;
  const sent = place.sent + countOf(parts);
  // Nothing comes behind the last row that is wanted.
  const more = next && sent < limit ? { index: next.index, sent, state: next.state } : undefined;
  return { parts, first: first!, next: more };
}
