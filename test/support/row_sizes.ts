import { readFileSync } from "node:fs";
import { join } from "node:path";
import { types } from "cassandra-driver";

/** A row, and what AWS's calculator says that it weighs: see row_sizes.py beside the file. */
export interface WeighedRow {
  readonly columns: Readonly<Record<string, string>>;
  readonly primaryKey: string;
  readonly values: Readonly<Record<string, unknown>>;
  readonly bytes: number;
  readonly stored: number;
  readonly expiring: number;
}

const path = join(__dirname, "../../../packages/aws-costs/test/fixtures/row_sizes.json");
export const weighedRows: readonly WeighedRow[] = JSON.parse(readFileSync(path, "utf8"));

type Encoder = { encode(value: unknown, type: object): Buffer | null };
const DriversEncoder = require("cassandra-driver/lib/encoder") as new (version: number, options: object) => Encoder;
const encoder = new DriversEncoder(4, { encoding: {} });
const { dataTypes } = types as unknown as { dataTypes: { getByName(name: string): object } };

function encoded(value: unknown, type: string): Buffer | null {
  if (value === null || value === undefined) return null;
  if (type === "blob") return Buffer.from(String(value), "hex");
  const exact =
    type === "varint"
      ? types.Integer.fromString(String(value))
      : type === "bigint"
        ? types.Long.fromString(String(value))
        : value;
  return encoder.encode(exact, dataTypes.getByName(type.replaceAll(" ", "")));
}

/** The values of a row as the driver writes them, each with its length before it. */
export function encodedValues(
  { columns }: Pick<WeighedRow, "columns">,
  values: Readonly<Record<string, unknown>>,
): Buffer {
  return Buffer.concat(
    Object.entries(columns).flatMap(([name, type]) => {
      const cell = encoded(values[name], type);
      const length = Buffer.alloc(4);
      length.writeInt32BE(cell?.length ?? -1);
      return cell === null ? [length] : [length, cell];
    }),
  );
}
