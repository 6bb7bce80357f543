import { deepStrictEqual } from "node:assert";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import type { SageMakerClient } from "@aws-sdk/client-sagemaker";
import { checkAgainst } from "@keyspaces-segmentation/local-support/dist/aws/service_model/check.js";
import { loadServiceModel } from "@keyspaces-segmentation/local-support/dist/aws/service_model/load.js";

const model = loadServiceModel("sagemaker", "2017-07-24");
/** The answers' shapes in the place of the requests'. */
const answers = {
  shapes: model.shapes,
  operations: Object.fromEntries(
    Object.entries(model.operations).map(([name, { output }]) => [name, { ...(output && { input: output }) }]),
  ),
};

/** A job has no model before it is over; the service model claims otherwise, and AWS leaves it out too. */
const known = "Value null at 'modelArtifacts' failed to satisfy constraint: Member must not be null";

/** Makes every answer that a client gets fail its request unless it is one that AWS could give. */
export function checkAnswers(client: SageMakerClient): void {
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const result = await next(args);
      const response = result.response as { statusCode: number; body: Readable };
      const operation = (context.commandName ?? "").replace(/Command$/, "");
      const bytes = await buffer(response.body);
      response.body = Readable.from([bytes], { objectMode: false });
      if (response.statusCode !== 200 || answers.operations[operation]?.input === undefined) return result;
      const answer = JSON.parse(bytes.toString("utf8"));
      const { request: understood, violations } = checkAgainst(answers, operation, answer);
      deepStrictEqual(
        violations.filter((each) => each !== known),
        [],
        `${operation} answers what AWS could not`,
      );
      deepStrictEqual(answer, understood, `${operation} answers members that AWS does not have`);
      return result;
    },
    { step: "deserialize", priority: "low", name: "checkAnswers" },
  );
}
