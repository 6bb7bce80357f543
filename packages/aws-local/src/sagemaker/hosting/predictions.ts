/** Answers of the hosted model. https://docs.aws.amazon.com/sagemaker/latest/dg/km-in-formats.html */

import { InvocationFailure } from "../container_failures.js";
import { writeLabels } from "../record_io/record.js";
import { mediaType } from "./payload.js";

export interface Prediction {
  /** Row of the centroid matrix, from 0. */
  readonly cluster: number;
  /** Euclidean, a 32-bit float. */
  readonly distance: number;
}

/** A number as Python writes it, which is what the container is made of: `4.0`, `1e-07`. */
export function pythonFloat(value: number): string {
  const [digits = "", exponent = "0"] = value.toExponential().split("e");
  const power = Number(exponent);
  if (value !== 0 && (power < -4 || power >= 16)) {
    return `${digits}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
  }
  const text = String(value);
  return text.includes(".") ? text : `${text}.0`;
}

const fields = ({ cluster, distance }: Prediction, colon: string, comma: string): string =>
  `{"closest_cluster"${colon}${pythonFloat(cluster)}${comma}"distance_to_cluster"${colon}${pythonFloat(distance)}}`;

const writers: Readonly<Record<string, (predictions: readonly Prediction[]) => Buffer>> = {
  "application/json": (predictions) =>
    Buffer.from(`{"predictions":[${predictions.map((each) => fields(each, ":", ",")).join(",")}]}`),
  "application/jsonlines": (predictions) => Buffer.from(predictions.map((each) => fields(each, ": ", ", ")).join("\n")),
  "text/csv": (predictions) =>
    Buffer.from(
      predictions.map(({ cluster, distance }) => `${pythonFloat(cluster)},${pythonFloat(distance)}`).join("\n"),
    ),
  "application/x-recordio-protobuf": (predictions) =>
    Buffer.concat(
      predictions.map(({ cluster, distance }) =>
        writeLabels({ closest_cluster: cluster, distance_to_cluster: distance }),
      ),
    ),
};

/** Without wishes, the answer is JSON. */
const DEFAULT = "application/json";

/**
 * The content type of an answer.
 *
 * @param accept the Accept header; several types in order of preference
 * @throws InvocationFailure 406 when none of them can be had
 */
export function chooseType(accept: string | undefined): string {
  const wanted = (accept || DEFAULT).split(",").map(mediaType);
  for (const type of wanted) {
    if (Object.hasOwn(writers, type)) return type;
    if (type === "*/*" || type === "application/*") return DEFAULT;
  }
  throw new InvocationFailure(406, `Accept type ${accept} not supported`);
}

/** The answer in a content type that {@link chooseType} gave. Lines are joined, the last one without an end. */
export function writePredictions(predictions: readonly Prediction[], contentType: string): Buffer {
  const write = writers[contentType];
  if (!write) throw new Error(`no writer for ${contentType}`);
  return write(predictions);
}
