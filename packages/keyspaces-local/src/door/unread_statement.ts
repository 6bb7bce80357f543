import { Opcode } from "../protocol/frame.js";
import { ErrorCode, Refusal } from "../protocol/refusal.js";
import { readError } from "../protocol/responses.js";
import type { RequestContext } from "./request_context.js";

/** A statement that makes no sense, as far as it was read here. */
export class UnreadStatement extends Refusal {
  readonly statement: string;

  constructor(statement: string, { code, message, extra, rule }: Refusal) {
    super(code, message, extra, rule);
    this.statement = statement;
  }
}

/** In characters. Cassandra keeps a message for each mistake of a text. */
const SHOWN_LENGTH = 2000;

/**
 * Has Cassandra say what is wrong with a statement, as it says where.
 *
 * @throws Refusal, in our own words for what it would take, for a definition of the service's, and for a long one
 */
export async function whatIsWrong(
  unread: UnreadStatement,
  { backend }: Pick<RequestContext, "backend">,
): Promise<never> {
  if (unread.rule === undefined && unread.statement.length <= SHOWN_LENGTH) {
    const answer = await backend.prepare(unread.statement);
    const told = answer.opcode === Opcode.error ? readError(answer) : undefined;
    if (told?.code === ErrorCode.syntax) throw told;
  }
  throw unread;
}
