/** How Glue words what has gone wrong with a run. */

/** What `run_script.py` writes of the exception that ended a script. */
export interface ScriptFailure {
  readonly type: string;
  readonly message: string;
  /** Of the script. */
  readonly line: number | null;
  /** Whether it was thrown in Spark's own process. */
  readonly from_java: boolean;
}

/** A run that could not begin. */
export class LaunchFailure extends Error {
  override readonly name = "LaunchFailure";

  constructor(message: string) {
    super(`LAUNCH ERROR | ${message}`);
  }
}

/** https://docs.aws.amazon.com/glue/latest/dg/monitor-job-run-troubleshooting.html */
const categories: Readonly<Record<string, string>> = {
  AnalysisException: "QUERY_ERROR",
  ParseException: "QUERY_ERROR",
  ImportError: "IMPORT_ERROR",
  ModuleNotFoundError: "IMPORT_ERROR",
  SyntaxError: "SYNTAX_ERROR",
  IndentationError: "SYNTAX_ERROR",
};

/** ErrorMessage holds no more. */
const MESSAGE_LIMIT = 1024;

/** The ErrorMessage of a run whose script was ended by an exception: its last line, and where in the script. */
export function messageOfScript({ type, message, line, from_java: fromJava }: ScriptFailure): string {
  const sentence = fromJava ? message : `${type}: ${message}`;
  // A script that exits is not classified.
  if (type === "SystemExit") return sentence;
  const where = line === null ? "" : `Failed Line Number: ${line}; `;
  return `Error Category: ${categories[type] ?? "UNCLASSIFIED_ERROR"}; ${where}${sentence}`.slice(0, MESSAGE_LIMIT);
}
