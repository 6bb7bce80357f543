import { waitUntil } from "@keyspaces-segmentation/common";

/** Looks at a job of SageMaker until it is over. */
export function untilOver<Job>(
  name: string,
  describe: () => Promise<Job>,
  statusOf: (job: Job) => string | undefined,
): Promise<Job> {
  const look = async () => {
    const job = await describe();
    const seen = statusOf(job) ?? "no status";
    return ["Completed", "Failed", "Stopped"].includes(seen) ? { done: job, seen } : { seen };
  };
  return waitUntil(`${name} to end`, look, { deadlineMs: 120_000, firstDelayMs: 20, maxDelayMs: 100 });
}
