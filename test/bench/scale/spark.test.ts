import { expect, test } from "@jest/globals";
import { sparkFiguresIn } from "../../../bench/scale/spark.js";

test("Spark's own figures are those of the job's last line", () => {
  const output = `Setting default log level to "ERROR".
rfm_features done: 999800 lines, 5552 customers in 41.5 s, s3://bench-features/1000000/manifest.json
26/11/29 10:16:55 WARN something on standard error
`;
  expect(sparkFiguresIn(output)).toEqual({ rows: 999_800, seconds: 41.5 });
});

test("without it, what Spark said is shown", () => {
  expect(() => sparkFiguresIn("rfm_features failed: no table")).toThrow(/got "rfm_features failed: no table"$/);
});
