import { describe, expect, test } from "@jest/globals";
import { invoke } from "@keyspaces-segmentation/aws-local/dist/sagemaker/hosting/invoke.js";
import { pythonFloat } from "@keyspaces-segmentation/aws-local/dist/sagemaker/hosting/predictions.js";

// From (0, 4): 4 to (0, 0), 5 to (3, 8). From (3, 7): 1 to (3, 8).
const centroids = { values: Float64Array.of(0, 0, 3, 8), rows: 2, columns: 2 };
const ask = (body: string | Buffer, contentType: string, accept?: string) => {
  const answer = invoke(centroids, { body: Buffer.from(body), contentType, accept });
  return { ...answer, body: answer.body.toString() };
};
const record = (x: number, y: number) => {
  const file = Buffer.from("0a23d7ce180000000a160a0676616c756573120c120a0a080000803f00000040", "hex");
  file.writeFloatLE(x, 24);
  file.writeFloatLE(y, 28);
  return file;
};
const csv = "0.0,4.0\n1.0,1.0";

describe("every form of request", () => {
  test.each<[what: string, body: string | Buffer, contentType: string]>([
    ["CSV", "0,4\n3,7", "text/csv"],
    ["CSV with parameters and CRLF", "0,4\r\n3,7\r\n", "text/csv; label_size=0"],
    ["JSON", '{"instances":[{"features":[0,4]},{"features":[3,7]}]}', "application/json"],
    [
      "JSON in long, dense and sparse",
      '{"instances":[{"data":{"features":{"keys":[1],"shape":[2],"values":[4]}}},{"data":{"features":{"values":[3,7]}}}]}',
      "application/json",
    ],
    ["JSON Lines", '{"features":[0,4]}\n{"data":{"features":{"values":[3,7]}}}\n', "application/jsonlines"],
    ["RecordIO", Buffer.concat([record(0, 4), record(3, 7)]), "application/x-recordio-protobuf"],
  ])("%s", (_what, body, contentType) => {
    expect(ask(body, contentType, "text/csv")).toEqual({ body: csv, contentType: "text/csv" });
  });
});

describe("every form of answer", () => {
  test.each<[accept: string | undefined, contentType: string, body: string]>([
    ["text/csv", "text/csv", csv],
    ["text/plain, text/csv;q=0.5", "text/csv", csv],
    [
      "application/jsonlines",
      "application/jsonlines",
      '{"closest_cluster": 0.0, "distance_to_cluster": 4.0}\n{"closest_cluster": 1.0, "distance_to_cluster": 1.0}',
    ],
    ...[undefined, "", "*/*", "application/json"].map((accept): [string | undefined, string, string] => [
      accept,
      "application/json",
      '{"predictions":[{"closest_cluster":0.0,"distance_to_cluster":4.0},{"closest_cluster":1.0,"distance_to_cluster":1.0}]}',
    ]),
  ])("%j", (accept, contentType, body) => expect(ask("0,4\n3,7", "text/csv", accept)).toEqual({ body, contentType }));

  test("RecordIO", () => {
    const accept = "application/x-recordio-protobuf";
    const { body, contentType } = invoke(centroids, { body: Buffer.from("0,4"), contentType: "text/csv", accept });
    expect(contentType).toBe(accept);
    // Cluster 0 and distance 4 in the place of 5 and 36.5 in a message of SageMaker's own.
    expect(body.toString("hex")).toBe(
      "0a23d7ce3e000000121b0a0f636c6f736573745f636c7573746572120812060a0400000000" +
        "121f0a1364697374616e63655f746f5f636c7573746572120812060a0400008040" +
        "0000",
    );
  });

  test("a distance is a 32-bit float, written in full", () => {
    // Python: repr(struct.unpack("f", struct.pack("f", math.sqrt(2)))[0])
    expect(ask("1,1", "text/csv", "text/csv").body).toBe("0.0,1.4142135381698608");
  });
});

// Python 3: repr(x).
test.each([
  [0, "0.0"],
  [4, "4.0"],
  [100.2172622680664, "100.2172622680664"],
  [0.0001, "0.0001"],
  [0.00001, "1e-05"],
  [1.5e-7, "1.5e-07"],
  [1e15, "1000000000000000.0"],
  [1e16, "1e+16"],
  [1.2345e22, "1.2345e+22"],
])("%d is %s to Python", (value, text) => expect(pythonFloat(value)).toBe(text));

describe("what cannot be read is a 400", () => {
  test.each<[what: string, body: string | Buffer, contentType: string]>([
    ["nothing", "", "text/csv"],
    ["a header", "recency,monetary\n0,4\n", "text/csv"],
    ["a column too many", "0,4,1", "text/csv"],
    ["a column too few", "0", "text/csv"],
    ["infinity", "1e300,1", "text/csv"],
    ["no JSON", "0,4", "application/json"],
    ["JSON without instances", "[[0,4]]", "application/json"],
    ["an instance without features", '{"instances":[{}]}', "application/json"],
    ["features in text", '{"instances":[{"features":["0","4"]}]}', "application/json"],
    ["a shape of a billion", '{"features":{"keys":[1],"shape":[1000000000],"values":[4]}}', "application/jsonlines"],
    ["a key outside the shape", '{"data":{"features":{"keys":[2],"shape":[2],"values":[4]}}}', "application/jsonlines"],
    ["no RecordIO", "0,4", "application/x-recordio-protobuf"],
  ])("%s", (_what, body, contentType) => {
    expect(() => ask(body, contentType)).toThrow(
      expect.objectContaining({ status: 400, message: "unable to evaluate payload provided" }),
    );
  });
});

test("another content type is a 415, another Accept a 406", () => {
  expect(() => ask("0,4", "application/octet-stream")).toThrow(
    expect.objectContaining({ status: 415, message: "Content-type application/octet-stream not supported" }),
  );
  expect(() => ask("0,4", "")).toThrow(expect.objectContaining({ status: 415 }));
  expect(() => ask("0,4", "text/csv", "image/png")).toThrow(expect.objectContaining({ status: 406 }));
});
