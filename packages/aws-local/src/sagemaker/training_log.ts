/** What a job leaves in CloudWatch Logs: the lines of the real container that are true of this one. */
import type { MetricData } from "@aws-sdk/client-sagemaker";
import type { ContainerFailure } from "./container_failures.js";
import { defaults } from "./kmeans/hyperparameters.js";
import { AUTO_EXTRA_CENTER_FACTOR, type TrainingOutput } from "./kmeans/train.js";
import type { TrainingJob } from "./records.js";

/** CloudWatch Logs' group of all training jobs; each host has a stream `<job>/algo-<n>-<time>`. */
export const TRAINING_LOGS = "/aws/sagemaker/TrainingJobs";

/** The thread that every line of the container names. */
const THREAD = "140141566281536";

/** A mapping as Python prints it. */
const shown = (mapping: Readonly<Record<string, string>>): string =>
  `{${Object.entries(mapping)
    .map(([key, value]) => `'${key}': '${value}'`)
    .join(", ")}}`;

/** Lines in the form `[05/16/2021 12:27:47 INFO 140141566281536] …`. */
function stamped(now: Date, level: "INFO" | "WARNING" | "ERROR", lines: readonly string[]): string[] {
  const [year, month, day] = now.toISOString().slice(0, 10).split("-");
  const time = now.toISOString().slice(11, 19);
  return lines.map((line) => `[${month}/${day}/${year} ${time} ${level} ${THREAD}] ${line}`);
}

/** The names of the job's streams, one a host. */
export function streamsOf({ name, created, request }: TrainingJob): string[] {
  const hosts = request.ResourceConfig?.InstanceCount ?? 1;
  return Array.from({ length: hosts }, (_, i) => `${name}/algo-${i + 1}-${created.getTime()}`);
}

/** What every host says before it begins. */
export function linesBefore({ request }: TrainingJob, now: Date): string[] {
  const given = request.HyperParameters ?? {};
  return [
    "Docker entrypoint called with argument(s): train",
    "Running default environment configuration script",
    ...stamped(now, "INFO", [
      `Reading default configuration from /opt/amazon/lib/python3.7/site-packages/algorithm/resources/default-input.json: ${shown(defaults)}`,
      `Merging with provided configuration from /opt/ml/input/config/hyperparameters.json: ${shown(given)}`,
      `Final configuration: ${shown({ ...defaults, ...given })}`,
    ]),
  ];
}

/** What the first host says of its training; SageMaker reads the metrics from these lines. */
export function linesAfter(job: TrainingJob, output: TrainingOutput, throughput: number, now: Date): string[] {
  const given: Readonly<Record<string, string>> = { ...defaults, ...job.request.HyperParameters };
  const { mini_batch_size: batch, extra_center_factor: factor } = given;
  const k = output.centroids.rows;
  const host = "host=algo-1";
  const tests = Object.entries(output.test);
  const isAuto = factor === "auto" && output.centres === k * AUTO_EXTRA_CENTER_FACTOR;
  const auto = `'extra_center_factor' was set to 'auto', evaluated to ${AUTO_EXTRA_CENTER_FACTOR}.`;
  const small = `Batch size ${batch} is bigger than the first batch data. Effective batch size used to initialize is ${output.firstBatch}`;
  return [
    ...stamped(now, "INFO", isAuto ? [auto] : []),
    ...stamped(now, "WARNING", output.firstBatch < Number(batch) ? [small] : []),
    ...stamped(now, "INFO", [
      `processed a total of ${output.rows} examples`,
      `#progress_metric: ${host}, completed 100.0 % of epochs`,
      `#throughput_metric: ${host}, train throughput=${throughput} records/second`,
      ...linesOfShrinking(output, k, host),
      ...(tests.length > 0
        ? tests.map(([name, value]) => `#quality_metric: ${host}, test ${name} <loss>=${value}`)
        : ["Test data is not provided."]),
    ]),
  ];
}

function linesOfShrinking({ centres, losses }: TrainingOutput, k: number, host: string): string[] {
  const msd = trainMsdOf(losses);
  if (msd === undefined) return ["No shrinking is required as extra_center_factor is 1."];
  const attempt = (loss: number, i: number) =>
    `local kmeans attempt #${i}. Current mean square distance ${loss.toFixed(6)}`;
  return [
    `shrinking ${centres} centers into ${k}`,
    ...losses.map(attempt),
    `#quality_metric: ${host}, train msd <loss>=${msd}`,
  ];
}

/** `train:msd` is measured where centres are shrunk, and of them, not of the rows. */
const trainMsdOf = (losses: readonly number[]): number | undefined =>
  losses.length > 0 ? Math.min(...losses) : undefined;

/** What the first host says of its failure. */
export function linesOfFailure({ kind, message }: ContainerFailure, now: Date): string[] {
  return stamped(now, "ERROR", [`${kind === "ClientError" ? "Customer" : "Algorithm"} Error: ${message}`]);
}

/** The metrics as SageMaker keeps them: 32-bit floats. */
export function metricsOf({ losses, test }: TrainingOutput, throughput: number, now: Date): MetricData[] {
  const msd = trainMsdOf(losses);
  const values: [name: string, value: number][] = [
    ...(msd === undefined ? [] : [["train:msd", msd] satisfies [string, number]]),
    ["train:progress", 100],
    ["train:throughput", throughput],
    ...Object.entries(test).map(([name, value]): [string, number] => [`test:${name}`, value]),
  ];
  return values.map(([MetricName, value]) => ({ MetricName, Value: Math.fround(value), Timestamp: now }));
}
