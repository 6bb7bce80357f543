import { expect, test } from "@jest/globals";
import { retailTable } from "@keyspaces-segmentation/invoices";
import { ownTables } from "../../src/schema.js";

test("every key column is a column", () => {
  for (const { columns, primaryKey } of [retailTable, ...Object.values(ownTables)]) {
    for (const column of primaryKey.match(/\w+/g) ?? []) expect(Object.keys(columns)).toContain(column);
  }
});
