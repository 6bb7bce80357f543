import { expect, test } from "@jest/globals";
import { csvPieces } from "@keyspaces-segmentation/sagemaker-kmeans/dist/customer_csv.js";
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
