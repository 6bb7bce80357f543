/** What somebody gave that cannot be carried out, on one line, as ``Expected `--port` to be …, got …``. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
