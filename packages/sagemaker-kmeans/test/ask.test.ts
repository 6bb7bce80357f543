import { describe, expect, jest, test } from "@jest/globals";
import { create } from "@keyspaces-segmentation/sagemaker-kmeans/dist/ask.js";
import { useQuickPauses } from "../../../test/support/quick_pauses.js";

useQuickPauses();

/** An error as the SDK throws it. */
const refusal = (name: string, message = name, attempts = 1): Error =>
  Object.assign(new Error(message), { name, $metadata: { httpStatusCode: 400, attempts } });

/** Answers one a call; errors are thrown. */
function script(...answers: unknown[]): jest.Mock<() => Promise<unknown>> {
  const left = [...answers];
  return jest.fn(async () => {
    const answer = left.length > 1 ? left.shift() : left[0];
    if (answer instanceof Error) throw answer;
    return answer;
  });
}

const throttled = refusal("ThrottlingException");
const taken = (attempts = 1) => refusal("ResourceInUse", "a training job with this name already exists", attempts);

describe("creating", () => {
  test("a name that is taken by our own first request is no failure", async () => {
    await create("create", script(throttled, taken()));
    await create("create", script(taken(2)));
    await create("create", script(refusal("ValidationException", "Cannot create already existing model", 2)));
  });

  test("a name that is taken by somebody else is one", async () => {
    await expect(create("create", script(taken()))).rejects.toThrow("Could not create: ResourceInUse");
  });

  test("what was made a moment ago is waited for, what was never made is not", async () => {
    const unseen = refusal("ValidationException", 'Could not find model "arn:aws:sagemaker:x:1:model/m".');
    const send = script(unseen, undefined);
    await create("create", send);
    expect(send).toHaveBeenCalledTimes(2);
    const missing = refusal("ValidationException", "Could not find model data at s3://b/model.tar.gz.");
    await expect(create("create", script(missing))).rejects.toThrow("Could not find model data");
  });
});
