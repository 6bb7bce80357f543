import { CreateJobCommand, StartJobRunCommand } from "@aws-sdk/client-glue";
import { CreateBucketCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import {
  CreateEndpointConfigCommand,
  CreateModelCommand,
  CreateTrainingJobCommand,
  type CreateTrainingJobRequest,
  CreateTransformJobCommand,
  type CreateTransformJobRequest,
  ListAutoMLJobsCommand,
  ListExperimentsCommand,
  ListInferenceComponentsCommand,
  type ProductionVariant,
  UpdateEndpointCommand,
} from "@aws-sdk/client-sagemaker";
import {
  InvokeEndpointAsyncCommand,
  InvokeEndpointCommand,
  InvokeEndpointWithResponseStreamCommand,
  SageMakerRuntimeClient,
} from "@aws-sdk/client-sagemaker-runtime";
import { afterAll, beforeAll, describe, expect } from "@jest/globals";
import { packModel } from "@keyspaces-segmentation/aws-local/dist/sagemaker/kmeans/model_artifact.js";
import { type RunningAws, startAws } from "../support/aws.js";
import { jobRequest } from "../support/glue_jobs.js";
import { rowsBetween, type Shown, testRows } from "../support/readme_table.js";
import { Bucket, trainingRequest } from "../support/training_jobs.js";

let aws: RunningAws;
let runtime: SageMakerRuntimeClient;
beforeAll(async () => {
  aws = await startAws();
  runtime = new SageMakerRuntimeClient(aws.settings());
  await aws.s3.send(new CreateBucketCommand({ Bucket }));
  await aws.s3.send(new PutObjectCommand({ Bucket, Key: "good/rows.csv", Body: "0,0\n0,2\n10,10\n" }));
  const model = await packModel({ values: Float64Array.of(0, 0), rows: 1, columns: 2 });
  await aws.s3.send(new PutObjectCommand({ Bucket, Key: "model.tar.gz", Body: model }));
  await aws.sageMaker.send(
    new CreateModelCommand({ ModelName: "m", ExecutionRoleArn: role, PrimaryContainer: container }),
  );
});
afterAll(async () => {
  runtime?.destroy();
  await aws?.stop();
});

const role = "arn:aws:iam::123456789012:role/NobodyMadeIt";
const Image = "438346466558.dkr.ecr.eu-west-1.amazonaws.com/kmeans:1";
const container = { Image, ModelDataUrl: `s3://${Bucket}/model.tar.gz` };

const refused = (asks: () => Promise<unknown>) => {
  const message = expect.stringMatching(/ is not emulated\.$/);
  return expect(asks()).rejects.toMatchObject({ name: "NotEmulatedException", message });
};
/** All are refused by name. */
const allRefused = async (...asks: (() => Promise<unknown>)[]) => {
  for (const ask of asks) await refused(ask);
};

const train = (more: object) => () =>
  aws.sageMaker.send(new CreateTrainingJobCommand({ ...trainingRequest(), ...more } as CreateTrainingJobRequest));
const withChannel = (more: object) =>
  train({ InputDataConfig: [{ ...trainingRequest().InputDataConfig![0]!, ...more }] });
const algorithm = (more: object) =>
  train({ AlgorithmSpecification: { ...trainingRequest().AlgorithmSpecification, ...more } });
const model = (more: object) => () =>
  aws.sageMaker.send(new CreateModelCommand({ ModelName: "other", ExecutionRoleArn: role, ...more }));
let jobs = 0;
const transform =
  (more: object, s3: object = {}) =>
  () => {
    const S3DataSource = { S3DataType: "S3Prefix" as const, S3Uri: `s3://${Bucket}/good/`, ...s3 };
    const request: CreateTransformJobRequest = {
      TransformJobName: `transform-${++jobs}`,
      ModelName: "m",
      TransformInput: { DataSource: { S3DataSource }, ContentType: "text/csv", SplitType: "Line" },
      TransformOutput: { S3OutputPath: `s3://${Bucket}/out` },
      TransformResources: { InstanceType: "ml.m5.large", InstanceCount: 1 },
    };
    return aws.sageMaker.send(new CreateTransformJobCommand({ ...request, ...more }));
  };
const configure =
  (variant: Partial<ProductionVariant>, more: object = {}) =>
  () => {
    const on = { InitialInstanceCount: 1, InstanceType: "ml.m5.large" as const };
    const ProductionVariants = [{ VariantName: "v", ModelName: "m", ...on, ...variant }];
    return aws.sageMaker.send(
      new CreateEndpointConfigCommand({ EndpointConfigName: `c${++jobs}`, ProductionVariants, ...more }),
    );
  };
const invoke = (more: object) => () =>
  runtime.send(new InvokeEndpointCommand({ EndpointName: "e", Body: "0,0", ...more }));

describe("of STS, S3, IAM, KMS and Logs", () => {
  testRows(rowsBetween("## STS", "## Amazon SageMaker"), {
    "✓": {
      "SigV4 of every request: key, secret, token and its end, region, clock, hash of the body": [
        "aws-local/test/front.test.ts",
        "a body that is not the one that was signed is refused and not stored",
        "our clock is the one that counts",
      ],
    },
    "◐": {
      permissions: [
        "aws-local/test/authorise.test.ts",
        "a permission is asked for by operation and resource, and holds as soon as it is given",
        "a bucket's policy lets in whom it names, and keeps out whom it denies",
        "a boundary limits what policies give",
        "an operation that no permission is known for is refused by its name",
      ],
      STS: [
        "aws-local/test/front.test.ts",
        "GetCallerIdentity says who signed",
        "other actions of STS are refused by name",
      ],
      "customer keys of tables, objects, disks and results": [
        "keyspaces-local/test/schema/table_key.test.ts",
        "one key encrypts every table, object, disk and result, and those of another key are told",
        "a disabled key",
        "a key that is not there",
      ],
      "S3, IAM, KMS, CloudWatch Logs": [
        "aws-local/test/front.test.ts",
        "an object is stored, found, read and deleted",
        "a role is made and found",
      ],
    },
    "✗": {
      // Silently: an upload in chunks, each with its own signature, is taken by the request's.
      "signatures of single chunks in streamed S3 bodies": [
        "aws-local/test/front.test.ts",
        "20 MB go through as a stream, and come back",
      ],
      "presigned URLs, SigV4A": [
        "aws-local/test/front.test.ts",
        "so is one with half an Authorization header, and a presigned URL",
      ],
    },
  });
});

describe("of Amazon SageMaker", () => {
  testRows(rowsBetween("## Amazon SageMaker", "### Training"), {
    "✓": {
      "request shapes, by the service model": [
        "aws-local/test/sagemaker/create_training_job.test.ts",
        "a value of another type",
      ],
      "operations that AWS does not have": [
        "aws-local/test/front.test.ts",
        "an operation that SageMaker does not have is unknown",
      ],
      "tags: AddTags, ListTags, DeleteTags": [
        "aws-local/test/sagemaker/training_jobs.test.ts",
        "tags are added, replaced, listed and removed",
      ],
      "List operations: filters, order, pages": [
        "aws-local/test/sagemaker/training_jobs.test.ts",
        "jobs are listed by name, status and page",
      ],
    },
    "◐": {
      "VPC, network isolation, encrypted traffic between instances": [
        "aws-local/test/sagemaker/training_jobs.test.ts",
        "measures a test channel, on spot instances, several of them, in a network of one's own",
      ],
      "the roles' existence, trust and permissions": [
        "aws-local/test/authorise.test.ts",
        "it runs as its role, which SageMaker has to be trusted with and which has to have the permissions",
      ],
      quotas: [
        "aws-local/test/sagemaker/training_jobs.test.ts",
        "has quotas, by instance type, for what runs at the same time",
      ],
      "throttling and other failures": [
        "aws-local/test/sagemaker/training_jobs.test.ts",
        "is throttled when a test says so, and the SDK tries again",
      ],
    },
    "✗": {
      // Accepted, without effect: nobody has made this role.
      "keys' existence": train({
        ResourceConfig: { InstanceType: "ml.m5.large", InstanceCount: 1, VolumeSizeInGB: 5, VolumeKmsKeyId: "none" },
      }),
      "other services and the rest of SageMaker": () =>
        allRefused(
          () => aws.sageMaker.send(new ListAutoMLJobsCommand({})),
          () => aws.sageMaker.send(new ListExperimentsCommand({})),
        ),
    },
  });
});

const jobsTest = "aws-local/test/sagemaker/training_jobs.test.ts";
const hyperparameters = "aws-local/test/sagemaker/kmeans/hyperparameters.test.ts";
describe("of training", () => {
  testRows(rowsBetween("### Training", "### Models"), {
    "✓": {
      "CreateTrainingJob, DescribeTrainingJob, ListTrainingJobs, StopTrainingJob, DeleteTrainingJob": [
        jobsTest,
        ...[
          "runs to Completed and leaves the model in S3",
          "is stopped on request, leaves no model, and cannot be stopped again",
        ],
        ...["keeps its name until it is deleted", "jobs are listed by name, status and page"],
      ],
      "every hyperparameter": [
        hyperparameters,
        ...["init_method", "epochs", "mini_batch_size", "extra_center_factor", "half_life_time_size"],
        ...["local_lloyd_init_method", "local_lloyd_max_iter, local_lloyd_tol", "local_lloyd_num_trials"],
        ...["a combination that the first batch cannot serve"],
      ],
      "channels `train` and `test`": [jobsTest, "a channel that nobody knows", "no train channel"],
      CSV: [jobsTest, "CSV whose first column is taken for a label"],
      "RecordIO-protobuf, which is also what no content type means": [
        "aws-local/test/sagemaker/kmeans/train.test.ts",
        "is read as content type %j",
      ],
      "failures of the container": [
        jobsTest,
        "data with a header",
        "no k",
        "a wrong feature_dim",
        "a k that is no number",
      ],
      "`train:msd`": [
        "aws-local/test/sagemaker/logs.test.ts",
        "says that nothing was shrunk, and has no train:msd then",
      ],
      "`test:msd`, `test:ssd`": [
        "aws-local/test/sagemaker/kmeans/train.test.ts",
        "has to be as wide as the train channel",
      ],
      MaxRuntimeInSeconds: [jobsTest, "that runs longer than it may is stopped, without a model"],
    },
    "◐": {
      "the built-in k-means image": [hyperparameters, "inertia over 50 trainings, beside scikit-learn's"],
      chance: [
        "aws-local/test/sagemaker/training_chance.test.ts",
        "the same training gives the same model, unless chance has a source of its own",
      ],
      "S3Prefix and ManifestFile; ShardedByS3Key and FullyReplicated over several instances": [
        jobsTest,
        "reads what a manifest names, and nothing else",
      ],
      "managed spot training": [
        jobsTest,
        "measures a test channel, on spot instances, several of them, in a network of one's own",
      ],
      "keys for output and volume": [jobsTest, "is encrypted with the key that was asked for"],
      "CheckpointConfig, ProfilerConfig, RetryStrategy, Environment, EnableSageMakerMetricsTimeSeries": train({
        CheckpointConfig: { S3Uri: `s3://${Bucket}/checkpoints` },
        ProfilerConfig: { DisableProfiler: true },
        RetryStrategy: { MaximumRetryAttempts: 1 },
        Environment: { A: "b" },
      }),
      log: [
        "aws-local/test/sagemaker/logs.test.ts",
        "has a stream for every host, and the lines that metrics are read from",
      ],
    },
    "✗": {
      "augmented manifests, gzip, Pipe and FastFile, file systems, output without compression": () =>
        allRefused(
          withChannel({
            DataSource: { S3DataSource: { S3DataType: "AugmentedManifestFile", S3Uri: `s3://${Bucket}/good/` } },
          }),
          withChannel({ CompressionType: "Gzip" }),
          withChannel({ InputMode: "FastFile" }),
          algorithm({ TrainingInputMode: "Pipe" }),
          withChannel({
            DataSource: {
              FileSystemDataSource: {
                FileSystemId: "fs-12345678901",
                FileSystemType: "EFS",
                FileSystemAccessMode: "ro",
                DirectoryPath: "/a",
              },
            },
          }),
          train({ OutputDataConfig: { S3OutputPath: `s3://${Bucket}/out`, CompressionType: "NONE" } }),
        ),
      "debugger, experiments, instance groups, other images and algorithms": () =>
        allRefused(
          train({ DebugHookConfig: { S3OutputPath: `s3://${Bucket}/debug` } }),
          train({ ExperimentConfig: { ExperimentName: "e" } }),
          train({
            ResourceConfig: {
              VolumeSizeInGB: 5,
              InstanceGroups: [{ InstanceGroupName: "g", InstanceType: "ml.m5.large", InstanceCount: 1 }],
            },
          }),
          algorithm({ TrainingImage: Image.replace("kmeans", "knn") }),
          algorithm({ TrainingImage: undefined, AlgorithmName: "mine" }),
        ),
    },
  });
});

const transforms = "aws-local/test/sagemaker/transform_jobs.test.ts";
const endpoints = "aws-local/test/sagemaker/endpoints.test.ts";
const requests: Shown = ["aws-local/test/sagemaker/hosting/invoke.test.ts", "every form of request"];
describe("of models, batch transform and endpoints", () => {
  testRows(rowsBetween("### Models", "## AWS Glue"), {
    "✓": {
      "CreateModel, DescribeModel, ListModels, DeleteModel": [
        transforms,
        "is made of an image and its data, described, listed, tagged and deleted",
      ],
      "the model's file": [transforms, "an archive without model_algo-1", "a model that is none"],
      requests,
      "CreateTransformJob, DescribeTransformJob, ListTransformJobs, StopTransformJob": [
        transforms,
        ...["is stopped on request", "keeps its name, and is listed"],
        ...["with a bad record fails, without an output for its object, and keeps the others'"],
      ],
      "SplitType, BatchStrategy, MaxPayloadInMB, AssembleWith, gzip": [
        transforms,
        ...["sends one record at a time where that is asked for, with the same result", "no limit of the payload"],
        ...["unpacks gzip, encrypts what it writes, and answers JSON Lines to CSV"],
      ],
      "CreateEndpointConfig, CreateEndpoint and their Describe, List and Delete": [
        endpoints,
        ...["comes up, answers, and goes down", "is described, listed and deleted"],
      ],
      "instance and serverless variants, several variants by weight": [
        endpoints,
        ...["may be serverless", "may have variants, which take their share or are asked by name"],
      ],
      InvokeEndpoint: [endpoints, "a body of more than 6 MB is refused"],
    },
    "◐": {
      answers: ["aws-local/test/sagemaker/hosting/invoke.test.ts", "a distance is a 32-bit float, written in full"],
      "InputFilter, JoinSource, OutputFilter": [transforms, "joins JSON Lines under SageMakerOutput"],
      "names of outputs": [transforms, "writes cluster and distance of every record, an object for an object"],
      logs: ["aws-local/test/sagemaker/logs.test.ts", "a transform job's log says what the container answered"],
    },
    "✗": {
      "several containers, multi-model, model packages, uncompressed model data": () =>
        allRefused(
          model({ Containers: [container, container] }),
          model({ PrimaryContainer: { ...container, Mode: "MultiModel" } }),
          model({ PrimaryContainer: { ModelPackageName: "p" } }),
          model({
            PrimaryContainer: {
              Image,
              ModelDataSource: {
                S3DataSource: { S3Uri: `s3://${Bucket}/m/`, S3DataType: "S3Prefix", CompressionType: "None" },
              },
            },
          }),
        ),
      "manifests, several instances of a transform job": async () => {
        await refused(transform({}, { S3DataType: "ManifestFile", S3Uri: `s3://${Bucket}/good/rows.csv` }));
        // Accepted: one instance does the work of all.
        await transform({ TransformResources: { InstanceType: "ml.m5.large", InstanceCount: 2 } })();
      },
      "DataCaptureConfig, ExperimentConfig": () =>
        allRefused(
          transform({ DataCaptureConfig: { DestinationS3Uri: `s3://${Bucket}/c` } }),
          transform({ ExperimentConfig: { ExperimentName: "e" } }),
        ),
      "UpdateEndpoint, auto scaling, shadow variants, asynchronous inference, data capture, inference components": () =>
        allRefused(
          () => aws.sageMaker.send(new UpdateEndpointCommand({ EndpointName: "e", EndpointConfigName: "c" })),
          configure({ ManagedInstanceScaling: { Status: "ENABLED", MinInstanceCount: 1, MaxInstanceCount: 2 } }),
          configure({}, { ShadowProductionVariants: [{ VariantName: "s", ModelName: "m" }] }),
          configure({}, { AsyncInferenceConfig: { OutputConfig: { S3OutputPath: `s3://${Bucket}/a` } } }),
          configure(
            {},
            {
              DataCaptureConfig: {
                InitialSamplingPercentage: 1,
                DestinationS3Uri: `s3://${Bucket}/c`,
                CaptureOptions: [{ CaptureMode: "Input" }],
              },
            },
          ),
          () => aws.sageMaker.send(new ListInferenceComponentsCommand({})),
          () => runtime.send(new InvokeEndpointAsyncCommand({ EndpointName: "e", InputLocation: `s3://${Bucket}/i` })),
        ),
      "TargetModel, sessions, explanations, streams": () =>
        allRefused(
          invoke({ TargetModel: "m.tar.gz" }),
          invoke({ SessionId: "NEW_SESSION" }),
          invoke({ EnableExplanations: "`true`" }),
          () =>
            runtime.send(new InvokeEndpointWithResponseStreamCommand({ EndpointName: "e", Body: Buffer.from("0,0") })),
        ),
    },
  });
});

describe("the table of Glue", () => {
  const run = "aws-local/test/glue/job_runs.test.ts";
  const job = "aws-local/test/glue/jobs.test.ts";
  const permissions = "aws-local/test/glue/permissions.test.ts";
  const create = (more: object) => () => aws.glue.send(new CreateJobCommand({ ...jobRequest("a.py"), ...more }));
  const start = (more: object) => () => aws.glue.send(new StartJobRunCommand({ JobName: "none", ...more }));
  const command = (Name: string) => create({ Command: { Name, ScriptLocation: "s3://b/a.py" } });
  const whole = "goes from STARTING over RUNNING to SUCCEEDED, with its script's files, arguments, credentials and log";
  testRows(rowsBetween("## AWS Glue", undefined), {
    "✓": {
      "CreateJob, GetJob, GetJobs, ListJobs, UpdateJob, DeleteJob": [
        job,
        "a job is made, with what AWS gives one that does not say, found, changed and deleted",
        "jobs are listed in pages, and by their tags, which can be changed",
      ],
      "StartJobRun, GetJobRun, GetJobRuns, BatchStopJobRun": [
        run,
        whole,
        "that takes longer than its timeout ends as TIMEOUT, and nothing of it is left",
        "that is stopped ends as STOPPED, even one that does not listen, and nothing of it is left",
      ],
      "TagResource, UntagResource, GetTags": [job, "jobs are listed in pages, and by their tags, which can be changed"],
      "the role of a job: PassRole, trust, permissions": [
        permissions,
        "a job is made by who may make it and pass its role to Glue",
        "a role that does not let Glue in is not run as",
        "the script is fetched as the role, which has to be allowed to list and to read",
        "a script may do what its role may, and its session ends with it",
      ],
      "failures of a run": [
        run,
        "that ends by %j FAILS with the last line",
        "FAILS where script or jars are not in S3",
      ],
    },
    "◐": {
      "rules between members": [job, "a job with %s is refused"],
      "quotas of an account": [
        run,
        "what runs of an account may come to together is limited: DPUs of those that run, and how many are under way",
      ],
      workers: [run, whole],
      "Glue versions": [job, "a job with %s is refused"],
      "`--scriptLocation`, `--extra-jars`, `--extra-py-files`, `--extra-files`, `--user-jars-first`, `--conf`": [
        run,
        whole,
        "has the script that it is given in the place of its job's, as each run may",
      ],
      log: [run, whole],
      "ExecutionClass, NotificationProperty, MaintenanceWindow": create({
        ExecutionClass: "FLEX",
        NotificationProperty: { NotifyDelayAfter: 5 },
        MaintenanceWindow: "Sun:10",
      }),
    },
    "✗": {
      "`MaxConcurrentRuns` below 1, paths that are no `s3://BUCKET/KEY`": () =>
        allRefused(
          create({ ExecutionProperty: { MaxConcurrentRuns: 0 } }),
          create({ Command: { Name: "glueetl", ScriptLocation: "s3://" } }),
        ),
      "other versions, Ray, Python shell, streaming, connections, security configurations, retries, queuing, session policies":
        () =>
          allRefused(
            ...[create({ GlueVersion: "4.0" }), command("glueray"), command("pythonshell"), command("gluestreaming")],
            ...[create({ Connections: { Connections: ["c"] } }), create({ SecurityConfiguration: "s" })],
            ...[create({ MaxRetries: 1 }), start({ JobRunQueuingEnabled: true })],
            start({ ExecutionRoleSessionPolicy: "{}" }),
            ...[start({ SecurityConfiguration: "s" }), start({ JobRunId: "jr_0" })],
          ),
    },
  });
});
