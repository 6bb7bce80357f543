import { billedSeconds, dpuItemOf } from "./glue.js";
import { SERVERLESS, type Step, type Usage } from "./usage.js";

/** A request to an HTTP service of AWS, each time that it is sent. */
export interface ServiceRequest {
  /** As the SDK calls its client and command: "S3Client", "PutObjectCommand". */
  readonly client: string;
  readonly command: string;
  readonly input: object;
  /** What was answered; undefined where that was an error. */
  readonly output: object | undefined;
  /** Of the body that was sent. */
  readonly sentBytes: number;
  readonly seconds: number;
}

/** What requests are counted to. */
export interface Counted {
  readonly usage: Usage;
  /** Jobs that were begun here, and not seen to have ended: others are somebody else's to pay for. */
  readonly ownJobs: Map<string, Step>;
  /** Runs of Glue that may have been begun here, as no answer came that names them: known by what they were called with. */
  readonly unnamedRuns: UnnamedRun[];
}

/** A run of Glue whose name is not known. */
export interface UnnamedRun {
  readonly job: string | undefined;
  readonly arguments: Arguments;
  readonly step: Step;
}

type Arguments = Readonly<Record<string, string>>;

/** What is looked at of inputs and outputs. */
interface Fields {
  readonly SSEKMSKeyId?: string;
  readonly TrainingJobName?: string;
  readonly TransformJobName?: string;
  readonly BillableTimeInSeconds?: number;
  readonly ResourceConfig?: Instances;
  readonly TransformResources?: Instances;
  readonly TransformStartTime?: Date;
  readonly TransformEndTime?: Date;
  readonly JobName?: string;
  readonly Arguments?: Arguments;
  readonly JobRunId?: string;
  readonly JobRun?: GlueRun;
}

interface GlueRun {
  readonly Id?: string;
  readonly JobName?: string;
  readonly Arguments?: Arguments;
  readonly CompletedOn?: Date;
  readonly ExecutionTime?: number;
  /** DPUs. */
  readonly MaxCapacity?: number;
  readonly WorkerType?: string;
}

interface Instances {
  readonly InstanceType?: string;
  readonly InstanceCount?: number;
}

/**
 * Counts what a request costs, to the step that sends it.
 *
 * @see https://aws.amazon.com/s3/pricing/ PUT, COPY, POST and LIST are the dearer ones, deletes are free
 */
export function readRequest(request: ServiceRequest, step: Step, { usage, ownJobs, unnamedRuns }: Counted): void {
  const { client, command, seconds, sentBytes } = request;
  const input = request.input as Fields;
  const output = (request.output ?? {}) as Fields;
  if (client === "S3Client") {
    if (/^(Delete|Abort)/.test(command)) return;
    const isRead = /^(Get|Head)/.test(command);
    usage.add(step, isRead ? "s3Reads" : "s3Writes", 1);
    if (input.SSEKMSKeyId !== undefined || output.SSEKMSKeyId !== undefined) usage.add(step, "kmsRequests", 1);
    const isStored = /^(PutObject|UploadPart)Command$/.test(command) && request.output !== undefined;
    if (isStored) usage.add(step, "s3Bytes", sentBytes);
  } else if (command === "InvokeEndpointCommand") usage.add(step, SERVERLESS, Math.ceil(seconds));
  else if (command === "CreateTrainingJobCommand") ownJobs.set(`training ${input.TrainingJobName}`, step);
  else if (command === "CreateTransformJobCommand") ownJobs.set(`transform ${input.TransformJobName}`, step);
  else if (command === "StartJobRunCommand") {
    if (output.JobRunId !== undefined) ownJobs.set(`glue ${output.JobRunId}`, step);
    else if (input.Arguments !== undefined) unnamedRuns.push({ job: input.JobName, arguments: input.Arguments, step });
  } else if (command === "GetJobRunCommand") addRun(output.JobRun ?? {});
  else if (command === "DescribeTrainingJobCommand") {
    const { BillableTimeInSeconds: billable, ResourceConfig: resources } = output;
    if (billable !== undefined) addJob(`training ${input.TrainingJobName}`, "training", billable, resources);
  } else if (command === "DescribeTransformJobCommand") {
    const { TransformStartTime: start, TransformEndTime: end, TransformResources: resources } = output;
    if (start === undefined || end === undefined) return;
    addJob(`transform ${input.TransformJobName}`, "transform", (Number(end) - Number(start)) / 1000, resources);
  }

  function addRun(run: GlueRun): void {
    const {
      Id: id,
      CompletedOn: completed,
      ExecutionTime: each = 0,
      MaxCapacity: dpus = 0,
      WorkerType: type = "",
    } = run;
    if (completed === undefined) return;
    const unnamed = takeUnnamed(run);
    const begunIn = ownJobs.get(`glue ${id}`) ?? unnamed?.step;
    if (begunIn === undefined) return;
    ownJobs.delete(`glue ${id}`);
    // One that never got to its script is not billed.
    if (each > 0) usage.add(begunIn, dpuItemOf(type), billedSeconds(each) * dpus);
  }

  /** The start of a run to which no answer came. It is sent until one comes, and was one run whatever it took. */
  function takeUnnamed({ JobName: job, Arguments: its = {} }: GlueRun): UnnamedRun | undefined {
    const isIt = (each: UnnamedRun): boolean =>
      each.job === job && Object.entries(each.arguments).every(([name, value]) => its[name] === value);
    const found = unnamedRuns.filter(isIt);
    for (const each of found) unnamedRuns.splice(unnamedRuns.indexOf(each), 1);
    return found[0];
  }

  function addJob(job: string, use: "training" | "transform", each: number, resources: Instances = {}): void {
    const begunIn = ownJobs.get(job);
    if (begunIn === undefined) return;
    ownJobs.delete(job);
    const { InstanceType: type = "unknown", InstanceCount: count = 1 } = resources;
    usage.add(begunIn, `${use}:${type}`, Math.ceil(each) * count);
  }
}
