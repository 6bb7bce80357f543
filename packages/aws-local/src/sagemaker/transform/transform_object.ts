import { setImmediate as nextTurn } from "node:timers/promises";
import type { CreateTransformJobRequest } from "@aws-sdk/client-sagemaker";
import { invoke } from "../hosting/invoke.js";
import type { Matrix } from "../matrix.js";
import { type Processing, ProcessingFailure } from "./data_processing.js";
import { batchesOf, splitRecords } from "./split.js";

const MEGABYTE = 2 ** 20;
const DEFAULT_PAYLOAD = 6;

const linesOf = (text: string): string[] => text.split("\n").filter((line) => line !== "");

/**
 * What comes of one input object: its records go to the model in batches, and the answers are put together.
 *
 * @throws InvocationFailure, ProcessingFailure, PayloadTooLarge, ContainerFailure for RecordIO that is none; the
 *   signal's reason when aborted
 */
export async function transformObject(
  object: Buffer,
  centroids: Matrix,
  request: CreateTransformJobRequest,
  processing: Processing,
  signal: AbortSignal,
): Promise<Buffer> {
  const { TransformInput, TransformOutput, BatchStrategy, MaxPayloadInMB = DEFAULT_PAYLOAD } = request;
  const { SplitType, ContentType = "" } = TransformInput ?? {};
  const separator = SplitType === "Line" ? "\n" : "";
  const end = TransformOutput?.AssembleWith === "Line" ? "\n" : "";
  const records = splitRecords(object, SplitType);
  const limits = { limit: MaxPayloadInMB * MEGABYTE, separator, single: BatchStrategy === "SingleRecord" };
  const answers: Buffer[] = [];
  for (const batch of batchesOf(records, limits)) {
    // Between batches, others may have their turn.
    await nextTurn();
    signal.throwIfAborted();
    const inputs = processing.active ? batch.map((record) => Buffer.from(processing.input(record.toString()))) : batch;
    const body = Buffer.concat(inputs.flatMap((input, i) => (i > 0 ? [Buffer.from(separator), input] : [input])));
    const answer = invoke(centroids, { body, contentType: ContentType, accept: TransformOutput?.Accept });
    answers.push(processing.active ? processed(batch, answer, processing) : answer.body, Buffer.from(end));
  }
  return Buffer.concat(answers);
}

function processed(
  batch: readonly Buffer[],
  { body, contentType }: { body: Buffer; contentType: string },
  processing: Processing,
): Buffer {
  const text = body.toString("utf8");
  const answers = batch.length === 1 ? [text] : linesOf(text);
  if (answers.length !== batch.length) {
    throw new ProcessingFailure(`The algorithm gave ${answers.length} records for ${batch.length}`);
  }
  const lines = batch.map((record, i) => processing.output(record.toString(), answers[i] ?? "", contentType));
  return Buffer.from(lines.join("\n"));
}
