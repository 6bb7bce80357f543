import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { ingestInvoices } from "@keyspaces-segmentation/invoice-store/dist/ingest_invoices.js";
import { readCustomers, readInvoiceLines } from "@keyspaces-segmentation/invoice-store/dist/read_invoices.js";
import { createKeyspace, createRetailTable } from "@keyspaces-segmentation/invoice-store/dist/schema.js";
import type { InvoiceLine } from "@keyspaces-segmentation/invoices";
import type { KeyspacesClient } from "@keyspaces-segmentation/keyspaces-bulk";
import { connectToKeyspaces } from "@keyspaces-segmentation/keyspaces-bulk";
import type { CassandraPartitioner } from "@keyspaces-segmentation/keyspaces-local/dist/cassandra/partitioner.js";
import { type Certificates, makeCertificates } from "@keyspaces-segmentation/keyspaces-local/dist/door/certificates.js";
import { type Gateway, startGateway } from "@keyspaces-segmentation/keyspaces-local/dist/door/gateway.js";
import type { Partitioner } from "@keyspaces-segmentation/keyspaces-local/dist/schema/partitioner.js";
import { temporaryIdentity } from "@keyspaces-segmentation/local-support";
import type { QueryOptions, types } from "cassandra-driver";
import { readVarint } from "../../../../test/support/fake_table.js";
import { invoiceFile } from "../../../../test/support/invoice_files.js";
import { foldLines, generatedCsv, parseGenerated } from "../../../../test/support/retail.js";
import { sessionOf } from "../../../../test/support/session.js";
import { borrowedCassandra, region } from "../support.js";

const murmur3 = "org.apache.cassandra.dht.Murmur3Partitioner";
const random = "org.apache.cassandra.dht.RandomPartitioner";
const byDefault = "com.amazonaws.cassandra.DefaultPartitioner";
const name = { keyspace: "partitioned", table: "online_retail" };

let folder: string;
let certificates: Certificates;
let lines: InvoiceLine[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "partitioner-"));
  certificates = await makeCertificates();
  await writeFile(join(folder, "ca.pem"), certificates.ca);
  await writeFile(join(folder, "data.csv"), generatedCsv());
  ({ lines } = await parseGenerated());
});
afterAll(() => rm(folder, { recursive: true }));

/** The client as the walkthrough has it. */
function connectTo({ port }: Gateway, identity: ReturnType<typeof temporaryIdentity>): Promise<KeyspacesClient> {
  const session = sessionOf({ region, credentials: async () => identity });
  const settings = { keyspacesEndpoint: { host: "localhost", port }, keyspacesCaFile: join(folder, "ca.pem") };
  return connectToKeyspaces(session, settings);
}

/** Of a token as it goes over the wire, in hexadecimal. */
const numberOf = (hex: string): bigint => readVarint(Buffer.from(hex, "hex"));

/** The token that RandomPartitioner gives a key: its MD5 hash as a signed number, without its sign. */
function md5Token(key: string): bigint {
  const hash = BigInt.asIntN(128, BigInt(`0x${createHash("md5").update(key).digest("hex")}`));
  return hash < 0n ? -hash : hash;
}

const cases: [CassandraPartitioner, Partitioner[], other: Partitioner][] = [
  [murmur3, [murmur3], byDefault],
  [random, [byDefault, random], murmur3],
];

describe.each(cases)("before a Cassandra with %s", (database, answers, other) => {
  const identity = temporaryIdentity();
  let cassandra: Awaited<ReturnType<typeof borrowedCassandra>>;
  const open = (partitioner?: Partitioner) =>
    startGateway({
      region,
      cassandra,
      identities: [identity],
      certificate: certificates,
      activeAfterMs: 100,
      partitioner,
    });

  beforeAll(async () => {
    cassandra = await borrowedCassandra(database);
    const gateway = await open();
    const client = await connectTo(gateway, identity);
    await createKeyspace(client, name.keyspace);
    await createRetailTable(client, name);
    await ingestInvoices(client, name, await invoiceFile(join(folder, "data.csv")), {
      rejectsFile: join(folder, "rejects.csv"),
    });
    await client.shutdown();
    await gateway.close();
  });

  test("a gateway answers as the account that has its tokens without having chosen, and as no other", async () => {
    const gateway = await open();
    const client = await connectTo(gateway, identity);
    const { rows } = await client.execute("SELECT partitioner FROM system.local");
    expect(rows[0]?.partitioner).toBe(answers[0]);
    await client.shutdown();
    await gateway.close();
    await expect(open(other)).rejects.toThrow(
      `A gateway cannot answer as ${other} before a Cassandra whose tokens are those of ${database}`,
    );
  });

  test("an account's partitioner is changed to one with the same tokens, and to no other", async () => {
    const gateway = await open();
    const client = await connectTo(gateway, identity);
    const choose = (partitioner: string) =>
      client.execute(`UPDATE system.local SET partitioner = '${partitioner}' WHERE key = 'local'`);
    const chosen = answers.at(-1)!;
    await choose(chosen);
    const query = "SELECT partitioner FROM system.local";
    expect((await client.execute(query)).rows[0]?.partitioner).toBe(chosen);
    await expect(choose(other)).rejects.toThrow("is not emulated before a database whose tokens are those of");
    await expect(choose("LocalPartitioner")).rejects.toThrow("Unsupported partitioner 'LocalPartitioner'");
    await expect(client.execute("UPDATE system.local SET rack = 'x' WHERE key = 'local'")).rejects.toThrow(
      "system keyspace is not user-modifiable",
    );
    await client.shutdown();
    await gateway.close();
    const again = await open();
    const later = await connectTo(again, identity);
    expect((await later.execute(query)).rows[0]?.partitioner).toBe(chosen);
    await later.shutdown();
    await again.close();
  });

  describe.each(answers)("an account with %s", (partitioner) => {
    let gateway: Gateway;
    let client: KeyspacesClient;
    beforeAll(async () => {
      gateway = await open(partitioner);
      client = await connectTo(gateway, identity);
    });
    afterAll(async () => {
      await client.shutdown();
      await gateway.close();
    });

    /** The client, with what it is asked for and gives. */
    function watched(change: (options: QueryOptions) => QueryOptions = (options) => options) {
      const ranges = new Map<string, number>();
      const execute = async (query: string, params: Buffer[] = [], options: QueryOptions = {}) => {
        const result = await client.execute(query, params, change(options));
        if (query.includes("token(") && query.includes("<=")) {
          const last = params.at(-1)!.toString("hex");
          ranges.set(last, (ranges.get(last) ?? 0) + result.rowLength);
        }
        return result;
      };
      return { ranges, client: Object.assign(Object.create(client), { execute }) as KeyspacesClient };
    }

    /** Of all pages, some of which come empty. */
    async function all(query: string, params: unknown[] = []): Promise<types.Row[]> {
      const rows: types.Row[] = [];
      for await (const row of await client.execute(query, params)) rows.push(row);
      return rows;
    }

    test("names it", async () => {
      const { rows } = await client.execute("SELECT partitioner FROM system.local");
      expect(rows[0]?.partitioner).toBe(partitioner);
    });

    test("every line is read once, from 32 ranges that are about evenly filled", async () => {
      const { ranges, client: counting } = watched();
      const { requests, seconds, serial, ...totals } = await readCustomers(counting, name);
      expect(serial).toBeUndefined();
      expect(totals).toEqual(foldLines(lines));
      expect(ranges.size).toBe(32);
      // A range has few invoices here, of very different length: eight together are about even.
      const inOrder = [...ranges].toSorted(([a], [b]) => (numberOf(a) < numberOf(b) ? -1 : 1)).map(([, rows]) => rows);
      for (const first of [0, 8, 16, 24]) {
        const share = inOrder.slice(first, first + 8).reduce((sum, rows) => sum + rows) / lines.length;
        expect(share).toBeGreaterThan(0.15);
        expect(share).toBeLessThan(0.35);
      }
      const whole = await readInvoiceLines(client, name);
      expect(whole.lines).toHaveLength(lines.length);
      expect(new Set(whole.lines.map((line) => `${line.invoice} ${line.stockCode} ${line.line}`)).size).toBe(
        lines.length,
      );
    });

    test("where paging states are refused in the middle of ranges, every line is read once all the same", async () => {
      let continued = 0;
      const { client: spoiling } = watched((options) => {
        const { pageState } = options;
        const spoil = typeof pageState === "string" && ++continued % 4 === 0;
        return { ...options, fetchSize: 50, ...(spoil && { pageState: pageState.slice(0, -8) }) };
      });
      const { requests, seconds, ...totals } = await readCustomers(spoiling, name);
      expect(totals).toEqual(foldLines(lines));
      expect(continued).toBeGreaterThan(50);
    });

    test("a range from a token to itself holds its partition, the least and the greatest token's too", async () => {
      const rows = await all("SELECT invoice, token(invoice) AS t FROM partitioned.online_retail");
      const byInvoice = new Map(rows.map((row) => [String(row.invoice), BigInt(String(row.t))]));
      const tokens = [...byInvoice].map(([invoice, token]) => ({ invoice, token }));
      expect(tokens).toHaveLength(new Set(lines.map(({ invoice }) => invoice)).size);
      if (partitioner !== murmur3) for (const { invoice, token } of tokens) expect(token).toBe(md5Token(invoice));
      const sorted = tokens.toSorted((a, b) => (a.token < b.token ? -1 : 1));
      for (const { invoice } of [sorted[0]!, sorted[1]!, sorted.at(-1)!]) {
        const query = "SELECT token(invoice) AS t FROM partitioned.online_retail WHERE invoice = ? LIMIT 1";
        const [row] = (await client.execute(query, [invoice])).rows;
        const range = "SELECT invoice FROM partitioned.online_retail WHERE token(invoice) >= ? AND token(invoice) <= ?";
        const found = await all(range, [row!.t, row!.t]);
        expect([...new Set(found.map((each) => each.invoice))]).toEqual([invoice]);
      }
    });
  });
});
