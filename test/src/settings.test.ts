import { describe, expect, test } from "@jest/globals";
import { readSettings } from "../../src/settings.js";

const cell = { dataBucket: "data-bucket", dataKey: "online_retail_II.csv" };
const parametersFrom = (environment: NodeJS.ProcessEnv, defaults: object = {}) =>
  readSettings({ ...cell, ...defaults }, environment, new Date("2026-03-04T23:59:59Z")).parameters;

describe("parameters", () => {
  test("have defaults, the keyspace named after the UTC day", () => {
    expect(parametersFrom({})).toEqual({
      ...cell,
      dateOrder: null,
      decimal: null,
      separator: null,
      encoding: null,
      columns: null,
      sheet: null,
      timeZone: null,
      nobody: null,
      creditNotes: null,
      keyspace: "blog_20260304",
      table: "online_retail",
      preparation: "net",
      analysisDate: null,
      recencyCuts: null,
      frequencyCuts: null,
      monetaryCuts: null,
      scaling: "min_max",
      currency: null,
      k: 6,
      instanceType: "ml.m5.large",
      instances: 1,
      format: "csv",
      spot: false,
      whenLeft: "leave",
      reuse: true,
      read: "changed",
      subnets: null,
      securityGroups: null,
      networkIsolation: false,
      encryptTraffic: false,
      engine: "node",
      sparkRole: null,
      sparkWorkerType: "G.1X",
      sparkWorkers: 2,
      sparkTimeoutMinutes: 120,
      sparkSample: 200_000,
      kmsKey: null,
      scoring: "local",
      bucket: null,
      prefix: "customer-segmentation",
      accessRole: null,
      executionRole: null,
      outputDirectory: "../out",
      maxRejects: "20%",
      maxRowsPerSecond: null,
      resultsTtlDays: null,
      budgetUsd: null,
      cleanUp: false,
    });
  });

  test("subnets and their groups come together, and no serverless endpoint is in them", () => {
    const both = { SEGMENTATION_SUBNETS: "subnet-1, subnet-2", SEGMENTATION_SECURITY_GROUPS: "sg-1" };
    expect(parametersFrom(both)).toMatchObject({ subnets: "subnet-1, subnet-2", securityGroups: "sg-1" });
    expect(() => parametersFrom({ SEGMENTATION_SUBNETS: "subnet-1" })).toThrow(
      "Expected `securityGroups` to be given where `subnets` are, got null",
    );
    expect(() => parametersFrom({ SEGMENTATION_SECURITY_GROUPS: "sg-1" })).toThrow("Expected `subnets` to be given");
    expect(() => parametersFrom({ SEGMENTATION_SUBNETS: "subnet 1" })).toThrow("1 to 16 ids with commas between them");
    expect(() => parametersFrom({ SEGMENTATION_SECURITY_GROUPS: "a,b,c,d,e,f" })).toThrow("1 to 5 ids");
    for (const guarded of [both, { SEGMENTATION_NETWORK_ISOLATION: "true" }]) {
      expect(() => parametersFrom({ ...guarded, SEGMENTATION_SCORING: "endpoint" })).toThrow(
        "which serverless endpoints do not have",
      );
    }
  });

  test("a currency is a code that there is, in capitals or not", () => {
    expect(parametersFrom({ SEGMENTATION_CURRENCY: "eur" }).currency).toBe("EUR");
    expect(parametersFrom({ SEGMENTATION_CURRENCY: "" }, { currency: "USD" }).currency).toBeNull();
    expect(parametersFrom({}, { currency: "JPY" }).currency).toBe("JPY");
    for (const wrong of ["EURO", "€", "XQZ", "E1R"]) {
      expect(() => parametersFrom({ SEGMENTATION_CURRENCY: wrong })).toThrow(
        'Expected `SEGMENTATION_CURRENCY` to be the ISO 4217 code of a currency, such as "EUR", or null, got',
      );
    }
  });

  test("from outside win over the cell, each in its own type", () => {
    const outside = {
      SEGMENTATION_K: "5",
      SEGMENTATION_CLEAN_UP: "false",
      SEGMENTATION_ANALYSIS_DATE: "2011-12-09",
      SEGMENTATION_EXECUTION_ROLE: "arn:aws:iam::123456789012:role/service-role/Studio",
      SEGMENTATION_BUCKET: "",
      SEGMENTATION_OUTPUT_DIRECTORY: "/somewhere/with blanks",
      SEGMENTATION_RESULTS_TTL_DAYS: "7300",
      SEGMENTATION_REUSE: "false",
    };
    expect(parametersFrom(outside, { k: 4, cleanUp: true, bucket: "of-the-cell" })).toMatchObject({
      resultsTtlDays: 7300,
      reuse: false,
      k: 5,
      cleanUp: false,
      analysisDate: "2011-12-09",
      executionRole: "arn:aws:iam::123456789012:role/service-role/Studio",
      bucket: null,
      outputDirectory: "/somewhere/with blanks",
    });
  });

  test.each([
    ["SEGMENTATION_K", "0", "an integer of at least 1"],
    ["SEGMENTATION_K", "", "an integer of at least 1"],
    ["SEGMENTATION_K", "2.5", "an integer of at least 1"],
    ["SEGMENTATION_K", "1e3", "an integer of at least 1"],
    ["SEGMENTATION_KEYSPACE", "a".repeat(49), "1 to 48 letters, digits or underscores"],
    ["SEGMENTATION_KEYSPACE", "_x", "1 to 48 letters, digits or underscores"],
    ["SEGMENTATION_TABLE", 'x"; DROP', "1 to 48 letters, digits or underscores"],
    ["SEGMENTATION_PREPARATION", "gross", 'one of "net", "sales", "as_published"'],
    ["SEGMENTATION_SCALING", "MIN_MAX", 'one of "min_max", "log_standard"'],
    ["SEGMENTATION_ANALYSIS_DATE", "2011-02-30", "a day as YYYY-MM-DD"],
    ["SEGMENTATION_ANALYSIS_DATE", "09.12.2011", "a day as YYYY-MM-DD"],
    ["SEGMENTATION_INSTANCE_TYPE", "m5.large", "a SageMaker instance type"],
    ["SEGMENTATION_RECENCY_CUTS", "30,90,180", "four ascending numbers, or null"],
    ["SEGMENTATION_FREQUENCY_CUTS", "1,2,2,3", "four ascending numbers, or null"],
    ["SEGMENTATION_MONETARY_CUTS", "1,,3,4", "four ascending numbers, or null"],
    ["SEGMENTATION_INSTANCES", "0", "an integer of at least 1"],
    ["SEGMENTATION_MAX_REJECTS", "101%", "a number of lines or a percentage"],
    ["SEGMENTATION_MAX_REJECTS", "-1", "a number of lines or a percentage"],
    ["SEGMENTATION_MAX_REJECTS", "", "a number of lines or a percentage"],
    ["SEGMENTATION_RESULTS_TTL_DAYS", "0", "an integer from 1 to 7300, or null"],
    ["SEGMENTATION_RESULTS_TTL_DAYS", "7301", "an integer from 1 to 7300, or null"],
    ["SEGMENTATION_RESULTS_TTL_DAYS", "1.5", "an integer from 1 to 7300, or null"],
    ["SEGMENTATION_FORMAT", "parquet", 'one of "csv", "recordio"'],
    ["SEGMENTATION_SPOT", "1", "true or false"],
    ["SEGMENTATION_WHEN_LEFT", "kill", 'one of "leave", "stop"'],
    ["SEGMENTATION_ACCESS_ROLE", "Access", "the ARN of an IAM role, or null"],
    ["SEGMENTATION_KMS_KEY", "a key", "the id or ARN of a KMS key"],
    ["SEGMENTATION_ENGINE", "flink", 'one of "node", "spark"'],
    ["SEGMENTATION_SPARK_WORKERS", "1", "an integer from 2 to 1000"],
    ["SEGMENTATION_SCORING", "remote", 'one of "local", "batch_transform", "endpoint"'],
    ["SEGMENTATION_BUCKET", "Upper", "the name of an S3 bucket"],
    ["SEGMENTATION_DATA_BUCKET", "", "the name of an S3 bucket"],
    ["SEGMENTATION_PREFIX", "/a", "a key prefix without slashes at its ends"],
    ["SEGMENTATION_PREFIX", "a//b", "a key prefix without slashes at its ends"],
    ["SEGMENTATION_EXECUTION_ROLE", "arn:aws:iam::1:role/x", "the ARN or the name of an IAM role"],
    ["SEGMENTATION_CLEAN_UP", "yes", "true or false"],
  ])("%s=%s is refused", (variable, value, rule) => {
    const reading = () => parametersFrom({ [variable]: value });
    expect(reading).toThrow(`Expected \`${variable}\` to be ${rule}`);
    expect(reading).toThrow(`, got ${JSON.stringify(value)}`);
  });

  test("that are lists come from outside with commas, and from the cell as lists", () => {
    const outside = parametersFrom({ SEGMENTATION_RECENCY_CUTS: "30, 90,180,365" }, { monetaryCuts: [1, 2, 3, 4.5] });
    expect([outside.recencyCuts, outside.monetaryCuts]).toEqual([
      [30, 90, 180, 365],
      [1, 2, 3, 4.5],
    ]);
  });

  test("of the cell are checked too and named as the cell names them", () => {
    expect(() => parametersFrom({}, { k: 2.5 })).toThrow("Expected `k` to be an integer of at least 1, got 2.5");
    expect(() => readSettings({ dataKey: "x" }, {})).toThrow("Expected `dataBucket` to be the name of an S3 bucket");
  });

  test("that do not exist are refused with the list of those that do; the debug switch is none of them", () => {
    expect(() => parametersFrom({ SEGMENTATION_KK: "5" })).toThrow(
      /^Expected `SEGMENTATION_KK` to be one of SEGMENTATION_DATA_BUCKET, .*SEGMENTATION_K, .*, got "5"$/,
    );
    expect(parametersFrom({ SEGMENTATION_DEBUG: "1" }).k).toBe(6);
  });
});

describe("surroundings", () => {
  const surroundings = (environment: NodeJS.ProcessEnv) => readSettings(cell, environment);

  test("region: AWS_REGION before AWS_DEFAULT_REGION, else left to the SDK", () => {
    expect(surroundings({ AWS_REGION: "eu-west-1", AWS_DEFAULT_REGION: "us-east-1" }).region).toBe("eu-west-1");
    expect(surroundings({ AWS_DEFAULT_REGION: "us-gov-west-1" }).region).toBe("us-gov-west-1");
    expect(surroundings({}).region).toBeNull();
    expect(() => surroundings({ AWS_REGION: "US-EAST-1" })).toThrow("Expected `AWS_REGION` to be the name of an AWS");
  });

  test("Keyspaces endpoint and certificate authorities", () => {
    expect(surroundings({})).toMatchObject({ keyspacesEndpoint: null, keyspacesCaFile: null });
    expect(surroundings({ KEYSPACES_ENDPOINT: "127.0.0.1:9142", KEYSPACES_CA_FILE: "ca.pem" })).toMatchObject({
      keyspacesEndpoint: { host: "127.0.0.1", port: 9142 },
      keyspacesCaFile: "ca.pem",
    });
    for (const wrong of ["localhost", "localhost:", "https://x:1", "x:0", "x:70000"]) {
      expect(() => surroundings({ KEYSPACES_ENDPOINT: wrong })).toThrow(
        "Expected `KEYSPACES_ENDPOINT` to be host:port",
      );
    }
  });
});

test("a run is named by the time of its beginning, in the characters of tags and keys", () => {
  const { run } = readSettings({ dataBucket: "data", dataKey: "a.csv" }, {}, new Date("2026-03-04T23:59:59.012Z"));
  expect(run).toBe("2026-03-04-23-59-59-012");
});
