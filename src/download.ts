import type { AwsSession } from "@keyspaces-segmentation/aws-session";
import { interruptible, say } from "@keyspaces-segmentation/notebook-charts";
import { downloadRetailData, type RetailData } from "./retail_data.js";
import type { Settings } from "./settings.js";

/** Step 4: downloads the CSV of invoices and says what it is. @throws StepError */
export async function download(session: AwsSession, settings: Settings): Promise<RetailData> {
  const data = await interruptible((signal) => downloadRetailData(session, settings, { signal }));
  say`Downloaded \`${data.uri}\`, ${data.bytes / 1e6} MB.`;
  if (data.generated) say`**Generated data**: no real customer is in it.`;
  return data;
}
