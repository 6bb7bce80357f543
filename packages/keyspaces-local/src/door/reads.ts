import type { ListedSelect } from "../cql/listed_select.js";
import { boundTo, countElements, createBoundValues, hasEach } from "../protocol/bound_values.js";
import { encodeFrame, type Frame, Opcode } from "../protocol/frame.js";
import { LOCAL_QUORUM } from "../protocol/notation.js";
import { queryBody } from "../protocol/own_query.js";
import { invalid } from "../protocol/refusal.js";
import {
  locateValues,
  type PageRequest,
  readPageRequest,
  readQuery,
  replaceStatement,
  withPage,
} from "../protocol/requests.js";
import { readError, throttled } from "../protocol/responses.js";
import { countRows, emptyPage, type Page, readPage, withPagingState } from "../protocol/rows.js";
import { type PagedStatement, type PagePosition, readPosition, writePosition } from "../rules/paging.js";
import type { StatementInfo } from "../rules/plan_data.js";
import { partitionOf } from "../rules/row_size.js";
import { countSubqueries, IN_LIMIT, tooManySubqueries } from "../rules/rules.js";
import { expandSubqueries, type Subqueries } from "../rules/subqueries.js";
import { spend } from "../rules/token_bucket.js";
import { readUnits } from "../rules/units.js";
import { type Dispatch, passOn, type RequestContext } from "./request_context.js";
import { firstPlace, readSubqueries, SUBQUERIES_PER_PAGE } from "./subquery_reads.js";

/** Filled again for every statement: each is judged in one go. */
const values = createBoundValues();

/**
 * Passes a SELECT on and sees to it that what comes back is a page as the service cuts them, and paid for.
 * The service's own tables are free, and come as Cassandra has them, unless a test asks for short pages of them.
 *
 * @param text instead of the client's words
 * @throws Refusal
 */
export function read(
  frame: Frame,
  info: StatementInfo,
  { consistency, parameters }: { consistency: number; parameters: number },
  context: RequestContext,
  dispatch: Dispatch,
  text?: string,
): void {
  const { capacity, lifecycle, requests } = context;
  const [shape] = info.rows;
  const table = shape && lifecycle.requireTable(shape.keyspace, shape.table);
  locateValues(frame.body, parameters, info.markers, values);
  const { paged } = info;
  const counted = info.inLists.length > 0 ? countBoundSubqueries(info) : 1;
  const listed = paged?.listed && boundSubqueries(paged.listed, info);
  const subqueries = listed && listed.total > 0 ? listed : undefined;
  const admitted = subqueries ? Math.min(counted, SUBQUERIES_PER_PAGE) : counted;
  if (!capacity.admit(requests, admitted)) throw throttled(false, consistency, "KL-CONNECTION-RATE");
  const request = readPageRequest(frame.body, parameters);
  const cutsSystem = context.pages.systemRows !== undefined && request.size !== undefined && text === undefined;
  if (!paged || (paged.ofSystem && !cutsSystem)) {
    const bytes = text === undefined ? undefined : encodeFrame("request", frame, replaceStatement(frame, text));
    passOn(frame, context, bytes);
    return;
  }
  const position = readPosition(paged, request.state);
  if (!table) {
    const size = context.pages.pageSize(paged, request.size);
    readOnePage(frame, { statement: paged, request, position, size }, context, () => undefined);
    return;
  }
  const partition = partitionOf(shape, values);
  if (!capacity.mayRead(table, partition)) throw throttled(false, consistency, "KL-CAPACITY");
  const strong = consistency === LOCAL_QUORUM;
  const pay = (answered: number, rows: number, isLast = false) => {
    // A row is read as a whole, whatever columns are asked for.
    const mean = capacity.meanRow(table);
    const bytes = mean === undefined ? answered : rows * mean;
    const empty = info.wholeTable && isLast ? capacity.emptyPartitions(table) * (strong ? 1 : 0.5) : 0;
    capacity.payRead(table, partition, readUnits(bytes, subqueries ? 1 : counted, strong) + empty);
  };
  if (subqueries) {
    const first = firstPlace(position, subqueries);
    const apart = { statement: paged, subqueries, request, position, first, consistency };
    // Once it is known what was to be carried out.
    const settle = (count: number) => spend(requests, count - admitted);
    const begin = () => dispatch(() => readSubqueries(frame, apart, context, { pay, settle }));
    if (frame.opcode === Opcode.query && !request.state) whenSound(frame, info.markers.length, context, begin);
    else begin();
  } else {
    // Of nothing that is listed Cassandra gives no pages where there is an ORDER BY.
    const size = listed ? undefined : context.pages.pageSize(paged, request.size);
    dispatch(() => readOnePage(frame, { statement: paged, request, position, size }, context, pay));
  }
}

/** What Cassandra says to a QUERY that it has found nothing else wrong with. */
const WRONG_COUNT = "Invalid amount of bind variables";

/**
 * Has Cassandra judge the words of a QUERY: given another number of values than there are markers, it carries nothing out, and unlike
 * one that is prepared it keeps nothing of them.
 *
 * @param goOn called unless it refuses them, which is the answer then
 */
function whenSound(frame: Frame, markers: number, context: RequestContext, goOn: () => void): void {
  const { version, stream } = frame;
  context.intercepted.set(stream, (answer) => {
    if (answer.opcode === Opcode.error && readError(answer).message !== WRONG_COUNT) context.client.write(answer.bytes);
    else goOn();
  });
  const body = queryBody(readQuery(frame).text, LOCAL_QUORUM, markers === 0 ? [null] : []);
  passOn(frame, context, encodeFrame("request", { version, stream, opcode: Opcode.query }, body));
}

/** By the values that are located now; undefined for what Cassandra refuses. */
function boundSubqueries(listed: ListedSelect, { markers }: StatementInfo): Subqueries | undefined {
  if (!hasEach(values, markers)) return undefined;
  const bound = markers.map((_, marker) => boundTo(values, marker));
  return expandSubqueries(listed, bound);
}

function countBoundSubqueries({ inLists }: StatementInfo): number {
  const sizes: number[] = [];
  for (const list of inLists) if ("marker" in list) sizes[list.marker] = countElements(values, list.marker);
  const subqueries = countSubqueries(inLists, sizes);
  if (subqueries > IN_LIMIT) throw invalid(tooManySubqueries(subqueries), "KL-IN-SUBQUERIES");
  // A request for nothing is a request.
  return Math.max(1, subqueries);
}

interface PageRead {
  readonly statement: PagedStatement;
  readonly request: PageRequest;
  readonly position: PagePosition;
  /** How many rows to ask for; undefined for all. */
  readonly size: number | undefined;
}

function readOnePage(
  frame: Frame,
  { statement, request, position, size: most }: PageRead,
  context: RequestContext,
  pay: (bytes: number, rows: number, isLast: boolean) => void,
): void {
  const { client, intercepted, pages } = context;
  const drawn = !position.wasEmpty && pages.drawEmpty(statement);
  const isContinued = request.state !== undefined;
  // Of a page that comes empty, only the columns are wanted.
  let size = drawn && isContinued ? 1 : most;

  const ask = () => {
    intercepted.set(frame.stream, take);
    const isAsItCame = size === request.size && !isContinued;
    passOn(frame, context, isAsItCame ? undefined : withPage(frame, request, size, position.state));
  };
  const take = (answer: Frame): void => {
    const page = readPage(answer);
    if (!page) {
      client.write(answer.bytes);
      return;
    }
    const smaller = drawn && isContinued ? undefined : learnSize(answer, page);
    if (smaller !== undefined) {
      size = smaller;
      ask();
      return;
    }
    pay(answer.body.length, countRows(answer, page), page.state === undefined);
    if (drawn && (isContinued || statement.filters || page.state !== undefined)) {
      const state = writePosition(statement, { state: position.state, wasEmpty: true });
      for (const piece of emptyPage(answer, page, state)) client.write(piece);
    } else if (page.state === undefined) client.write(answer.bytes);
    else {
      const state = writePosition(statement, { state: page.state, wasEmpty: false });
      for (const piece of withPagingState(answer, page, state)) client.write(piece);
    }
  };
  /** How many rows to ask for instead, if these are too many for one page. */
  const learnSize = (answer: Frame, page: Page): number | undefined => {
    const bytes = answer.body.length;
    const isTooLarge = bytes > pages.maxBytes;
    if (!isTooLarge && size === request.size) return undefined;
    const rows = countRows(answer, page);
    if (rows === 0) return undefined;
    pages.learn(statement, rows, bytes);
    if (!isTooLarge || rows === 1) return undefined;
    return Math.min(rows - 1, pages.pageSize(statement, undefined) ?? rows - 1);
  };
  ask();
}
