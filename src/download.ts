import type { AwsSession } from "@keyspaces-segmentation/aws-session";
import {
  type FileParameters,
  givenFile,
  type InvoiceFile,
  openInvoiceFile,
} from "@keyspaces-segmentation/invoice-files";
import { interruptible, markdown, showTable } from "@keyspaces-segmentation/notebook-charts";
import { downloadRetailData, isSample, type RetailData } from "./retail_data.js";
import type { Settings } from "./settings.js";

/** The retail data, and how the file is meant. */
export interface ReadableData extends RetailData {
  readonly file: InvoiceFile;
}

/** The sample is known to have the month first, which its first days of December alone would not tell. */
const isKnown = ({ parameters }: Settings): boolean => isSample(parameters) && parameters.dateOrder === null;
const knownOf = (settings: Settings): FileParameters =>
  isKnown(settings) ? { ...settings.parameters, dateOrder: "month_first" } : settings.parameters;

/**
 * Step 4: downloads the file of invoices, says what it is, and decides how it is meant, before a line of it is used.
 *
 * @throws StepError naming the parameter that settles what the file cannot tell
 */
export async function download(session: AwsSession, settings: Settings): Promise<ReadableData> {
  const data = await interruptible((signal) => downloadRetailData(session, settings, { signal }));
  const [size, unit] = data.bytes < 1e6 ? [data.bytes / 1e3, "KB"] : [data.bytes / 1e6, "MB"];
  markdown`Downloaded \`${data.uri}\`, ${size} ${unit}.`;
  if (data.generated) markdown`**Generated data**: no real customer is in it.`;
  const opened = await interruptible((signal) => openInvoiceFile(data.path, givenFile(knownOf(settings)), { signal }));
  const rows = opened.rows.map(({ what, readAs, because, confidence }) =>
    isKnown(settings) && what === "dates"
      ? { what, readAs, because: "this is AWS's published sample", confidence: "certain" as const }
      : { what, readAs, because, confidence },
  );
  showTable(rows, { caption: "How the file is read", limit: rows.length });
  for (const warning of opened.warnings) markdown`**Before you believe the figures:** ${warning}`;
  return { ...data, file: { ...opened, rows } };
}
