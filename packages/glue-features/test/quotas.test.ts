import { CreateJobCommand, StartJobRunCommand } from "@aws-sdk/client-glue";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { expect, test } from "@jest/globals";
import { computeFeatures } from "@keyspaces-segmentation/glue-features";
import { followed } from "@keyspaces-segmentation/glue-features/dist/glue_run.js";
import { glueFeatures } from "../../../test/support/glue_features.js";
import { fakeSpark, jobRequest, untilIn } from "../../../test/support/glue_jobs.js";

const bucket = "quotas-test";
const world = glueFeatures(
  { bucket, prefix: "segmentation" },
  { glue: { spark: fakeSpark, quotas: { dpus: 5, runs: 1 } } },
);
const hint =
  "Wait until other runs of the account have ended, ask for fewer `sparkWorkers`, or for a higher quota of AWS Glue in the Service Quotas console.";

test("a run with more workers than the account may have says so, and what to do", async () => {
  await expect(computeFeatures(world.session(), world.request({ sparkWorkers: 6 }))).rejects.toMatchObject({
    message: expect.stringMatching(/ failed: Exceeded maximum concurrent compute capacity\.$/),
    hint,
  });
  expect((await computeFeatures(world.session(), world.request({ sparkWorkers: 5 }))).customers).toBe(2);
});

test("the same in the shorter words in which Glue has said it too", () => {
  const job = followed(world.session(), { name: "j", timeoutMinutes: 2 }, "jr_1");
  const ended = {
    JobRunState: "FAILED",
    ErrorMessage: "Exceeded maximum concurrent compute",
    ExecutionTime: 0,
  } as const;
  expect(job.view(ended)).toMatchObject({ failureReason: ended.ErrorMessage, hint });
});

test("a run that the account may not have beside others says so, and what to do", async () => {
  await world.aws.s3.send(
    new PutObjectCommand({ Bucket: bucket, Key: "slow.py", Body: "import time\ntime.sleep(600)" }),
  );
  const Command = { Name: "glueetl", ScriptLocation: `s3://${bucket}/slow.py` };
  const { Name: JobName } = await world.aws.glue.send(new CreateJobCommand(jobRequest("", { Command })));
  const { JobRunId } = await world.aws.glue.send(new StartJobRunCommand({ JobName }));
  await untilIn(world.aws.glue, JobName!, JobRunId!, "RUNNING");
  await expect(computeFeatures(world.session(), world.request())).rejects.toMatchObject({
    message: expect.stringMatching(/^Could not start the Glue job .*Max concurrent job runs per account exceeded/),
    hint,
  });
});
