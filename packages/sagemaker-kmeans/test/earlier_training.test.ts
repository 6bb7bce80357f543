import { afterEach, describe, expect, test } from "@jest/globals";
import type { StepError } from "@keyspaces-segmentation/common";
import { findTraining } from "@keyspaces-segmentation/sagemaker-kmeans/dist/earlier_training.js";
import { isNoteOfUse, noteOfUse } from "@keyspaces-segmentation/sagemaker-kmeans/dist/note_of_use.js";
import { trainKMeans } from "@keyspaces-segmentation/sagemaker-kmeans/dist/training_job.js";
import { planTraining } from "@keyspaces-segmentation/sagemaker-kmeans/dist/training_request.js";
import { withEnvironment } from "../../../test/support/environment.js";
import { useQuickPauses } from "../../../test/support/quick_pauses.js";
import { trainingRequest as request } from "../../../test/support/sagemaker_requests.js";
import { type ScriptedAnswer, type ScriptedAws, startScriptedAws } from "../../../test/support/scripted_aws.js";
import { sessionOf } from "../../../test/support/session.js";

const now = new Date("2026-03-04T05:06:07.089Z");
const plan = planTraining(request, { region: "us-east-1", now });
const { job } = plan;

let aws: ScriptedAws | undefined;
withEnvironment(() => ({}));
useQuickPauses();
afterEach(() => aws?.stop());

const output = { S3OutputPath: "s3://work-bucket/customer-segmentation/" };
const model = { S3ModelArtifacts: `s3://work-bucket/customer-segmentation/${job}/output/model.tar.gz` };

/** A service with these jobs, newest first; a model is there unless HEAD says otherwise. */
async function startWith(statuses: Record<string, string>, others: Record<string, ScriptedAnswer> = {}) {
  const TrainingJobSummaries = Object.entries(statuses).map(([TrainingJobName, TrainingJobStatus]) => ({
    TrainingJobName,
    TrainingJobStatus,
  }));
  aws = await startScriptedAws(({ operation, body }) => {
    if (others[operation]) return others[operation];
    if (operation === "ListTrainingJobs") return [200, { TrainingJobSummaries }];
    if (operation === "HEAD") return [200, ""];
    const { TrainingJobName } = JSON.parse(body) as { TrainingJobName: string };
    return [200, { TrainingJobName, OutputDataConfig: output, ModelArtifacts: model }];
  });
  process.env.AWS_ENDPOINT_URL = aws.url;
  return aws;
}

describe("an earlier training", () => {
  test("is the newest with the same data and settings that has completed", async () => {
    const [newer, older] = [`${job.slice(0, -1)}8`, `${job.slice(0, -1)}7`];
    const service = await startWith({ [newer]: "Failed", [job]: "Completed", [older]: "Completed" });
    expect(await findTraining(sessionOf(), plan)).toEqual({ job, isComplete: true });
    expect(service.sent("ListTrainingJobs")).toEqual([
      { NameContains: job.slice(0, -24), SortBy: "CreationTime", SortOrder: "Descending", MaxResults: 5 },
    ]);
    expect(service.sent("DescribeTrainingJob")).toEqual([{ TrainingJobName: job }]);
  });

  test("may be under way still", async () => {
    await startWith({ [job]: "InProgress" });
    expect(await findTraining(sessionOf(), plan)).toEqual({ job, isComplete: false });
  });

  test("is told by an object beside its model that this run goes on with it", async () => {
    const ended = { TrainingJobName: job, TrainingJobStatus: "Completed", OutputDataConfig: output };
    const service = await startWith(
      { [job]: "Completed" },
      { DescribeTrainingJob: [200, { ...ended, ModelArtifacts: model }] },
    );
    const session = sessionOf({ run: "run-2" });
    expect(await trainKMeans(session, request, { reuse: true })).toMatchObject({ job, reused: true, isOwn: false });
    const puts = service.requests.filter(({ operation }) => operation === "PUT");
    expect(puts.map(({ path }) => path)).toEqual([expect.stringContaining(`/${job}/input/used_by_run-2.json`)]);
    expect(puts[0]?.headers).toMatchObject({ "x-amz-meta-run": "run-2" });
    expect(isNoteOfUse(noteOfUse(session))).toBe(true);
    expect(isNoteOfUse("input/train/part-0.csv")).toBe(false);
  });

  test.each<[string, Record<string, string>, Record<string, ScriptedAnswer>]>([
    ["there is no job", {}, {}],
    ["only the middle of a name fits", { [`my-${job}`]: "Completed" }, {}],
    ["it failed", { [job]: "Failed" }, {}],
    ["it was stopped", { [job]: "Stopped" }, {}],
    ["its model was deleted", { [job]: "Completed" }, { HEAD: [404, ""] }],
    [
      "it wrote elsewhere",
      { [job]: "Completed" },
      { DescribeTrainingJob: [200, { OutputDataConfig: { S3OutputPath: "s3://other/" }, ModelArtifacts: model }] },
    ],
  ])("is none when %s", async (_, jobs, others) => {
    await startWith(jobs, others);
    expect(await findTraining(sessionOf(), plan)).toBeNull();
  });

  const denied: ScriptedAnswer = [400, { __type: "AccessDeniedException", message: "not authorized" }];
  test.each<[string, Record<string, ScriptedAnswer>]>([
    ["Could not list the training jobs: AccessDeniedException: not authorized.", { ListTrainingJobs: denied }],
    [`Could not describe the training job ${job}: AccessDenied`, { DescribeTrainingJob: denied }],
    [`Could not look for ${model.S3ModelArtifacts}: `, { HEAD: [403, ""] }],
  ])("is none where the identity may not look, and that is said, once: %s", async (message, others) => {
    await startWith({ [job]: "Completed", [`${job.slice(0, -1)}8`]: "Completed" }, others);
    const said: StepError[] = [];
    expect(await findTraining(sessionOf(), plan, { onCannotLook: (why) => said.push(why) })).toBeNull();
    expect(said.map(({ message }) => message)).toEqual([expect.stringContaining(message)]);
    expect(said[0]?.hint).toContain("may be paid for twice");
  });

  const failing = (name: string, status = 400): ScriptedAnswer => [
    status,
    { __type: name, message: "As AWS words it." },
  ];
  test.each<[string, Record<string, ScriptedAnswer>]>([
    ["the list is refused", { ListTrainingJobs: failing("ValidationException") }],
    ["the identity is not known", { ListTrainingJobs: failing("UnrecognizedClientException") }],
    ["the job cannot be described", { DescribeTrainingJob: failing("ValidationException") }],
    ["the model's bucket answers nonsense", { HEAD: [405, ""] }],
  ])("is no training at all when %s: nothing is uploaded, nothing is started", async (_, others) => {
    const service = await startWith({ [job]: "Completed" }, others);
    await expect(trainKMeans(sessionOf(), request, { reuse: true })).rejects.toMatchObject({
      name: "StepError",
      hint: expect.stringContaining("No training was started."),
    });
    expect(service.requests.map(({ operation }) => operation)).not.toContain("PUT");
    expect(service.sent("CreateTrainingJob")).toEqual([]);
  });

  test.each([
    ["throttled", failing("ThrottlingException")],
    ["broken", failing("InternalFailure", 500)],
    ["refused for credentials that have expired", failing("ExpiredTokenException")],
  ])("is looked for again when that is %s", async (_, refusal) => {
    let refusals = 4;
    const found = await startScriptedAws(({ operation }) => {
      if (refusals-- > 0) return refusal;
      if (operation === "ListTrainingJobs") {
        return [200, { TrainingJobSummaries: [{ TrainingJobName: job, TrainingJobStatus: "InProgress" }] }];
      }
      return [200, { TrainingJobName: job, OutputDataConfig: output }];
    });
    aws = found;
    process.env.AWS_ENDPOINT_URL = found.url;
    expect(await findTraining(sessionOf(), plan)).toEqual({ job, isComplete: false });
  });

  test("is not looked for any longer once that is interrupted", async () => {
    const controller = new AbortController();
    aws = await startScriptedAws(() => {
      controller.abort(new Error("enough"));
      return [400, { __type: "ThrottlingException", message: "Rate exceeded" }];
    });
    process.env.AWS_ENDPOINT_URL = aws.url;
    await expect(findTraining(sessionOf(), plan, { signal: controller.signal })).rejects.toThrow("enough");
  });
});
