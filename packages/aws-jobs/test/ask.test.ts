import { describe, expect, jest, test } from "@jest/globals";
import { askOnce, askUntilAnswered, wordInterruption } from "@keyspaces-segmentation/aws-jobs";
import { StepError } from "@keyspaces-segmentation/common";
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

describe("asking once", () => {
  test("tells an answer from what passes by itself", async () => {
    expect(await askOnce("ask", script(7))).toEqual({ value: 7 });
    expect(await askOnce("ask", script(throttled))).toEqual({ passing: "ThrottlingException" });
    await expect(askOnce("ask", script(refusal("ValidationException")))).rejects.toThrow(StepError);
  });

  test("waits for a sign-in when expired credentials could not be renewed", async () => {
    const none = Object.assign(new Error("The SSO session has expired"), { name: "CredentialsProviderError" });
    for (const refused of [refusal("ExpiredTokenException"), none]) {
      expect(await askOnce("ask", script(refused))).toEqual({ passing: expect.stringContaining("sign in anew") });
    }
  });
});

describe("asking until there is an answer", () => {
  test("ends with the answer, the refusal, or the deadline", async () => {
    const send = script(throttled, throttled, 7);
    expect(await askUntilAnswered("ask", send)).toBe(7);
    expect(send).toHaveBeenCalledTimes(3);
    await expect(askUntilAnswered("ask", script(refusal("ValidationException")))).rejects.toThrow(
      "Could not ask: ValidationException",
    );
    await expect(askUntilAnswered("ask", script(throttled), { deadlineMs: 10 })).rejects.toThrow(
      "Could not wait for AWS to ask: gave up after 0 s, last seen: ThrottlingException.",
    );
  });

  test("ends with an interruption, worded for the reader", async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const send = jest.fn(async () => {
      controller.abort();
      throw throttled;
    });
    const work = () => askUntilAnswered("ask", send, { signal });
    await expect(wordInterruption("ask", signal, work)).rejects.toThrow("Could not ask: it was interrupted.");
    expect(send).toHaveBeenCalledTimes(1);
  });
});
