import { ListEndpointConfigsCommand, ListEndpointsCommand, ListModelsCommand } from "@aws-sdk/client-sagemaker";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import {
  type AwsSession,
  deleteOwnObjects,
  ensureBucket,
  findExecutionRole,
  signIn,
} from "@keyspaces-segmentation/aws-session";
import { applyScaler, customersToAssign, featureMatrix, fitScaler } from "@keyspaces-segmentation/customer-clusters";
import type { CustomerFeatures } from "@keyspaces-segmentation/invoices";
import type { Matrix } from "@keyspaces-segmentation/kmeans";
import { kMeans, seededRandom } from "@keyspaces-segmentation/kmeans";
import { type AssignedCustomer, assignCustomers } from "@keyspaces-segmentation/kmeans/dist/assign.js";
import {
  assignByBatchTransform,
  assignByEndpoint,
  storeModel,
  withEndpoint,
} from "@keyspaces-segmentation/sagemaker-kmeans";
import { sageMakerOf } from "@keyspaces-segmentation/sagemaker-kmeans/dist/clients.js";
import { readSettings } from "../../src/settings.js";

const prefix = "scoring-test";
const random = seededRandom(7);
const shoppers = (from: number, count: number): CustomerFeatures[] =>
  Array.from({ length: count }, (_, i) => ({
    customerId: String(12_346 + from + i),
    country: "Norway",
    recencyDays: Math.floor(random() * 400),
    frequency: 1 + Math.floor(random() * 30),
    monetary: Math.round(random() * 1e6) / 100,
  }));

const trained = shoppers(0, 300);
const newcomers = shoppers(300, 200);

let aws: AwsSession;
let hosting: { modelUri: string; role: string; baseName: string };
let folder: { bucket: string; prefix: string; instanceType: string };
let centroids: Matrix;
const scaler = fitScaler(featureMatrix(trained), "min_max");
const customers = customersToAssign(newcomers, scaler);

beforeAll(async () => {
  aws = await signIn(readSettings({ dataBucket: "data-bucket", dataKey: "data.csv" }));
  const { name: bucket } = await ensureBucket(aws, null);
  const { arn: role } = await findExecutionRole(aws, null);
  folder = { bucket, prefix, instanceType: "ml.m5.large" };
  ({ centroids } = kMeans(applyScaler(featureMatrix(trained), scaler), { k: 6, random: seededRandom(1) }));
  hosting = {
    role,
    baseName: prefix,
    modelUri: await storeModel(aws, { bucket, key: `${prefix}/model.tar.gz` }, centroids),
  };
});
afterAll(async () => {
  const { bucket } = folder;
  await deleteOwnObjects(aws, { bucket, prefix: `${prefix}/` });
});

// Nothing that a test has made is left behind.
afterEach(async () => {
  const sageMaker = sageMakerOf(aws);
  const ours = { NameContains: prefix };
  expect((await sageMaker.send(new ListEndpointsCommand(ours))).Endpoints).toEqual([]);
  expect((await sageMaker.send(new ListEndpointConfigsCommand(ours))).EndpointConfigs).toEqual([]);
  expect((await sageMaker.send(new ListModelsCommand(ours))).Models).toEqual([]);
});

/** The hosted model computes with 32 bits. */
function expectSame(assigned: readonly AssignedCustomer[]): void {
  const here = assignCustomers(customers, centroids);
  expect(assigned.map(({ customerId }) => customerId)).toEqual(customers.customerIds);
  expect(assigned.map(({ cluster }) => cluster)).toEqual(here.map(({ cluster }) => cluster));
  assigned.forEach(({ distance }, i) => {
    expect(distance).toBeCloseTo(here[i]!.distance, 5);
  });
  expect(new Set(assigned.map(({ cluster }) => cluster)).size).toBeGreaterThan(3);
}

describe("new customers are assigned as on this machine", () => {
  test("by a batch transform, on two instances", async () => {
    const told: string[] = [];
    const request = { ...hosting, ...folder, customers, instances: 2 };
    expectSame(await assignByBatchTransform(aws, request, { onStatus: ({ status }) => told.push(status) }));
    expect(told).toEqual(["InProgress", "Completed"]);
  });

  test("by an endpoint without a server", async () => {
    const told: string[] = [];
    const options = { onStatus: ({ status }: { status: string }) => told.push(status) };
    expectSame(await assignByEndpoint(aws, { ...hosting, customers }, options));
    expect(told.slice(0, 2)).toEqual(["Creating", "InService"]);
  });

  test("by an endpoint on an instance, asked more than once", async () => {
    const instance = { kind: "instance", instanceType: "ml.m5.large" } as const;
    await withEndpoint(aws, { ...hosting, hosting: instance }, async (ask) => {
      expectSame(await ask(customers));
      expectSame(await ask(customers));
    });
  });
});

describe("nothing is left behind", () => {
  test("when the endpoint's model is missing", async () => {
    const modelUri = `s3://${folder.bucket}/${prefix}/nothing.tar.gz`;
    await expect(assignByEndpoint(aws, { ...hosting, modelUri, customers })).rejects.toThrow(/^Could not /);
  });

  test("when the customers have other features than the model", async () => {
    const wider = { customerIds: ["1"], features: { values: Float64Array.of(0, 0, 0, 0), rows: 1, columns: 4 } };
    await expect(assignByEndpoint(aws, { ...hosting, customers: wider })).rejects.toThrow(
      /^Could not ask the endpoint/,
    );
    await expect(assignByBatchTransform(aws, { ...hosting, ...folder, customers: wider })).rejects.toThrow(
      /^Could not complete the transform job .*: it failed: [^\n]+$/,
    );
  });

  test("when the wait for the endpoint is interrupted", async () => {
    const controller = new AbortController();
    const options = { signal: controller.signal, onStatus: () => controller.abort() };
    await expect(assignByEndpoint(aws, { ...hosting, customers }, options)).rejects.toThrow("it was interrupted");
  });

  test("when the wait for the transform job is interrupted", async () => {
    const controller = new AbortController();
    const options = { signal: controller.signal, onStatus: () => controller.abort() };
    await expect(assignByBatchTransform(aws, { ...hosting, ...folder, customers }, options)).rejects.toMatchObject({
      message: expect.stringContaining("the wait was interrupted"),
      hint: expect.stringMatching(/^It (is being stopped|has ended as)/),
    });
  });
});
