import type { AwsSession } from "@keyspaces-segmentation/aws-session";
import { weighFile } from "@keyspaces-segmentation/invoice-store";
import { interruptible, markdown, showTable } from "@keyspaces-segmentation/notebook-charts";
import type { ReadableData } from "./download.js";
import type { Settings } from "./settings.js";

/**
 * Shows what the run will cost, step by step, from the rows that the file really has. From then on, `budgetUsd` is kept.
 *
 * @throws StepError where a budget is set and a price is not known
 */
export async function estimateCosts(
  session: AwsSession,
  data: ReadableData,
  { parameters, costs }: Settings,
): Promise<void> {
  const weigh = costs.weigher(parameters.table);
  const file = await interruptible((signal) => weighFile(data.file, { weigh, fileBytes: data.bytes, signal }));
  costs.estimate(session.region, file, parameters);
  showTable(costs.rows({ metered: false }), { caption: `What this run will cost ${costs.caption()}`, limit: 30 });
  for (const remark of costs.remarks()) markdown`${remark}`;
}

/** Shows what the run was estimated to cost and what it has cost so far, side by side. */
export function showCosts({ costs }: Settings): void {
  showTable(costs.rows({ metered: true }), { caption: `Estimated, and counted so far, ${costs.caption()}`, limit: 30 });
}
