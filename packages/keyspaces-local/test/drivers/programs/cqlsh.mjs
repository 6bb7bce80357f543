// What is done with Keyspaces at the prompt of cqlsh-expansion, AWS's cqlsh: see README.md. Each step is a cqlsh of its own.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";

const ATTEMPTS = 20;
const [command] = process.argv.slice(2);
const { AWS_REGION, KEYSPACES_ENDPOINT, KEYSPACES_CA_FILE, DRIVER_KEYSPACE: keyspace } = process.env;
const [host, port] = KEYSPACES_ENDPOINT.split(":");
const folder = mkdtempSync(join(tmpdir(), "cqlsh-"));
const settings = join(folder, "cqlshrc");
const template = `[auth_provider]
module = cassandra_sigv4.auth
classname = SigV4AuthProvider
region_name = ${AWS_REGION}

[ssl]
validate = true
certfile = ${KEYSPACES_CA_FILE}
`;
writeFileSync(settings, template);

/** What cqlsh prints; it has no consistency of its own that Keyspaces would take for a write. */
function cqlsh(statements, consistency = "LOCAL_QUORUM") {
  const script = join(folder, "script.cql");
  writeFileSync(script, `CONSISTENCY ${consistency};\n${statements}\n`);
  const args = [
    `--cqlshrc=${settings}`,
    "--ssl",
    "--no-color",
    "--connect-timeout=20",
    "--request-timeout=30",
    "-f",
    script,
  ];
  const { stdout, stderr } = spawnSync(command, [...args, host, port], { encoding: "utf8" });
  return { out: stdout, error: stderr.trim() };
}

function printed(statements) {
  const { out, error } = cqlsh(statements);
  if (error) throw new Error(error);
  return out;
}

/**
 * The values of the rows of the last table that was printed, a line each. Where the first page is empty, cqlsh leaves a line out between
 * the columns and the rows of the pages behind it; how many it has seen, it says itself, but for the answers to writes.
 */
function rowsOf(out) {
  const lines = out.split("\n").map((line) => line.trim());
  const ruler = lines.findLastIndex((line) => /^-[-+]*$/.test(line));
  const rest = lines.slice(ruler + 1);
  const end = rest.findIndex((line) => /^\(\d+ rows\)$/.test(line));
  const rows = rest.slice(0, end < 0 ? undefined : end).filter((line) => line !== "");
  if (end >= 0 && rest[end] !== `(${rows.length} rows)`) throw new Error(`${rows.length} rows of: ${out}`);
  return rows.map((line) => line.split("|").map((value) => value.trim()));
}

/** The text of the server's refusal. */
function refusal(statements, consistency) {
  const { error } = cqlsh(statements, consistency);
  const text = /InvalidRequest: Error from server: code=2200 \[Invalid query\] message="(.*)"/.exec(error)?.[1];
  if (text === undefined) throw new Error(`expected a refusal, got ${error}`);
  return text;
}

async function until(query, wanted) {
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline) {
    const rows = rowsOf(printed(query));
    if (rows.length > 0 && rows.every(([value]) => value === wanted)) return;
    await delay(100);
  }
  throw new Error(`not ${wanted} in time: ${query}`);
}

function told(out) {
  const prices = rowsOf(out).map(([, , price]) => Number(price));
  return `${prices.length} rows, ${prices.reduce((sum, price) => sum + price, 0).toFixed(2)}`;
}

const insert = (invoice, line, price) =>
  `INSERT INTO ${keyspace}.lines (invoice, line, price) VALUES ('${invoice}', ${line}, ${price});`;
const linesOf = (invoice, lines) =>
  Array.from({ length: lines }, (_, line) => insert(invoice, line, "0.25")).join("\n");
const ofInvoice = (invoice) => `SELECT invoice, line, price FROM ${keyspace}.lines WHERE invoice = '${invoice}';`;

/** Copies 100 rows in: COPY tries again by itself, up to its MAXATTEMPTS. */
async function throttled() {
  const file = join(folder, "throttled.csv");
  writeFileSync(file, Array.from({ length: 100 }, (_, line) => `throttled,${line},1.00\n`).join(""));
  const copy = `COPY ${keyspace}.lines (invoice, line, price) FROM '${file}' WITH MAXATTEMPTS = ${ATTEMPTS} AND NUMPROCESSES = 1 AND CHUNKSIZE = 10;`;
  const { out, error } = cqlsh(copy);
  if (!out.includes("100 rows imported")) throw new Error(`${out} ${error}`);
  for (let attempt = 1; ; attempt++) {
    const read = cqlsh(ofInvoice("throttled"));
    if (!read.error) return told(read.out);
    if (attempt === ATTEMPTS) throw new Error(read.error);
    await delay(100);
  }
}

const steps = {
  connect: () => rowsOf(printed("SELECT cluster_name FROM system.local;"))[0][0],
  async define() {
    printed(`CREATE KEYSPACE ${keyspace} WITH replication = {'class': 'SingleRegionStrategy'};`);
    await until(`SELECT keyspace_name FROM system_schema_mcs.keyspaces WHERE keyspace_name = '${keyspace}';`, keyspace);
    printed(`CREATE TYPE ${keyspace}.address (street text, zip int);`);
    await until(`SELECT status FROM system_schema_mcs.types WHERE keyspace_name = '${keyspace}';`, "ACTIVE");
    printed(`CREATE TABLE ${keyspace}.lines (invoice text, line int, price decimal, PRIMARY KEY (invoice, line));
      CREATE TABLE ${keyspace}.things (id int PRIMARY KEY, name text, tags set<text>, scores list<int>,
      amounts map<text, decimal>, home frozen<address>) WITH CUSTOM_PROPERTIES = {'ttl': {'status': 'enabled'}};`);
    await until(`SELECT status FROM system_schema_mcs.tables WHERE keyspace_name = '${keyspace}';`, "ACTIVE");
    return "ACTIVE";
  },
  schema() {
    const definition = printed(`DESCRIBE TABLE ${keyspace}.lines;`);
    return [...definition.matchAll(/^ {4}(\w+) (?:text|int|decimal),/gm)].map(([, name]) => name).join(" ");
  },
  async prepared() {
    const file = join(folder, "prepared.csv");
    writeFileSync(file, Array.from({ length: 10 }, (_, line) => `prepared,${line},2.95\n`).join(""));
    printed(`COPY ${keyspace}.lines (invoice, line, price) FROM '${file}' WITH NUMPROCESSES = 1;`);
    return told(printed(ofInvoice("prepared")));
  },
  batch() {
    for (let invoice = 0; invoice < 4; invoice++) {
      printed(`BEGIN UNLOGGED BATCH\n${linesOf(`batch${invoice}`, 30)}\nAPPLY BATCH;`);
    }
    printed(`BEGIN BATCH\n${linesOf("logged", 2)}\nAPPLY BATCH;`);
    return refusal(`BEGIN UNLOGGED BATCH\n${linesOf("many", 31)}\nAPPLY BATCH;`);
  },
  pages: () =>
    told(printed(`PAGING 7;\nSELECT invoice, line, price FROM ${keyspace}.lines WHERE line < 1000 ALLOW FILTERING;`)),
  types() {
    printed(`INSERT INTO ${keyspace}.things (id, name, tags, scores, amounts, home)
      VALUES (1, 'one', {'b', 'a'}, [3, 1, 2], {'x': 1.5}, {street: 'Main St', zip: 8000});`);
    const [[tags, scores, amounts, home]] = rowsOf(
      printed(`SELECT tags, scores, amounts, home FROM ${keyspace}.things WHERE id = 1;`),
    );
    const words = (text) => text.match(/[\w.]+/g).join(" ");
    const [, street, zip] = /^\{street: '(.*)', zip: (\d+)\}$/.exec(home);
    return `[${words(tags)}] [${words(scores)}] x=${words(amounts).split(" ")[1]} ${street} ${zip}`;
  },
  lwt() {
    const write = (name) => `INSERT INTO ${keyspace}.things (id, name) VALUES (2, '${name}') IF NOT EXISTS;`;
    const applied = (row) => row[0].toLowerCase();
    const [first] = rowsOf(printed(write("two")));
    const [second] = rowsOf(printed(write("other")));
    const [third] = rowsOf(printed(`UPDATE ${keyspace}.things SET name = 'zwei' WHERE id = 2 IF name = 'two';`));
    return `${applied(first)} ${applied(second)} ${second.find((value) => value === "two")} ${applied(third)}`;
  },
  ttl() {
    printed(`INSERT INTO ${keyspace}.things (id, name) VALUES (3, 'three') USING TTL 1000;`);
    const [[left]] = rowsOf(printed(`SELECT ttl(name) FROM ${keyspace}.things WHERE id = 3;`));
    const text = refusal(`INSERT INTO ${keyspace}.lines (invoice, line) VALUES ('x', 1) USING TTL 1000;`);
    return `${left > 900 && left <= 1000}: ${text}`;
  },
  refused() {
    const one = refusal(`INSERT INTO ${keyspace}.lines (invoice, line) VALUES ('x', 1);`, "ONE");
    return `${one}; ${refusal(`SELECT count(*) FROM ${keyspace}.lines;`)}`;
  },
  throttled,
};

for await (const step of createInterface({ input: process.stdin })) {
  let report;
  try {
    report = { step, ok: true, detail: await steps[step]() };
  } catch (error) {
    report = { step, ok: false, detail: error.message };
  }
  console.log(JSON.stringify(report));
}
rmSync(folder, { recursive: true, force: true });
