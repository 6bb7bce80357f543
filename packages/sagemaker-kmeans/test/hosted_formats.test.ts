import { expect, test } from "@jest/globals";
import { StepError } from "@keyspaces-segmentation/common";
import {
  csvPieces,
  readPredictions,
  readTransformed,
} from "@keyspaces-segmentation/sagemaker-kmeans/dist/hosted_formats.js";
import { customers } from "../../../test/support/sagemaker_requests.js";

const all = { maxBytes: 1000, withIds: true };

test("a line a customer, every digit, with the id or without", () => {
  expect([...csvPieces(customers, all)]).toEqual([
    { from: 0, to: 3, text: "12347,0,0.5,1\n12348,0.25,0,0\nguest 1,1,1,1e-7\n" },
  ]);
  expect([...csvPieces(customers, { ...all, withIds: false })][0]?.text).toBe("0,0.5,1\n0.25,0,0\n1,1,1e-7\n");
});

test("pieces stay within bytes and rows, counting what is counted besides", () => {
  const ends = (limits: object) => [...csvPieces(customers, { ...all, ...limits })].map(({ from, to }) => [from, to]);
  const lines = ["12347,0,0.5,1\n", "12348,0.25,0,0\n", "guest 1,1,1,1e-7\n"];
  const [first, second] = lines.map(({ length }) => length) as [number, number];
  expect(ends({ maxBytes: first + second })).toEqual([
    [0, 2],
    [2, 3],
  ]);
  expect(ends({ maxBytes: first + second - 1 })).toEqual([
    [0, 1],
    [1, 2],
    [2, 3],
  ]);
  expect(ends({ maxBytes: first + second + 20, extra: 10 })).toEqual([
    [0, 2],
    [2, 3],
  ]);
  expect(ends({ maxBytes: first + second + 19, extra: 10 })).toEqual([
    [0, 1],
    [1, 2],
    [2, 3],
  ]);
  expect(ends({ maxRows: 2 })).toEqual([
    [0, 2],
    [2, 3],
  ]);
  // A line longer than allowed goes alone; whoever is asked refuses it.
  expect(ends({ maxBytes: 1 })).toEqual([
    [0, 1],
    [1, 2],
    [2, 3],
  ]);
});

test("bytes are counted, not characters", () => {
  const named = { ...customers, customerIds: ["é", "é2", "é3"] };
  const [piece] = csvPieces(named, all);
  const line = Buffer.byteLength(piece!.text.split("\n")[0]!) + 1;
  expect([...csvPieces(named, { ...all, maxBytes: line - 1, maxRows: 1 })]).toHaveLength(3);
  const [together] = csvPieces(
    { customerIds: ["é", "è"], features: { ...customers.features, rows: 2 } },
    { ...all, maxBytes: 27 },
  );
  expect(Buffer.byteLength(together!.text)).toBeLessThanOrEqual(27);
});

test("predictions as a real endpoint worded them", () => {
  const json = '{"predictions":[{"closest_cluster":4.0,"distance_to_cluster":100.2172622680664}]}';
  expect(readPredictions(json, ["12347"])).toEqual([{ customerId: "12347", cluster: 4, distance: 100.2172622680664 }]);
});

const one = { closest_cluster: 1, distance_to_cluster: 0.5 };

test.each([
  ["<html>", "it is no JSON: <html>"],
  ["null", "it has no predictions"],
  ["{}", "it has no predictions"],
  [JSON.stringify({ predictions: [] }), "it has 0 predictions for 1 customers"],
  [JSON.stringify({ predictions: [one, one] }), "it has 2 predictions for 1 customers"],
  [JSON.stringify({ predictions: [null] }), "for customer a it says cluster undefined"],
  [JSON.stringify({ predictions: [{ ...one, closest_cluster: 0.5 }] }), "for customer a it says cluster 0.5"],
  [JSON.stringify({ predictions: [{ ...one, closest_cluster: -1 }] }), "for customer a it says cluster -1"],
  [JSON.stringify({ predictions: [{ ...one, distance_to_cluster: null }] }), "distance null"],
  [JSON.stringify({ predictions: [{ ...one, distance_to_cluster: -0.5 }] }), "distance -0.5"],
])("predictions that are none: %s", (json, got) => {
  expect(() => readPredictions(json, ["a"])).toThrow(StepError);
  expect(() => readPredictions(json, ["a"])).toThrow(got);
});

test("lines of any number of files, in any order, come in the order asked for", () => {
  const files = ["guest 1,2.0,1.25\r\n007,0.0,0.0\n", "", "12347,1.0,1e-3"];
  expect(readTransformed(files, ["12347", "007", "guest 1"])).toEqual([
    { customerId: "12347", cluster: 1, distance: 0.001 },
    { customerId: "007", cluster: 0, distance: 0 },
    { customerId: "guest 1", cluster: 2, distance: 1.25 },
  ]);
});

test.each([
  ["a,1.0,0.5", "customer b is missing, with 1 in all"],
  ["a,1.0,0.5\nb,1.0,0.5\nc,1.0,0.5", "customer c was not asked about"],
  ["a,1.0,0.5\na,1.0,0.5", "customer a is there twice"],
  ["a,1.0,0.5,7", "a line is not id, cluster, distance: a,1.0,0.5,7"],
  ["a,1.0", "a line is not id, cluster, distance: a,1.0"],
  ["a,,0.5", "for customer a it says cluster , distance 0.5"],
  ["a,NaN,0.5", "for customer a it says cluster NaN"],
  ["a,1.0,inf", "for customer a it says cluster 1.0, distance inf"],
])("lines that are no answer: %j", (text, got) => {
  expect(() => readTransformed([text], ["a", "b"])).toThrow(`Could not read the hosted model's answer: ${got}`);
});
