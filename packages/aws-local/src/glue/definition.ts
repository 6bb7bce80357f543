import { AwsError } from "@keyspaces-segmentation/local-support";
import type { JobDefinition } from "./records.js";

/** What is emulated of a job's definition, or accepted because it makes no difference to what comes out. */
export const emulated: readonly string[] = [
  ...["Description", "Role", "Command.Name", "Command.ScriptLocation", "Command.PythonVersion"],
  ...["DefaultArguments", "NonOverridableArguments", "ExecutionProperty", "ExecutionClass", "JobMode"],
  ...["GlueVersion", "WorkerType", "NumberOfWorkers", "MaxCapacity", "AllocatedCapacity", "MaxRetries", "Timeout"],
  ...["NotificationProperty", "MaintenanceWindow"],
];

const invalid = (message: string): AwsError => new AwsError("InvalidInputException", message);
const refuse = (what: string): AwsError => new AwsError("notEmulated", `${what} is not emulated.`);

/** What AWS gives a job that does not say. */
const DEFAULT_VERSION = "5.1";
/** The versions that run Spark 3.5. https://docs.aws.amazon.com/glue/latest/dg/release-notes.html */
const versions = ["5.0", "5.1"];
const ended = ["0.9", "1.0", "2.0"];

/** Minutes. https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-jobs-job.html */
export const DEFAULT_TIMEOUT = 480;
const WEEK = 10_080;

/** DPUs of a worker. https://docs.aws.amazon.com/glue/latest/dg/worker-types.html */
const dpus: Readonly<Record<string, number>> = {
  "G.1X": 1,
  "G.2X": 2,
  "G.4X": 4,
  "G.8X": 8,
  "G.12X": 12,
  "G.16X": 16,
  "R.1X": 1,
  "R.2X": 2,
  "R.4X": 4,
  "R.8X": 8,
};
const FEWEST_WORKERS = 2;

/** What a run works with: what is asked for in DPUs, where no workers are. */
export function requireWorkers({
  WorkerType,
  NumberOfWorkers,
  MaxCapacity,
  AllocatedCapacity,
}: Pick<JobDefinition, "WorkerType" | "NumberOfWorkers" | "MaxCapacity" | "AllocatedCapacity">): void {
  if (WorkerType === undefined && NumberOfWorkers === undefined) {
    if (MaxCapacity === undefined && AllocatedCapacity === undefined) return;
    throw invalid(
      "Please do not set Max Capacity if using Glue version 2.0 or later: set Worker Type and Number of Workers.",
    );
  }
  if (MaxCapacity !== undefined || AllocatedCapacity !== undefined) {
    throw invalid("Please do not set Max Capacity if using Worker Type and Number of Workers.");
  }
  if (WorkerType === undefined || NumberOfWorkers === undefined) {
    throw invalid("Please set both Worker Type and Number of Workers.");
  }
  if (dpus[WorkerType] === undefined) throw refuse(`WorkerType '${WorkerType}'`);
  if (NumberOfWorkers < FEWEST_WORKERS) {
    throw invalid(`To use Worker Type ${WorkerType}, minimum allowed value of Number of Workers is ${FEWEST_WORKERS}.`);
  }
}

/** @throws AwsError for a time limit, in minutes, that no run may have */
export function requireTimeout(timeout: number | undefined): void {
  if ((timeout ?? 1) >= WEEK) throw invalid(`Timeout must be less than 7 days or ${WEEK} minutes.`);
}

/** @throws AwsError for what is no object's path in S3: how Glue refuses it, and when, is not documented */
export function requireObjectPath(uri: string): void {
  if (!/^s3:\/\/[^/]+\/.*[^/]$/s.test(uri)) throw refuse(`The path '${uri}', which is no s3://BUCKET/KEY,`);
}

/**
 * Rules between members of a definition, which no model of single members can state, and what AWS gives a job that does not say.
 *
 * @throws AwsError
 */
export function completed(definition: JobDefinition): JobDefinition {
  const { Command = {}, Role, GlueVersion = DEFAULT_VERSION, MaxRetries = 0, Timeout } = definition;
  const { Name, ScriptLocation, PythonVersion = "3" } = Command;
  if (!Role) throw invalid("Role should not be null or empty");
  if (!Name) throw invalid("Command name should not be null or empty");
  if (Name !== "glueetl") throw refuse(`Command '${Name}'`);
  if (!ScriptLocation) throw invalid("Script location cannot be null or empty for glueetl command");
  requireObjectPath(ScriptLocation);
  if (ended.includes(GlueVersion)) throw invalid(`Glue version ${GlueVersion} is not supported.`);
  if (!versions.includes(GlueVersion))
    throw refuse(`GlueVersion '${GlueVersion}' (there are ${versions.join(" and ")})`);
  if (PythonVersion !== "3") throw invalid(`Python version ${PythonVersion} is not supported by Glue ${GlueVersion}.`);
  if (MaxRetries !== 0) throw refuse(`MaxRetries ${MaxRetries}`);
  requireTimeout(Timeout);
  requireWorkers(definition);
  const { WorkerType = "G.1X", NumberOfWorkers = 10, ExecutionProperty, ExecutionClass = "STANDARD" } = definition;
  const { MaxConcurrentRuns = 1 } = ExecutionProperty ?? {};
  // What Glue makes of a job that could never run is not documented.
  if (MaxConcurrentRuns < 1) throw refuse(`MaxConcurrentRuns ${MaxConcurrentRuns}`);
  return {
    ...definition,
    Command: { Name, ScriptLocation, PythonVersion },
    GlueVersion,
    MaxRetries,
    Timeout: Timeout ?? DEFAULT_TIMEOUT,
    WorkerType,
    NumberOfWorkers,
    ExecutionClass,
    ExecutionProperty: { MaxConcurrentRuns },
  };
}

/** The capacity of workers, in DPUs. */
export const capacityOf = ({
  WorkerType,
  NumberOfWorkers,
}: Pick<JobDefinition, "WorkerType" | "NumberOfWorkers">): number =>
  (dpus[WorkerType ?? ""] ?? 0) * (NumberOfWorkers ?? 0);
