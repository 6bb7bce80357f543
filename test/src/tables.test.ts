import { expect, test } from "@jest/globals";
import { ownTables } from "@keyspaces-segmentation/invoice-store/dist/schema.js";
import { retailTable } from "@keyspaces-segmentation/invoices";

test("every key column is a column", () => {
  for (const { columns, primaryKey } of [retailTable, ...Object.values(ownTables)]) {
    for (const column of primaryKey.match(/\w+/g) ?? []) expect(Object.keys(columns)).toContain(column);
  }
});
