import { CreateRoleCommand, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { beforeAll, describe, expect, test } from "@jest/globals";
import {
  computeFeatures,
  type FeaturesSettings,
  requireSpark,
  sparkParameters,
} from "@keyspaces-segmentation/glue-features";
import { ROLE_NAME, temporaryIdentity } from "@keyspaces-segmentation/local-support";
import { glueFeatures } from "../../../test/support/glue_features.js";

const bucket = "refusals-test";
const account = "123456789012";
const arnOf = (name: string) => `arn:aws:iam::${account}:role/${name}`;
const who = temporaryIdentity("policies");

const world = glueFeatures(
  { bucket, prefix: "segmentation" },
  { withPolicies: true, others: [who], glue: { spark: { submit: undefined, install: "run the installer" } } },
);
beforeAll(async () => {
  const trust = (Service: string) =>
    JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { Service }, Action: "sts:AssumeRole" }],
    });
  for (const [RoleName, service] of [
    [ROLE_NAME, "sagemaker"],
    ["Features", "glue"],
    ["Training", "sagemaker"],
  ] as const) {
    await world.aws.iam.send(
      new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust(`${service}.amazonaws.com`) }),
    );
  }
  await may("Features", "s3:*");
});
async function may(RoleName: string, ...Action: string[]): Promise<void> {
  const PolicyDocument = JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action, Resource: "*" }],
  });
  await world.aws.iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: "own", PolicyDocument }));
}

function computing(parameters: Partial<FeaturesSettings["parameters"]>) {
  const { accessKeyId, secretAccessKey, sessionToken = "" } = who;
  const session = world.session({ credentials: async () => ({ accessKeyId, secretAccessKey, sessionToken }) });
  return computeFeatures(session, { ...world.request(parameters), place: { bucket, role: arnOf("Features") } });
}

const mayRunJobs = ["glue:*", "iam:PassRole", "iam:GetRole", "s3:*"];

test.each([
  ["sparkWorkerType", "G.3X", "G.2X", /^one of "G\.1X", "G\.2X", /],
  ["sparkWorkers", 0, 2, /^an integer from 2 to 1000$/],
  ["sparkWorkers", 1, 1000, /^an integer from 2 to 1000$/],
  ["sparkWorkers", 1001, "10", /^an integer from 2 to 1000$/],
  ["sparkTimeoutMinutes", 1, 2, /^an integer from 2 to 10079$/],
  ["sparkTimeoutMinutes", 10_080, 10_079, /^an integer from 2 to 10079$/],
  ["sparkRole", "a role", "Features", /ARN or the name of an IAM role/],
] as const)("%s may not be %s, but %s", (name, wrong, right, rule) => {
  const reader = sparkParameters[name];
  expect(reader.read(wrong)).toBeUndefined();
  expect(String(reader.read(right))).toBe(String(right));
  expect(reader.rule).toMatch(rule);
});

test.each(["G.1X", "G.2X", "G.4X", "G.8X", "G.12X", "G.16X", "R.1X", "R.2X", "R.4X", "R.8X"])(
  "a worker may be a %s",
  (type) => {
    expect(sparkParameters.sparkWorkerType.read(type)).toBe(type);
  },
);

/** What is said of parameters, where Spark is asked for and where it is not. */
function asking(parameters: { sparkSample?: number; sparkWorkerType?: string; sparkWorkers?: number }) {
  const of = (engine: "node" | "spark") => () =>
    requireSpark({ engine, sparkSample: 200_000, sparkWorkerType: "G.1X", sparkWorkers: 2, k: 6, ...parameters });
  expect(of("node")).not.toThrow();
  return expect(of("spark"));
}

test("`sparkSample` may not be smaller than clusters need, and only where Spark is asked for", () => {
  asking({ sparkSample: 59 }).toThrow(
    "Expected `sparkSample` to be at least 60, 10 customers for each of the 6 clusters of `k`, got 59",
  );
  for (const sparkSample of [60, 200_000]) asking({ sparkSample }).not.toThrow();
});

// As AWS says how many DPUs they have: https://docs.aws.amazon.com/glue/latest/dg/worker-types.html
test.each([
  ["G.1X", 1, 1000],
  ["G.2X", 2, 500],
  ["G.8X", 8, 125],
  ["G.12X", 12, 83],
  ["G.16X", 16, 62],
  ["R.1X", 1, 1000],
  ["R.8X", 8, 125],
])("workers of type %s, of %s DPUs, may be %s", (sparkWorkerType, dpus, sparkWorkers) => {
  asking({ sparkWorkerType, sparkWorkers }).not.toThrow();
  asking({ sparkWorkerType, sparkWorkers: sparkWorkers + 1 }).toThrow(
    `Expected \`sparkWorkers\` to be at most ${sparkWorkers}, as a ${sparkWorkerType} has ${dpus} DPUs and an account may use 1000 at once, got ${sparkWorkers + 1}`,
  );
});

describe("a role", () => {
  test("that is asked for by its name is found", async () => {
    await may(ROLE_NAME, ...mayRunJobs);
    // It goes as far as a role can bring it.
    await expect(computing({ sparkRole: "Features" })).rejects.toThrow(/Apache Spark is not installed/);
  });

  test("that is not there, by its name", async () => {
    await may(ROLE_NAME, ...mayRunJobs);
    await expect(computing({ sparkRole: "Nobody" })).rejects.toMatchObject({
      message: expect.stringMatching(/^Could not look for the role Nobody of the parameter `sparkRole`: .*not found/),
      hint: `Set \`sparkRole\` to the name or the ARN of a role of account ${account}.`,
    });
  });

  test("whose name may not be looked up", async () => {
    await may(ROLE_NAME, "glue:*", "iam:PassRole", "s3:*");
    await expect(computing({ sparkRole: "Features" })).rejects.toMatchObject({
      message: expect.stringMatching(
        /^Could not look for the role Features of the parameter `sparkRole`: .*iam:GetRole/,
      ),
      hint: "The signed-in identity needs iam:GetRole to look for a role by its name; or set `sparkRole` to the role's ARN.",
    });
  });

  test.each([
    ["that is not there, by its ARN", "Nobody"],
    ["that lets only SageMaker in", "Training"],
  ])("%s", async (_, name) => {
    await may(ROLE_NAME, ...mayRunJobs);
    await expect(computing({ sparkRole: arnOf(name) })).rejects.toMatchObject({
      message: expect.stringMatching(
        /^Could not start the Glue job .* should be given assume role permissions for Glue Service\.$/,
      ),
      hint: expect.stringMatching(
        /^There has to be a role .*, and its trust policy has to let Glue in, as infra\/iam\/features_trust\.json does\. Or set the parameter `sparkRole`/,
      ),
    });
  });

  test("that may not be passed to Glue", async () => {
    await may(ROLE_NAME, "glue:*", "iam:GetRole", "s3:*");
    await expect(computing({ prefix: "not-passed" })).rejects.toMatchObject({
      message: expect.stringMatching(/^Could not create the Glue job .*iam:PassRole/),
      hint: expect.stringContaining("infra/iam/spark_policy.json"),
    });
  });

  test("that may not list where the script lies", async () => {
    await may(ROLE_NAME, ...mayRunJobs);
    await may("Features", "s3:GetObject");
    try {
      await expect(computing({})).rejects.toMatchObject({
        message: expect.stringMatching(
          /it failed: LAUNCH ERROR \| Error downloading from S3 for bucket: .*s3:ListBucket/,
        ),
        hint: expect.stringMatching(
          /^The job's role has to be allowed s3:ListBucket .*infra\/iam\/features_policy\.json\.$/,
        ),
      });
    } finally {
      await may("Features", "s3:*");
    }
  });
});

test("a bucket that the signed-in identity may neither read nor write", async () => {
  await may(ROLE_NAME, "glue:*", "iam:PassRole", "iam:GetRole");
  await expect(computing({ prefix: "not-read" })).rejects.toMatchObject({
    message: expect.stringMatching(/^Could not upload to s3:\/\/refusals-test\/not-read\/jobs\/.*s3:PutObject/),
  });
});

test("Spark that is not installed beside the stand-in, with what installs it", async () => {
  await may(ROLE_NAME, ...mayRunJobs);
  await expect(computing({})).rejects.toThrow(
    /it failed: LAUNCH ERROR \| Apache Spark is not installed beside this stand-in for AWS Glue: run the installer\.$/,
  );
});
