import { expect, test } from "@jest/globals";
import { createTable } from "@keyspaces-segmentation/keyspaces-bulk";
import type { Client } from "cassandra-driver";

const name = { keyspace: "shop", table: "lines" };
const definition = { columns: { k: "text" }, primaryKey: "k" };
const arn = "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";

/** A service whose table is in this state from its second look on: before, there is none. */
function serviceWith(status: string): { client: Client; asked: string[] } {
  const asked: string[] = [];
  const execute = async (query: string) => {
    asked.push(query);
    const isState = query.includes("system_schema_mcs.tables") && asked.length > 1;
    return { rows: isState ? [{ status, custom_properties: null }] : [], pageState: null };
  };
  return { client: { execute, tags: { "keyspaces-segmentation:run": "run-1" } } as unknown as Client, asked };
}

test("a key that Keyspaces cannot use ends the wait for a table at once, and says what to look at", async () => {
  const { client, asked } = serviceWith("INACCESSIBLE_ENCRYPTION_CREDENTIALS");
  await expect(createTable(client, name, definition, { kmsKey: arn })).rejects.toMatchObject({
    message: expect.stringContaining("the KMS key of shop.lines cannot be used: INACCESSIBLE_ENCRYPTION_CREDENTIALS"),
    hint: expect.stringContaining(`Look at the KMS key ${arn}`),
  });
  expect(asked).toHaveLength(3);
  expect(asked[1]).toContain(
    "WITH TAGS = {'made-by': 'keyspaces-segmentation', 'keyspaces-segmentation:run': 'run-1'} AND CUSTOM_PROPERTIES",
  );
});
