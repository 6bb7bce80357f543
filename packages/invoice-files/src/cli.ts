import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { inspect, parseArgs } from "node:util";
import {
  ArgumentError,
  calendarDay,
  formatNumber,
  formatPlural,
  guardedField,
  moneyOf,
  oneOf,
  optional,
  type ParameterReaders,
  printable,
  readParameters,
} from "@keyspaces-segmentation/common";
import { type Preparation, rulesText } from "@keyspaces-segmentation/invoices";
import { notesText } from "./file_notes.js";
import { type Inspection, inspectFile } from "./inspect_file.js";
import { type FileParameters, fileParameters, givenFile } from "./parameters.js";
import { textTable } from "./text_table.js";

const USAGE = `usage: npm run inspect -- --data FILE [--param name=value]... [--out DIR] [--json]
  --data    a file of invoices: text in any encoding, also gzipped, or an Excel workbook
  --param   what the file cannot tell: ${Object.keys(fileParameters).join(", ")}; also preparation, analysisDate
  --out     a folder for inspection.json and customers.csv
  --json    inspection.json on the terminal instead of tables; like these, without a customer in it`;

interface InspectParameters extends FileParameters {
  preparation: Preparation;
  analysisDate: string | null;
}

const readers: ParameterReaders<InspectParameters> = {
  ...fileParameters,
  preparation: oneOf(["net", "sales", "as_published"], "net"),
  analysisDate: optional(calendarDay),
};

/** What is typed wrong: told with the usage. */
class UsageError extends Error {}

/** Reads the command line and the environment. @throws UsageError, ArgumentError */
function readArguments(args: string[], cwd: string, environment: NodeJS.ProcessEnv) {
  const options = {
    data: { type: "string" },
    param: { type: "string", multiple: true },
    out: { type: "string" },
    json: { type: "boolean" },
  } as const;
  let values: ReturnType<typeof parseArgs<{ args: string[]; options: typeof options }>>["values"];
  try {
    values = parseArgs({ args, options }).values;
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
  if (values.data === undefined) throw new UsageError("Expected `--data` to name a file, got none");
  const cell: Record<string, string> = {};
  for (const pair of values.param ?? []) {
    const [, name, value] = /^([a-z][A-Za-z_]*)=(.*)$/s.exec(pair) ?? [];
    const known = Object.keys(readers).find((each) => each === name || snake(each) === name);
    if (known === undefined || value === undefined) {
      throw new UsageError(
        `Expected \`--param\` to be name=value of ${Object.keys(readers).join(", ")}, got ${JSON.stringify(pair)}`,
      );
    }
    cell[known] = value;
  }
  const prefix = "SEGMENTATION_";
  const variableOf = (name: string): string => prefix + snake(name).toUpperCase();
  // Those of the notebook's other parameters are none of these, and what is typed wins.
  const own = Object.keys(readers).filter(
    (name) => cell[name] === undefined && environment[variableOf(name)] !== undefined,
  );
  const { values: parameters } = readParameters<InspectParameters>(readers, {
    cell,
    environment: Object.fromEntries(own.map((name) => [variableOf(name), environment[variableOf(name)]])),
    prefix,
    others: [],
  });
  const out = values.out === undefined ? null : resolve(cwd, values.out);
  return { data: resolve(cwd, values.data), out, json: values.json ?? false, parameters };
}

const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** An inspection for the terminal, without a customer in it. */
function shown(inspection: Inspection): string {
  const { file, reading, currency, ledger, notes, warnings, customers, preparation, analysisDate } = inspection;
  const money = moneyOf(currency);
  const { repeated, rejects, rules } = ledger;
  const bins = [
    ...rejects.map(({ reason, lines, amount }) => ({ bin: `rejected: ${reason}`, lines, amount })),
    ...ledger.bins.map(({ bin, lines, amount }) => ({ bin: bin.replaceAll("_", " "), lines, amount })),
    { bin: "repeated in the file", ...repeated },
  ].filter(({ lines }) => lines > 0);
  const invoices = `invoices from ${day(ledger.firstInvoice)} to ${day(ledger.lastInvoice)}`;
  return [
    `${file.name}, ${formatNumber(file.bytes)} bytes`,
    "",
    textTable(reading.map(({ what, readAs, because, confidence }) => [what, readAs, because, confidence])),
    "",
    textTable(
      [...bins, { bin: "all lines", lines: ledger.lines, amount: ledger.amount }].map(({ bin, lines, amount }) => [
        bin,
        formatNumber(lines),
        money.exact(amount),
      ]),
    ),
    "",
    ...rulesText(rules),
    ...notesText(notes),
    ...warnings.map((warning) => `Before you believe the figures: ${warning}`),
    `${formatPlural(customers.length, "customer")} as of ${analysisDate}, prepared as ${preparation}; ${invoices}`,
  ].join("\n");
}

const day = (moment: string | null): string => moment?.slice(0, 10) ?? "–";

/** `npm run inspect`: how a file is read and what it holds, without any database. */
async function main(args: string[]): Promise<number> {
  try {
    const { data, out, json, parameters } = readArguments(args, process.env.INIT_CWD ?? process.cwd(), process.env);
    const { preparation, analysisDate } = parameters;
    const options = { preparation, analysisDate, now: () => new Date() };
    const inspection = await inspectFile(data, givenFile(parameters), options);
    const report = JSON.stringify({ ...inspection, customers: inspection.customers.length }, null, 2);
    if (out !== null) {
      mkdirSync(out, { recursive: true });
      writeFileSync(join(out, "inspection.json"), `${report}\n`);
      const rows = inspection.customers.map(
        ({ customerId, recencyDays, frequency, monetary }) =>
          `${guardedField(customerId)},${recencyDays},${frequency},${monetary}\n`,
      );
      writeFileSync(join(out, "customers.csv"), `customer_id,recency_days,frequency,monetary\n${rows.join("")}`);
    }
    console.log(json ? report : printable(shown(inspection)));
    return 0;
  } catch (error) {
    if (error instanceof UsageError) {
      console.error(printable(`${error.message}\n\n${USAGE}`));
      return 2;
    }
    // What was tried, and what to do.
    console.error(printable(inspect(error)));
    return error instanceof ArgumentError ? 2 : 1;
  }
}

void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
