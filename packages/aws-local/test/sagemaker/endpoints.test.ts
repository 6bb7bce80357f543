import { CreateBucketCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateModelCommand,
  DeleteEndpointCommand,
  DeleteEndpointConfigCommand,
  DescribeEndpointCommand,
  DescribeEndpointConfigCommand,
  ListEndpointConfigsCommand,
  ListEndpointsCommand,
  type ProductionVariant,
  SageMakerClient,
  waitUntilEndpointDeleted,
  waitUntilEndpointInService,
} from "@aws-sdk/client-sagemaker";
import {
  InvokeEndpointCommand,
  type InvokeEndpointCommandInput,
  SageMakerRuntimeClient,
} from "@aws-sdk/client-sagemaker-runtime";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { startAwsFront } from "@keyspaces-segmentation/aws-local/dist/front.js";
import { packModel } from "@keyspaces-segmentation/aws-local/dist/sagemaker/kmeans/model_artifact.js";
import { temporaryIdentity } from "@keyspaces-segmentation/local-support";
import { AwsError } from "@keyspaces-segmentation/local-support/dist/aws/errors.js";
import { type RunningAws, region, startAws } from "../../../../test/support/aws.js";

const Bucket = "endpoint-test";
const account = "123456789012";
const ExecutionRoleArn = `arn:aws:iam::${account}:role/LocalDataScientist`;
const Image = "438346466558.dkr.ecr.eu-west-1.amazonaws.com/kmeans:1";
const onInstance: Partial<ProductionVariant> = { InstanceType: "ml.m5.large", InitialInstanceCount: 1 };
let aws: RunningAws;
let runtime: SageMakerRuntimeClient;

beforeAll(async () => {
  aws = await startAws();
  runtime = new SageMakerRuntimeClient(aws.settings());
  await aws.s3.send(new CreateBucketCommand({ Bucket }));
  await model("near", await packModel({ values: Float64Array.of(0, 0, 3, 8), rows: 2, columns: 2 }));
  await model("far", await packModel({ values: Float64Array.of(100, 0), rows: 1, columns: 2 }));
  await model("broken", Buffer.from("no archive"));
  await model("isolated", Buffer.from("no archive"), true);
  await up("standing");
});
afterAll(async () => {
  runtime?.destroy();
  await aws?.stop();
});

async function model(ModelName: string, archive: Uint8Array, EnableNetworkIsolation = false): Promise<void> {
  const Key = `models/${ModelName}/model.tar.gz`;
  await aws.s3.send(new PutObjectCommand({ Bucket, Key, Body: archive }));
  const PrimaryContainer = { Image, ModelDataUrl: `s3://${Bucket}/${Key}` };
  const request = { ModelName, ExecutionRoleArn, PrimaryContainer, EnableNetworkIsolation };
  await aws.sageMaker.send(new CreateModelCommand(request));
}
const configure = (EndpointConfigName: string, ...variants: Partial<ProductionVariant>[]) =>
  aws.sageMaker.send(
    new CreateEndpointConfigCommand({
      EndpointConfigName,
      ProductionVariants: variants.map((each) => ({ VariantName: "AllTraffic", ModelName: "near", ...each })),
    }),
  );
const describeEndpoint = (EndpointName: string) => aws.sageMaker.send(new DescribeEndpointCommand({ EndpointName }));
/** As short as the SDK lets it be: a first look after a second. */
const waiter = () => ({ client: aws.sageMaker, minDelay: 1, maxDelay: 1, maxWaitTime: 30 });
const inService = (EndpointName: string) => waitUntilEndpointInService(waiter(), { EndpointName });

/** An endpoint in service, by the name of its configuration. */
async function up(name: string, ...variants: Partial<ProductionVariant>[]): Promise<void> {
  await configure(name, ...(variants.length > 0 ? variants : [onInstance]));
  await aws.sageMaker.send(new CreateEndpointCommand({ EndpointName: name, EndpointConfigName: name }));
  await inService(name);
}

const ask = async (more: Partial<InvokeEndpointCommandInput> = {}) => {
  const input = { EndpointName: "standing", ContentType: "text/csv", Body: "0,4", ...more };
  const { Body, ContentType, InvokedProductionVariant } = await runtime.send(new InvokeEndpointCommand(input));
  return { body: Body.transformToString(), ContentType, InvokedProductionVariant };
};

describe("an endpoint", () => {
  test("comes up, answers, and goes down", async () => {
    const EndpointName = "short-lived";
    const { EndpointConfigArn } = await configure(EndpointName, onInstance);
    expect(EndpointConfigArn).toBe(`arn:aws:sagemaker:${region}:${account}:endpoint-config/${EndpointName}`);
    const create = new CreateEndpointCommand({ EndpointName, EndpointConfigName: EndpointName });
    const { EndpointArn } = await aws.sageMaker.send(create);
    expect(EndpointArn).toBe(`arn:aws:sagemaker:${region}:${account}:endpoint/${EndpointName}`);
    expect(await describeEndpoint(EndpointName)).toMatchObject({ EndpointStatus: "Creating" });
    await inService(EndpointName);
    expect(await describeEndpoint(EndpointName)).toMatchObject({
      EndpointName,
      EndpointArn,
      EndpointConfigName: EndpointName,
      EndpointStatus: "InService",
      ProductionVariants: [{ VariantName: "AllTraffic", CurrentInstanceCount: 1, CurrentWeight: 1 }],
    });
    expect(await ask({ EndpointName })).toMatchObject({ InvokedProductionVariant: "AllTraffic" });
    await aws.sageMaker.send(new DeleteEndpointCommand({ EndpointName }));
    await waitUntilEndpointDeleted(waiter(), { EndpointName });
    await expect(describeEndpoint(EndpointName)).rejects.toMatchObject({
      name: "ValidationException",
      message: `Could not find endpoint "${EndpointArn}".`,
    });
    await expect(ask({ EndpointName })).rejects.toMatchObject({
      name: "ValidationError",
      message: `Endpoint ${EndpointName} of account ${account} not found.`,
    });
  });

  test("may be serverless", async () => {
    await up("serverless", { ServerlessConfig: { MemorySizeInMB: 2048, MaxConcurrency: 5 } });
    expect(await describeEndpoint("serverless")).toMatchObject({
      ProductionVariants: [
        { CurrentInstanceCount: 0, CurrentServerlessConfig: { MemorySizeInMB: 2048, MaxConcurrency: 5 } },
      ],
    });
    expect((await ask({ EndpointName: "serverless", Accept: "text/csv" })).body).toBe("0.0,4.0");
    const Body = Buffer.alloc(4 * 2 ** 20 + 1, "0,4\n");
    await expect(ask({ EndpointName: "serverless", Body })).rejects.toMatchObject({ name: "ValidationError" });
  });

  test("may have variants, which take their share or are asked by name", async () => {
    await up(
      "variants",
      { ...onInstance, VariantName: "near", InitialVariantWeight: 3 },
      { ...onInstance, VariantName: "far", ModelName: "far", InitialVariantWeight: 1 },
    );
    const answers: string[] = [];
    for (let i = 0; i < 40; i++) answers.push((await ask({ EndpointName: "variants" })).InvokedProductionVariant ?? "");
    expect(answers.filter((each) => each === "near").length).toBe(30);
    const far = await ask({ EndpointName: "variants", TargetVariant: "far", Body: "100,7", Accept: "text/csv" });
    expect(far).toMatchObject({ body: "0.0,7.0", InvokedProductionVariant: "far" });
    await expect(ask({ EndpointName: "variants", TargetVariant: "none" })).rejects.toMatchObject({
      name: "ValidationError",
    });
  });

  test("whose model cannot be read fails, as the container does not start", async () => {
    await configure("broken", { ...onInstance, ModelName: "broken" });
    const EndpointName = "broken";
    await aws.sageMaker.send(new CreateEndpointCommand({ EndpointName, EndpointConfigName: "broken" }));
    await expect(inService(EndpointName)).rejects.toThrow();
    expect(await describeEndpoint(EndpointName)).toMatchObject({
      EndpointStatus: "Failed",
      FailureReason:
        "The primary container for production variant AllTraffic did not pass the ping health check. " +
        "Please check CloudWatch logs for this endpoint.",
    });
    await aws.sageMaker.send(new DeleteEndpointCommand({ EndpointName }));
  });

  test("cannot be deleted while it comes up, made twice, or made of what is not there", async () => {
    const front = await startAwsFront({ region, identities: [aws.identity], moto: aws.moto, trainingPace: 5000 });
    const client = new SageMakerClient({ ...aws.settings(), endpoint: front.url });
    const PrimaryContainer = { Image, ModelDataUrl: `s3://${Bucket}/models/near/model.tar.gz` };
    await client.send(new CreateModelCommand({ ModelName: "near", ExecutionRoleArn, PrimaryContainer }));
    const ProductionVariants = [{ VariantName: "v", ModelName: "near", ...onInstance }];
    await client.send(new CreateEndpointConfigCommand({ EndpointConfigName: "slow", ProductionVariants }));
    const create = (EndpointConfigName: string) =>
      client.send(new CreateEndpointCommand({ EndpointName: "slow", EndpointConfigName }));
    const { EndpointArn } = await create("slow");
    await expect(client.send(new DeleteEndpointCommand({ EndpointName: "slow" }))).rejects.toMatchObject({
      name: "ValidationException",
      message: `Cannot update in-progress endpoint "${EndpointArn}".`,
    });
    await expect(create("slow")).rejects.toMatchObject({
      message: `Cannot create already existing endpoint "${EndpointArn}".`,
    });
    await expect(create("none")).rejects.toMatchObject({
      message: `Could not find endpoint configuration "arn:aws:sagemaker:${region}:${account}:endpoint-config/none".`,
    });
    const early = new SageMakerRuntimeClient({ ...aws.settings(), endpoint: front.url });
    const invoke = early.send(
      new InvokeEndpointCommand({ EndpointName: "slow", Body: "0,4", ContentType: "text/csv" }),
    );
    await expect(invoke).rejects.toMatchObject({ name: "ValidationError" });
    early.destroy();
    client.destroy();
    await front.close();
  });

  test("is listed", async () => {
    const { Endpoints } = await aws.sageMaker.send(
      new ListEndpointsCommand({ NameContains: "stand", StatusEquals: "InService" }),
    );
    expect(Endpoints?.map((each) => each.EndpointName)).toEqual(["standing"]);
  });
});

describe("a configuration", () => {
  test("is described, listed and deleted", async () => {
    const { EndpointConfigArn } = await configure("listed-config", onInstance);
    const EndpointConfigName = "listed-config";
    const described = await aws.sageMaker.send(new DescribeEndpointConfigCommand({ EndpointConfigName }));
    expect(described).toMatchObject({
      EndpointConfigArn,
      ProductionVariants: [{ VariantName: "AllTraffic", ModelName: "near", InitialVariantWeight: 1, ...onInstance }],
    });
    const list = new ListEndpointConfigsCommand({ NameContains: "listed" });
    const { EndpointConfigs } = await aws.sageMaker.send(list);
    expect(EndpointConfigs?.map((each) => each.EndpointConfigName)).toEqual([EndpointConfigName]);
    await expect(configure(EndpointConfigName, onInstance)).rejects.toMatchObject({
      message: `Cannot create already existing endpoint configuration "${EndpointConfigArn}".`,
    });
    await aws.sageMaker.send(new DeleteEndpointConfigCommand({ EndpointConfigName }));
    const again = aws.sageMaker.send(new DeleteEndpointConfigCommand({ EndpointConfigName }));
    await expect(again).rejects.toMatchObject({
      message: `Could not find endpoint configuration "${EndpointConfigArn}".`,
    });
  });

  const serverless = { ServerlessConfig: { MemorySizeInMB: 1024, MaxConcurrency: 1 } };
  test.each<[what: string, variants: Partial<ProductionVariant>[], name: string, message: RegExp]>([
    [
      "a model that is not there",
      [{ ...onInstance, ModelName: "none" }],
      "ValidationException",
      /Could not find model/,
    ],
    ["neither instances nor serverless", [{}], "ValidationException", /needs InstanceType/],
    ["both", [{ ...onInstance, ...serverless }], "ValidationException", /therefore no instances/],
    [
      "an odd size of memory",
      [{ ServerlessConfig: { MemorySizeInMB: 1500, MaxConcurrency: 1 } }],
      "ValidationException",
      /multiple of 1024/,
    ],
    [
      "too little memory",
      [{ ServerlessConfig: { MemorySizeInMB: 512, MaxConcurrency: 1 } }],
      "ValidationException",
      /^1 validation error detected: Value '512' at 'productionVariants\.1\.member\.serverlessConfig\.memorySizeInMB'/,
    ],
    [
      "more provisioned than at most",
      [{ ServerlessConfig: { MemorySizeInMB: 1024, MaxConcurrency: 1, ProvisionedConcurrency: 2 } }],
      "ValidationException",
      /must not exceed MaxConcurrency/,
    ],
    [
      "an isolated model without a server",
      [{ ...serverless, ModelName: "isolated" }],
      "ValidationException",
      /isolation/,
    ],
    [
      "several variants without a server",
      [serverless, { ...serverless, VariantName: "b" }],
      "ValidationException",
      /one variant only/,
    ],
    ["a variant twice", [onInstance, onInstance], "ValidationException", /must be unique/],
    [
      "an accelerator",
      [{ ...onInstance, AcceleratorType: "ml.eia1.medium" }],
      "NotEmulatedException",
      /^Member 'ProductionVariants.AcceleratorType' is not emulated\.$/,
    ],
  ])("with %s is refused", async (_what, variants, name, message) => {
    await expect(configure("refused", ...variants)).rejects.toMatchObject({
      name,
      message: expect.stringMatching(message),
    });
  });
});

describe("InvokeEndpoint", () => {
  const csv = "0.0,4.0";
  test.each<[ContentType: string, Body: string | Uint8Array, Accept: string | undefined, answer: string, type: string]>(
    [
      ["text/csv", "0,4", "text/csv", csv, "text/csv"],
      ["application/json", '{"instances":[{"features":[0,4]}]}', "text/csv", csv, "text/csv"],
      ["application/jsonlines", '{"features":[0,4]}\n', "text/csv", csv, "text/csv"],
      [
        "application/x-recordio-protobuf",
        // Features 0 and 4.
        Buffer.from("0a23d7ce180000000a160a0676616c756573120c120a0a080000000000008040", "hex"),
        "text/csv",
        csv,
        "text/csv",
      ],
      [
        "text/csv",
        "0,4",
        undefined,
        '{"predictions":[{"closest_cluster":0.0,"distance_to_cluster":4.0}]}',
        "application/json",
      ],
      [
        "text/csv",
        "0,4",
        "application/jsonlines",
        '{"closest_cluster": 0.0, "distance_to_cluster": 4.0}',
        "application/jsonlines",
      ],
    ],
  )("%s: %s, accepting %s", async (ContentType, Body, Accept, body, type) => {
    expect(await ask({ ContentType, Body, ...(Accept && { Accept }) })).toMatchObject({ body, ContentType: type });
  });

  test.each([
    ["a header row", { Body: "recency,monetary\n0,4\n" }, 400, "unable to evaluate payload provided"],
    ["another width", { Body: "1,2,3" }, 400, "unable to evaluate payload provided"],
    ["another content type", { ContentType: "text/plain" }, 415, "Content-type text/plain not supported"],
    ["another Accept", { Accept: "image/png" }, 406, "Accept type image/png not supported"],
  ])("a body with %s is a ModelError, which the SDK does not try again", async (_what, more, status, message) => {
    await expect(ask(more)).rejects.toMatchObject({
      name: "ModelError",
      message:
        `Received client error (${status}) from primary with message "${message}". See ` +
        `https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}` +
        `#logEventViewer:group=/aws/sagemaker/Endpoints/standing in account ${account} for more information.`,
      OriginalStatusCode: status,
      OriginalMessage: message,
      LogStreamArn: `arn:aws:logs:${region}:${account}:log-group:/aws/sagemaker/Endpoints/standing`,
      $metadata: { httpStatusCode: 424, attempts: 1 },
    });
  });

  test("a body of more than 6 MB is refused", async () => {
    await expect(ask({ Body: Buffer.alloc(6_291_457, "0") })).rejects.toMatchObject({
      name: "ValidationError",
      message: expect.stringMatching(
        /at 'body' failed to satisfy constraint: Member must have length less than or equal/,
      ),
    });
  });

  test("a name that is none is refused, and so is what is not emulated", async () => {
    await expect(ask({ EndpointName: "x_y" })).rejects.toMatchObject({
      name: "ValidationError",
      message: expect.stringMatching(/^1 validation error detected: Value 'x_y' at 'endpointName'/),
    });
    await expect(ask({ TargetModel: "m.tar.gz" })).rejects.toMatchObject({ name: "NotEmulatedException" });
  });

  test("wrong credentials are refused in this protocol's way", async () => {
    const invoke = async (settings: ReturnType<RunningAws["settings"]>) => {
      const client = new SageMakerRuntimeClient(settings);
      const command = new InvokeEndpointCommand({ EndpointName: "standing", Body: "0,4" });
      await client.send(command).finally(() => client.destroy());
    };
    await expect(invoke(aws.settings(temporaryIdentity()))).rejects.toMatchObject({
      name: "UnrecognizedClientException",
      $metadata: { httpStatusCode: 403 },
    });
    await expect(invoke(aws.settings(aws.stranger))).rejects.toMatchObject({
      name: "AccessDeniedException",
      message: expect.stringMatching(/is not authorized to perform: sagemaker:InvokeEndpoint on/),
    });
  });

  test("is throttled when a test says so", async () => {
    const fail = (operation: string) =>
      operation === "InvokeEndpoint" ? new AwsError("ThrottlingException", "Rate exceeded") : undefined;
    const front = await startAwsFront({ region, identities: [aws.identity], moto: aws.moto, sageMaker: { fail } });
    const client = new SageMakerRuntimeClient({ ...aws.settings(), endpoint: front.url });
    const invoke = client.send(new InvokeEndpointCommand({ EndpointName: "standing", Body: "0,4" }));
    await expect(invoke).rejects.toMatchObject({ name: "ThrottlingException", message: "Rate exceeded" });
    client.destroy();
    await front.close();
  });
});
