import { describe, expect, test } from "@jest/globals";
import { type TrainingInput, trainKMeans } from "@keyspaces-segmentation/aws-local/dist/sagemaker/kmeans/train.js";

const csv = "text/csv;label_size=0";
/** Two clusters of two rows: their means are (0, 1) and (10, 11). */
const rows = "0,0\n0,2\n10,10\n10,12\n";

function input(text: string | string[], more: Record<string, string> = {}, contentType = csv): TrainingInput {
  const files = [text].flat().map((each, i) => ({ name: `part-${i}.csv`, bytes: Buffer.from(each) }));
  return { hyperparameters: { k: "2", feature_dim: "2", ...more }, train: { contentType, files } };
}
const centroidsOf = (training: TrainingInput): number[][] => {
  const { values, columns } = trainKMeans(training).centroids;
  const all = Array.from({ length: values.length / columns }, (_, i) => [
    ...values.slice(i * columns, (i + 1) * columns),
  ]);
  return all.sort(([a = 0], [b = 0]) => a - b);
};
const means = [
  [0, 1],
  [10, 11],
];

describe("data", () => {
  test("the centroids are the means of the clusters", () => {
    expect(centroidsOf(input(rows))).toEqual(means);
    const { rows: trained, centres, losses } = trainKMeans(input(rows));
    expect([trained, centres, Math.min(...losses)]).toEqual([4, 4, 1]);
  });

  test.each([
    ["in several files, one of them empty", input(["0,0\n0,2\n", "", "10,10\n10,12"])],
    ["with CRLF, blanks and exponents", input("0, 0\r\n0,2\r\n1e1,10.0\r\n+10,.12e2\r\n")],
    [
      "with a label column, which CSV has unless it says otherwise",
      input("9,0,0\n9,0,2\n9,10,10\n9,10,12", {}, "text/csv"),
    ],
  ])("%s", (_how, training) => expect(centroidsOf(training)).toEqual(means));

  test("values are float32, as in the container", () => {
    const [[first] = []] = centroidsOf(input("0.1,0\n0.1,0\n5,5\n"));
    expect(first).toBeCloseTo(Math.fround(0.1), 15);
    expect(first).not.toBeCloseTo(0.1, 12);
  });

  test("the same data give the same model, other data another stream of chance", () => {
    const many = Array.from({ length: 300 }, (_, i) => `${(i * 7919) % 101},${(i * 104729) % 97}`).join("\n");
    const once = trainKMeans(input(many, { k: "7", local_lloyd_num_trials: "1" })).centroids.values;
    expect(trainKMeans(input(many, { k: "7", local_lloyd_num_trials: "1" })).centroids.values).toEqual(once);
    const other = trainKMeans(input(`${many}\n0,0`, { k: "7", local_lloyd_num_trials: "1" })).centroids.values;
    expect(other).not.toEqual(once);
  });

  test.each([
    [
      "a header row",
      input(`recency,monetary\n${rows}`),
      "Unable to parse csv: rows 1-1000, file /opt/ml/input/data/train/part-0.csv",
    ],
    [
      "text in row 1001",
      input(`${"1,2\n".repeat(1000)}1,x\n`),
      "Unable to parse csv: rows 1001-2000, file /opt/ml/input/data/train/part-0.csv",
    ],
    ["an empty field", input("1,\n"), "Unable to parse csv: rows 1-1000, file /opt/ml/input/data/train/part-0.csv"],
    ["a quoted number", input('"1",2\n'), "Unable to parse csv: rows 1-1000, file /opt/ml/input/data/train/part-0.csv"],
    ["NaN", input("NaN,2\n"), "Unable to parse csv: rows 1-1000, file /opt/ml/input/data/train/part-0.csv"],
    [
      "a column too many",
      input("1,2,3\n"),
      "cannot copy sequence with size 3 to array axis with dimension 2: feature_dim is 2",
    ],
    [
      "a CSV whose first column is taken for a label",
      input("1,2\n", {}, "text/csv"),
      "cannot copy sequence with size 1 to array axis with dimension 2: feature_dim is 2",
    ],
    ["a number beyond 32 bits", input("1e300,2\n"), "The train channel holds a value that is no 32-bit float"],
    ["no rows", input("\n\n"), "The train channel holds no rows"],
    ["fewer rows than clusters", input("1,2\n"), "k is 2, but the train channel has 1 rows"],
    [
      "a content type without a reader",
      input(rows, {}, "csv"),
      "No iterator has been registered for ContentType ('csv', '1.0')",
    ],
  ])("%s fails", (_what, training, message) => {
    expect(() => trainKMeans(training)).toThrow(expect.objectContaining({ kind: "ClientError", message }));
  });
});

describe("RecordIO", () => {
  const frame = (x: number, y: number) => {
    const file = Buffer.from("0a23d7ce180000000a160a0676616c756573120c120a0a080000803f00000040", "hex");
    file.writeFloatLE(x, 24);
    file.writeFloatLE(y, 28);
    return file;
  };
  const file = Buffer.concat([frame(0, 0), frame(0, 2), frame(10, 10), frame(10, 12)]);
  const training = (contentType: string | undefined, bytes = file): TrainingInput => ({
    hyperparameters: { k: "2", feature_dim: "2" },
    train: { contentType, files: [{ name: "matrix_0.pbr", bytes }] },
  });

  test.each([undefined, "", "application/x-recordio-protobuf"])("is read as content type %j", (contentType) => {
    expect(centroidsOf(training(contentType))).toEqual(means);
  });

  test("is what CSV is taken for when nobody says otherwise", () => {
    const message = "(Input Error) Unable to parse record: The Record IO header does not start with the magic number.";
    expect(() => trainKMeans(training(undefined, Buffer.from(rows)))).toThrow(
      expect.objectContaining({ kind: "ClientError", message }),
    );
  });
});

describe("the test channel", () => {
  const withTest = (text: string, more: Record<string, string> = {}): TrainingInput => ({
    ...input(rows, more),
    test: { contentType: csv, files: [{ name: "test.csv", bytes: Buffer.from(text) }] },
  });

  // (0, 4) is 3 from (0, 1), (10, 11) is 0 and (13, 15) is 5 from (10, 11).
  test.each([
    [{}, { msd: 34 / 3 }],
    [{ eval_metrics: '["ssd"]' }, { ssd: 34 }],
    [{ eval_metrics: '["msd","ssd"]' }, { msd: 34 / 3, ssd: 34 }],
  ])("is measured, never trained on: %j", (more, metrics) => {
    const output = trainKMeans(withTest("0,4\n10,11\n13,15\n", more as Record<string, string>));
    expect(Math.min(...output.losses)).toBe(1);
    expect(Object.keys(output.test)).toEqual(Object.keys(metrics));
    for (const [name, value] of Object.entries(metrics)) expect(output.test[name]).toBeCloseTo(value, 10);
  });

  test("has to be as wide as the train channel", () => {
    expect(() => trainKMeans(withTest("1\n"))).toThrow(/cannot copy sequence with size 1/);
    expect(() => trainKMeans(withTest("a,b\n"))).toThrow(/file \/opt\/ml\/input\/data\/test\/test\.csv/);
  });

  test("without it there are no metrics of it", () => expect(trainKMeans(input(rows)).test).toEqual({}));
});

describe("hyperparameters", () => {
  test.each([
    { epochs: "3", eval_metrics: '["msd","ssd"]', extra_center_factor: "auto", force_dense: "True" },
    { half_life_time_size: "0", init_method: "kmeans++", local_lloyd_init_method: "random", mini_batch_size: "500" },
    { local_lloyd_max_iter: "10", local_lloyd_num_trials: "3", local_lloyd_tol: "0" },
  ])("%j is fine", (more) =>
    expect(centroidsOf(input(rows, more as unknown as Record<string, string>))).toEqual(means),
  );

  test.each([
    [{ k: "0" }, "'0' is not valid under any of the given schemas: hyperparameter k"],
    [{ k: "2.5" }, "'2.5' is not valid under any of the given schemas: hyperparameter k"],
    [{ k: "" }, "'' is not valid under any of the given schemas: hyperparameter k"],
    [{ local_lloyd_tol: "2" }, "'2' is not valid under any of the given schemas: hyperparameter local_lloyd_tol"],
    [{ eval_metrics: "msd" }, "'msd' is not valid under any of the given schemas: hyperparameter eval_metrics"],
    [{ init_method: "best" }, "'best' is not valid under any of the given schemas: hyperparameter init_method"],
  ])("%j is an AlgorithmError", (more, message) => {
    const training = input(rows, more as unknown as Record<string, string>);
    expect(() => trainKMeans(training)).toThrow(expect.objectContaining({ kind: "AlgorithmError", message }));
  });

  test("an unknown name is a ClientError", () => {
    const message = "Additional properties are not allowed ('local_lloyd_max_iterations' was unexpected)";
    const training = input(rows, { local_lloyd_max_iterations: "10" });
    expect(() => trainKMeans(training)).toThrow(expect.objectContaining({ kind: "ClientError", message }));
  });

  test.each(["k", "feature_dim"])("a missing %s is a ClientError", (name) => {
    const { [name]: _, ...hyperparameters } = input(rows).hyperparameters;
    const message =
      `No value(s) were specified for '${name}' which are required hyperparameter(s) (caused by ValidationError)\n\n` +
      `Caused by: '${name}' is a required property`;
    expect(() => trainKMeans({ ...input(rows), hyperparameters })).toThrow(
      expect.objectContaining({ kind: "ClientError", message }),
    );
  });
});
