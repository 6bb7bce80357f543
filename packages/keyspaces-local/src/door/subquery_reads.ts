import { copyFrame, encodeFrame, Flag, type Frame, Opcode } from "../protocol/frame.js";
import { intOf, shortOf } from "../protocol/notation.js";
import { queryBody } from "../protocol/own_query.js";
import { protocolError } from "../protocol/refusal.js";
import type { PageRequest } from "../protocol/requests.js";
import { readWarnings, withWarnings } from "../protocol/responses.js";
import { columnsOf, emptyPage, type Page, readPage, rowsOf, withRows } from "../protocol/rows.js";
import { type PagedStatement, type PagePosition, writePosition } from "../rules/paging.js";
import type { Subqueries } from "../rules/subqueries.js";
import { passOn, type RequestContext } from "./request_context.js";

/** After so many the service ends a page. */
export const SUBQUERIES_PER_PAGE = 10;

/** A SELECT with IN, as it is carried out. */
export interface SubqueryRead {
  readonly statement: PagedStatement;
  readonly subqueries: Subqueries;
  readonly request: PageRequest;
  readonly position: PagePosition;
  /** Where that is. */
  readonly first: Place;
  readonly consistency: number;
}

/** Where a page begins: at which subquery, in which of its pages, and after how many rows of all. */
export interface Place {
  readonly index: number;
  readonly state: Buffer | undefined;
  readonly taken: number;
}

const PLACE_BYTES = 6;

const bytesOfPlace = ({ index, state, taken }: Place): Buffer =>
  Buffer.concat([shortOf(index), intOf(taken), ...(state ? [state] : [])]);

/** @throws Refusal for one that there is none of, as in a list that was longer */
export function firstPlace({ state }: PagePosition, { total }: Subqueries): Place {
  if (!state) return { index: 0, state: undefined, taken: 0 };
  const index = state.length < PLACE_BYTES ? total : state.readUInt16BE(0);
  if (index >= total) throw protocolError("Invalid value for the paging state");
  return {
    index,
    taken: state.readInt32BE(2),
    state: state.length > PLACE_BYTES ? state.subarray(PLACE_BYTES) : undefined,
  };
}

/** What is told of what a page cost. */
export interface SubqueryCosts {
  /** Called for each subquery. */
  pay(bytes: number, rows: number): void;
  /** Called at the end. */
  settle(subqueries: number): void;
}

/**
 * Answers with one page of the rows of one subquery behind those of the other. They go to Cassandra one after the other, as what the
 * client's own request is: on its stream, and lost with it.
 */
export function readSubqueries(
  frame: Frame,
  { statement, subqueries, request, position, first, consistency }: SubqueryRead,
  context: RequestContext,
  { pay, settle }: SubqueryCosts,
): void {
  const { client, intercepted, pages } = context;
  const { version, stream } = frame;
  const { total, limit } = subqueries;
  let place = first;
  const isEmpty = !position.wasEmpty && pages.drawEmpty(statement);
  const { size: most = Number.POSITIVE_INFINITY } = request;
  let size = pages.pageSize(statement, request.size) ?? most;
  /** The answer that began the rows. */
  let columns: { readonly frame: Frame; readonly page: Page } | undefined;
  const rows: Buffer[] = [];
  const warnings: string[] = [];
  let [count, bytes, asked] = [0, 0, 0];

  const ask = () => {
    const subquery = subqueries.at(place.index);
    // Of a page that comes empty, only the columns are wanted.
    const left = isEmpty ? 1 : Math.min(size - count, limit - place.taken);
    const wanted = { size: Number.isFinite(left) ? left : undefined, state: place.state };
    intercepted.set(stream, take);
    const flags = frame.flags & Flag.tracing;
    const body = queryBody(subquery.text, consistency, subquery.values, wanted);
    passOn(frame, context, encodeFrame("request", { version, stream, opcode: Opcode.query, flags }, body));
  };
  const take = (answer: Frame): void => {
    const page = readPage(answer);
    if (!page) {
      settle(asked + 1);
      client.write(answer.bytes);
    } else if (isEmpty) {
      settle(1);
      const part = rowsOf(answer, page);
      pay(part.bytes.length, part.count);
      send(emptyPage(answer, page, writePosition(statement, { state: position.state, wasEmpty: true })));
    } else if (count > 0 && !fits(answer, page)) end(place);
    else if (isCut(answer, page)) ask();
    else {
      add(answer, page);
      const mayEnd = count > 0 || pages.haveEmpty;
      if (place.index === total || place.taken >= limit) end(undefined);
      else if (mayEnd && (place.state || count >= size || asked >= SUBQUERIES_PER_PAGE)) end(place);
      else ask();
    }
  };
  /** Behind those that are there. The columns are others once the table has been altered in between. */
  const fits = (answer: Frame, page: Page): boolean =>
    bytes + rowsOf(answer, page).bytes.length <= pages.maxBytes &&
    columnsOf(answer, page).equals(columnsOf(columns!.frame, columns!.page));
  /** Whether the first of them has more than a page holds; from then on fewer are asked for. */
  const isCut = (answer: Frame, page: Page): boolean => {
    const part = rowsOf(answer, page);
    if (part.bytes.length <= pages.maxBytes || part.count === 1) return false;
    pages.learn(statement, part.count, part.bytes.length);
    size = Math.min(part.count - 1, pages.pageSize(statement, undefined) ?? part.count - 1);
    return true;
  };
  const add = (answer: Frame, page: Page): void => {
    const part = rowsOf(answer, page);
    pay(part.bytes.length, part.count);
    warnings.push(...readWarnings(answer));
    if (count === 0) {
      const copy = copyFrame(answer);
      columns = { frame: copy, page: readPage(copy)! };
    }
    rows.push(Buffer.from(part.bytes));
    count += part.count;
    bytes += part.bytes.length;
    asked++;
    const taken = place.taken + part.count;
    const { index } = place;
    place = page.state
      ? { index, state: Buffer.from(page.state), taken }
      : { index: index + 1, state: undefined, taken };
  };
  const end = (next: Place | undefined): void => {
    settle(asked);
    // So that they grow again once rows are smaller.
    if (count > 0 && size < most) pages.learn(statement, count, bytes);
    const answer = withWarnings(columns!.frame, warnings);
    const state = next && writePosition(statement, { state: bytesOfPlace(next), wasEmpty: false });
    send(withRows(answer, readPage(answer)!, { count, bytes: rows }, state));
  };
  const send = (pieces: readonly Buffer[]): void => {
    for (const piece of pieces) client.write(piece);
  };
  ask();
}
