import { afterEach, describe, expect, test } from "@jest/globals";
import { assignByEndpoint, withEndpoint } from "@keyspaces-segmentation/sagemaker-kmeans/dist/endpoint.js";
import { withEnvironment } from "../../../test/support/environment.js";
import { useQuickPauses } from "../../../test/support/quick_pauses.js";
import { customers, model } from "../../../test/support/sagemaker_requests.js";
import {
  type ScriptedAnswer,
  type ScriptedAws,
  type ScriptedRequest,
  startScriptedAws,
} from "../../../test/support/scripted_aws.js";
import { sessionOf } from "../../../test/support/session.js";

const name = "customer-segmentation-2026-03-04-05-06-07-089";
const now = () => new Date("2026-03-04T05:06:07.089Z");
const request = { ...model, customers };
const described = (EndpointStatus: string, more: object = {}): ScriptedAnswer => [
  200,
  { EndpointName: name, EndpointStatus, CreationTime: 1_772_600_767, LastModifiedTime: 1_772_600_777, ...more },
];
const refused = (message: string, type = "ValidationException"): ScriptedAnswer => [400, { __type: type, message }];
const gone = refused(`Could not find endpoint "arn:aws:sagemaker:us-east-1:123456789012:endpoint/${name}".`);

let aws: ScriptedAws | undefined;
withEnvironment(() => ({}));
useQuickPauses();
afterEach(() => aws?.stop());

/** Each line is answered with a cluster of its place and a distance of its first number. */
function predictionsFor({ body }: ScriptedRequest): ScriptedAnswer {
  const predictions = body
    .trimEnd()
    .split("\n")
    .map((line, i) => ({ closest_cluster: i, distance_to_cluster: Number(line.split(",")[0]) }));
  return [200, { predictions }];
}

/** Answers of each operation, one a call, the last one for ever; once it is deleted, the endpoint is gone. */
async function startAnswering(script: Record<string, ScriptedAnswer[]> = {}) {
  const answers: Record<string, ScriptedAnswer[]> = {
    CreateModel: [[200, {}]],
    CreateEndpointConfig: [[200, {}]],
    CreateEndpoint: [[200, {}]],
    DescribeEndpoint: [described("InService")],
    DeleteEndpoint: [[200, {}]],
    DeleteEndpointConfig: [[200, {}]],
    DeleteModel: [[200, {}]],
    ...script,
  };
  let deleted = false;
  const deleting = [...(script.DescribeEndpointDeleting ?? [])];
  aws = await startScriptedAws((asked) => {
    const { operation } = asked;
    if (operation === "DescribeEndpoint" && deleted) return deleting.shift() ?? gone;
    const left = answers[operation];
    if (operation === "InvokeEndpoint" && left === undefined) return predictionsFor(asked);
    const answer = (left && left.length > 1 ? left.shift() : left?.[0]) ?? [500, {}];
    if (operation === "DeleteEndpoint" && answer[0] === 200) deleted = true;
    return answer;
  });
  process.env.AWS_ENDPOINT_URL = aws.url;
  return aws;
}

const removals = ["DeleteEndpoint", "DeleteEndpointConfig", "DeleteModel"];
const removed = (service: ScriptedAws) =>
  service.requests.map(({ operation }) => operation).filter((operation) => removals.includes(operation));

describe("an endpoint", () => {
  test("is deployed, asked, and deleted with its configuration and model", async () => {
    const service = await startAnswering({
      DescribeEndpoint: [described("Creating"), described("InService")],
      DescribeEndpointDeleting: [described("Deleting")],
    });
    const told: string[] = [];
    const assigned = await assignByEndpoint(sessionOf(), request, { now, onStatus: ({ status }) => told.push(status) });
    expect(assigned).toEqual([
      { customerId: "12347", cluster: 0, distance: 0 },
      { customerId: "12348", cluster: 1, distance: 0.25 },
      { customerId: "guest 1", cluster: 2, distance: 1 },
    ]);
    expect(told).toEqual(["Creating", "InService", "Deleting"]);
    expect(service.requests.map(({ operation }) => operation)).toEqual([
      "CreateModel",
      "CreateEndpointConfig",
      "CreateEndpoint",
      "DescribeEndpoint",
      "DescribeEndpoint",
      "InvokeEndpoint",
      "DeleteEndpoint",
      "DescribeEndpoint",
      "DescribeEndpoint",
      "DeleteEndpointConfig",
      "DeleteModel",
    ]);
    expect(service.requests[5]).toMatchObject({
      path: `/endpoints/${name}/invocations`,
      headers: { "content-type": "text/csv", accept: "application/json" },
      body: "0,0.5,1\n0.25,0,0\n1,1,1e-7\n",
    });
  });

  const many = (rows: number) => ({
    customerIds: Array.from({ length: rows }, (_, i) => `c${i}`),
    features: { values: Float64Array.from({ length: 3 * rows }, (_, i) => 1 / (i + 3)), rows, columns: 3 },
  });

  test.each([
    ["serverless", { kind: "serverless" }, 4_000_000, 40_000],
    ["on an instance", { kind: "instance", instanceType: "ml.m5.large" }, 6_291_456, 110_000],
  ] as const)("%s is asked in pieces that it takes", async (_, hosting, limit, rows) => {
    const service = await startAnswering();
    const all = many(rows);
    const assigned = await assignByEndpoint(sessionOf(), { ...model, hosting, customers: all }, { now });
    expect(assigned.map(({ customerId }) => customerId)).toEqual(all.customerIds);
    expect(assigned.every(({ distance }, i) => distance === all.features.values[3 * i])).toBe(true);
    const bodies = service.requests.filter(({ operation }) => operation === "InvokeEndpoint").map(({ body }) => body);
    expect(bodies.length).toBeGreaterThan(1);
    expect(bodies.join("").split("\n")).toHaveLength(rows + 1);
    for (const body of bodies) {
      const answer =
        body.split("\n").length * '{"closest_cluster": 12.0, "distance_to_cluster": 0.12345678901234567},'.length;
      expect(Buffer.byteLength(body) + (hosting.kind === "serverless" ? answer : 0)).toBeLessThanOrEqual(limit);
    }
  });

  test("is deleted when the work fails, and the failure is told", async () => {
    const service = await startAnswering();
    const failure = new Error("the work failed");
    await expect(withEndpoint(sessionOf(), model, () => Promise.reject(failure), { now })).rejects.toBe(failure);
    expect(removed(service)).toEqual(removals);
  });

  test("is deleted when it does not come into service", async () => {
    const reason = "The primary container for production variant AllTraffic did not pass\nthe ping health check.";
    const service = await startAnswering({ DescribeEndpoint: [described("Failed", { FailureReason: reason })] });
    await expect(assignByEndpoint(sessionOf(), request, { now })).rejects.toMatchObject({
      message: `Could not bring the endpoint ${name} into service: it is Failed: ${reason.replace("\n", " ")}`,
      hint: expect.stringContaining(`/aws/sagemaker/Endpoints/${name}`),
    });
    expect(removed(service)).toEqual(removals);
  });

  test("is deleted when it takes too long", async () => {
    const service = await startAnswering({ DescribeEndpoint: [described("Creating")] });
    await expect(assignByEndpoint(sessionOf(), request, { now, deadlineMs: 100 })).rejects.toThrow(
      `Could not wait for the endpoint ${name} to be in service: gave up after 0 s, last seen: Creating.`,
    );
    expect(removed(service)).toEqual(removals);
  });

  test("that is interrupted while it is being made is deleted as soon as that is possible", async () => {
    const busy = refused(
      `Cannot update in-progress endpoint "arn:aws:sagemaker:us-east-1:123456789012:endpoint/${name}".`,
    );
    const service = await startAnswering({
      DescribeEndpoint: [described("Creating")],
      DeleteEndpoint: [busy, busy, [200, {}]],
    });
    const controller = new AbortController();
    const options = { now, signal: controller.signal, onStatus: () => controller.abort() };
    await expect(assignByEndpoint(sessionOf(), request, options)).rejects.toThrow(
      `Could not use the endpoint ${name}: it was interrupted.`,
    );
    expect(removed(service)).toEqual(["DeleteEndpoint", "DeleteEndpoint", ...removals]);
  });

  test("that is interrupted while it is asked is deleted", async () => {
    const controller = new AbortController();
    const service = await startAnswering();
    const work = withEndpoint(
      sessionOf(),
      model,
      (ask) => {
        controller.abort();
        return ask(customers);
      },
      { now, signal: controller.signal },
    );
    await expect(work).rejects.toThrow(`Could not use the endpoint ${name}: it was interrupted.`);
    expect(removed(service)).toEqual(removals);
  });

  test("that could not even be made leaves nothing", async () => {
    const limit = refused("The account-level service limit is 0.", "ResourceLimitExceeded");
    const service = await startAnswering({ CreateEndpoint: [limit], DeleteEndpoint: [gone], DescribeEndpoint: [gone] });
    await expect(assignByEndpoint(sessionOf(), request, { now })).rejects.toThrow(
      `Could not create the endpoint ${name}: ResourceLimitExceeded`,
    );
    expect(removed(service)).toEqual(removals);
  });

  test("that cannot be deleted is named, with its configuration and model, and how to delete them", async () => {
    const denied = refused("User: x is not authorized to perform: sagemaker:DeleteEndpoint", "AccessDeniedException");
    const service = await startAnswering({ DeleteEndpoint: [denied] });
    await expect(assignByEndpoint(sessionOf(), request, { now })).rejects.toMatchObject({
      message: expect.stringContaining(`Could not delete the endpoint ${name}: AccessDeniedException`),
      hint: expect.stringContaining(
        `aws sagemaker delete-endpoint --endpoint-name ${name} --region us-east-1 && ` +
          `aws sagemaker delete-endpoint-config --endpoint-config-name ${name} --region us-east-1 && ` +
          `aws sagemaker delete-model --model-name ${name} --region us-east-1`,
      ),
    });
    expect(removed(service)).toEqual(["DeleteEndpoint"]);
  });

  test("that cannot be deleted has answered all the same", async () => {
    await startAnswering({ DeleteEndpoint: [refused("no", "AccessDeniedException")] });
    const left: string[] = [];
    const onLeft = ({ message }: Error) => left.push(message);
    expect(await assignByEndpoint(sessionOf(), request, { now, onLeft })).toHaveLength(customers.customerIds.length);
    expect(left).toEqual([expect.stringContaining(`Could not delete the endpoint ${name}`)]);
  });

  test("that cannot be deleted after failing tells both", async () => {
    const denied = refused("no", "AccessDeniedException");
    await startAnswering({ DeleteEndpointConfig: [denied] });
    await expect(
      withEndpoint(sessionOf(), model, () => Promise.reject(new Error("no luck")), { now }),
    ).rejects.toMatchObject({
      message: `Could not use the endpoint ${name}: no luck.`,
      hint: expect.stringMatching(
        /^Could not delete the endpoint configuration (?!.*delete-endpoint ).*delete-endpoint-config .*delete-model/,
      ),
    });
  });

  test("is waited for while it wakes, and while its configuration is not visible yet", async () => {
    const asleep: ScriptedAnswer = [429, { __type: "ModelNotReadyException", Message: "Model not ready" }];
    const unseen = refused(`Could not find endpoint configuration "arn:aws:sagemaker:x:1:endpoint-config/${name}".`);
    const service = await startAnswering({
      CreateEndpoint: [unseen, [200, {}]],
      InvokeEndpoint: [asleep, asleep, asleep, asleep, [200, { predictions: [] }]],
    });
    // That it is asked again is the point; what it then answers is nonsense.
    await expect(assignByEndpoint(sessionOf(), request, { now })).rejects.toThrow(
      "it has 0 predictions for 3 customers",
    );
    expect(service.requests.filter(({ operation }) => operation === "InvokeEndpoint")).toHaveLength(5);
    expect(service.sent("CreateEndpoint")).toHaveLength(2);
    expect(removed(service)).toEqual(removals);
  });

  test("whose model refuses says what the model says, once", async () => {
    const refusal = {
      __type: "ModelError",
      Message: "Received client error (400)",
      OriginalStatusCode: 400,
      OriginalMessage: "cannot copy\n sequence",
    };
    const service = await startAnswering({ InvokeEndpoint: [[424, refusal]] });
    await expect(assignByEndpoint(sessionOf(), request, { now })).rejects.toMatchObject({
      message: `Could not ask the endpoint ${name}: cannot copy sequence.`,
      hint: expect.stringContaining("/aws/sagemaker/Endpoints/"),
    });
    expect(service.requests.filter(({ operation }) => operation === "InvokeEndpoint")).toHaveLength(1);
    expect(removed(service)).toEqual(removals);
  });

  test("is refused before anything is sent", async () => {
    const service = await startAnswering();
    const nobody = { ...customers, customerIds: [] };
    await expect(assignByEndpoint(sessionOf(), { ...request, customers: nobody })).rejects.toThrow(
      "customerIds.length",
    );
    await expect(assignByEndpoint(sessionOf(), { ...request, modelUri: "x" })).rejects.toThrow("Expected `modelUri`");
    await expect(assignByEndpoint(sessionOf({ region: "mx-central-1" }), request, { now })).rejects.toThrow("region");
    expect(service.requests).toEqual([]);
  });
});
