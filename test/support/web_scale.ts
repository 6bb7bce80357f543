import { expect } from "@jest/globals";
import type { Matrix } from "@keyspaces-segmentation/aws-local/dist/sagemaker/matrix.js";
import { fixture } from "./oracle.js";

/** What web_scale.py says. */
interface WebScaleOracle {
  readonly passes: readonly {
    readonly name: string;
    readonly rows: number[][];
    readonly batch: number;
    readonly epochs: number;
    readonly centres: number[][];
    readonly counts: number[];
  }[];
  readonly decayed: readonly { readonly rows: number[][]; readonly halfLife: number; readonly centre: number[] }[];
  readonly shrunk: readonly {
    readonly name: string;
    readonly points: number[][];
    readonly weights: number[];
    readonly centroids: number[][];
    readonly loss: number;
  }[];
  readonly qualities: readonly {
    readonly name: string;
    readonly rows: number[][];
    readonly k: number;
    readonly batch: number;
    readonly best: number;
    readonly miniBatch: { readonly median: number; readonly most: number };
  }[];
}

export const webScaleOracle: WebScaleOracle = fixture("web_scale.json");

/** Rows as the stand-in has them. */
export function matrixOf(rows: readonly (readonly number[])[]): Matrix {
  return { values: Float64Array.from(rows.flat()), rows: rows.length, columns: rows[0]?.length ?? 0 };
}

/** The rows are those expected, but for the last digits. */
export function expectClose({ values, rows, columns }: Matrix, expected: readonly (readonly number[])[]): void {
  expect([rows, columns]).toEqual([expected.length, expected[0]?.length]);
  expected.flat().forEach((value, i) => {
    expect(values[i]).toBeCloseTo(value, 9);
  });
}
