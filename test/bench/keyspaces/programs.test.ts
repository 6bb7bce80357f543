import { expect, test } from "@jest/globals";
import { dsbulkFiguresIn } from "../../../bench/keyspaces/programs.js";

test("DSBulk's own figures are those of the last line of its table", () => {
  const output = `Operation directory: /tmp/dsbulk/LOAD_20261121-062656-809427
    total | failed | rows/s | p50ms |  p99ms | p999ms | batches
  928,808 |    158 | 13,961 | 15.96 | 169.87 | 413.14 |   15.95
    total | failed | rows/s | p50ms |  p99ms | p999ms | batches
1,000,000 |    172 | 20,000 | 16.19 | 171.97 | 411.04 |   15.94
Operation LOAD_20261121-062656-809427 completed with 172 errors in 1 minute and 9 seconds.
`;
  expect(dsbulkFiguresIn(output)).toEqual({ rows: 1_000_000, seconds: 50 });
});

test("without a table of figures, what DSBulk said is shown", () => {
  expect(() => dsbulkFiguresIn("Operation failed: no such host")).toThrow(/got "Operation failed: no such host"$/);
});
