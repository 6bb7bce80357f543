import { formatNumber, messageOf, StepError } from "@keyspaces-segmentation/common";
import type { FileLedger } from "@keyspaces-segmentation/invoices";
import type { TableName } from "@keyspaces-segmentation/keyspaces-bulk";
import type { Load } from "./loads.js";

/** A file has ended its own load, as its lines are not what its beginning promises; what was stored of it is in the table. */
export class StoppedLoadError extends StepError {
  /** What was read up to there. */
  readonly file: FileLedger;
  /** Of the first line that is a row. */
  readonly firstInvoiceNumber: string | null;

  constructor(
    reason: StepError,
    { name, file, firstInvoiceNumber }: { name: TableName; file: FileLedger; firstInvoiceNumber: string | null },
  ) {
    const { keyspace, table } = name;
    super({
      tried: `load the file into ${keyspace}.${table}`,
      got: `${messageOf(reason)} What its first ${formatNumber(file.lines)} lines have brought is in the table, and some of it may be misread`,
      hint: `Load it, mended or with other parameters, into a new \`table\`: this one takes no further file until it is dropped.${reason.hint ? ` ${reason.hint}` : ""}`,
      cause: reason,
    });
    this.file = file;
    this.firstInvoiceNumber = firstInvoiceNumber;
  }
}

/** @throws StepError where a table holds a part of another file whose load has stopped: its lines may be misread */
export function refuseBeside(stopped: Load | undefined, { uri, name }: { uri: string; name: TableName }): void {
  if (stopped === undefined) return;
  throw new StepError({
    tried: `load ${uri} into ${name.keyspace}.${name.table}`,
    got: `the load of ${stopped.uri} has stopped half way (${stopped.stopped}), and what its first ${formatNumber(stopped.lines)} lines have brought is in the table`,
    hint: "Name another `keyspace` or `table`, or drop this one.",
  });
}
