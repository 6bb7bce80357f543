import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "@jest/globals";
import { ROOT } from "@keyspaces-segmentation/local-support";
import { RFC_4180, recordSplitter } from "@keyspaces-segmentation/table-files";

const run = promisify(execFile);
const python = join(ROOT, ".cache", "spark", "bin", "python");

/** What a Python expression over the modules of `jobs` comes to; no session of Spark is begun. */
async function pythonValue(expression: string, environment: Record<string, string> = {}): Promise<unknown> {
  const script = `import json, sys; sys.path.insert(0, ${JSON.stringify(join(ROOT, "jobs"))})
import assign_clusters, csv, feature_objects, io, keyspaces_job, rfm_features
def failing(ask):
    try: return ask()
    except Exception as error: return f"{type(error).__name__}: {error}"
print(json.dumps(${expression}))`;
  const env = { PATH: process.env.PATH, PYTHONDONTWRITEBYTECODE: "1", ...environment };
  return JSON.parse((await run(python, ["-c", script], { env })).stdout);
}
const list = (words: readonly string[]): string => JSON.stringify(words);

const needed = ["--keyspace", "blog", "--table", "online_retail", "--output", "s3://bucket/features/1"];
/** As AWS says that Glue passes them: https://docs.aws.amazon.com/glue/latest/dg/aws-glue-programming-etl-glue-arguments.html */
const ofGlue = [
  ...["script.py", "--JOB_NAME", "features", "--JOB_ID", "j_1", "--JOB_RUN_ID", "jr_1", "--job-language", "python"],
  ...[
    "--scriptLocation",
    "s3://b/script.py",
    "--extra-jars",
    "s3://b/x.jar",
    "--extra-py-files",
    "s3://b/a.py",
    "--job-bookmark-option",
    "job-bookmark-disable",
  ],
  ...["--TempDir", "s3://b/tmp", "--enable-metrics", "", "--conf", "spark.a=1 --conf spark.b=2", "--mode", "x"],
];

test.each([
  [["--monetary_cuts", "[-5,0,10,20]"]],
  [["--monetary_cuts=[-5,0,10,20]"]],
  [["--monetary_cuts=-5,0,10,20"]],
])("bounds that begin below zero are read from %j", async (given) => {
  for (const argv of [
    [...ofGlue, ...needed, ...given],
    ["script.py", ...given, ...needed],
  ]) {
    const cuts = await pythonValue(`rfm_features.settings_of(${list(argv)})["cuts"]`);
    expect(cuts).toEqual({ recency: null, frequency: null, monetary: [-5, 0, 10, 20] });
  }
});

test("Glue's own arguments are left alone", async () => {
  const settings = await pythonValue(
    `{k: v for k, v in rfm_features.settings_of(${list([...ofGlue, ...needed, "--ranges", "60"])}).items() if k in ("keyspace", "consistency", "ranges", "region")}`,
  );
  expect(settings).toEqual({ keyspace: "blog", consistency: "LOCAL_QUORUM", ranges: 60, region: null });
  const failing = (argv: readonly string[]) => pythonValue(`failing(lambda: rfm_features.settings_of(${list(argv)}))`);
  const tried = "JobError: read the arguments: ";
  expect(await failing([...ofGlue, ...needed, "--scaling"])).toBe(`${tried}argument --scaling: expected one argument`);
  expect(await failing([...ofGlue, ...needed.slice(2)])).toBe(`${tried}--keyspace is missing`);
});

/**
 * What a script says, started with each of these arguments, all of them in one process, in an environment that names no Region, which is
 * asked for when all arguments have been read.
 */
async function said(script: string, argvs: readonly (readonly string[])[]): Promise<string[]> {
  const path = join(ROOT, "jobs", script);
  const starter = `import json, os, runpy, sys; sys.path.insert(0, ${JSON.stringify(join(ROOT, "jobs"))})
def started(argv):
    sys.argv = [${JSON.stringify(path)}, *argv]
    try: runpy.run_path(sys.argv[0], run_name="__main__")
    except SystemExit as end: return end.code
print(json.dumps([started(argv) for argv in json.load(sys.stdin)]))`;
  const started = run(python, ["-c", starter], { env: { PATH: process.env.PATH, PYTHONDONTWRITEBYTECODE: "1" } });
  started.child.stdin?.end(JSON.stringify(argvs));
  return JSON.parse((await started).stdout);
}
const theRegion = "find the Region: neither --region nor AWS_REGION says which";
const wrong = (what: string): string => `read the arguments: ${what}`;

test("by hand, what is no argument ends the job, and what was meant is said", async () => {
  const table: readonly [readonly string[], string][] = [
    [[], theRegion],
    [["--analysis_date", "2011-12-09", "--shards=3"], theRegion],
    [["--monetary_cuts=-5,0,10,20"], theRegion],
    [["--analysis-date", "2011-12-09"], wrong("there is no --analysis-date; is --analysis_date meant?")],
    [["--analysis-date=2011-12-09"], wrong("there is no --analysis-date; is --analysis_date meant?")],
    [["--Preparation", "sales"], wrong("there is no --Preparation; is --preparation meant?")],
    [["-shards", "3"], wrong("there is no -shards; is --shards meant?")],
    [["--prep", "sales"], wrong("there is no --prep")],
    [["--shard", "3"], wrong("there is no --shard; is --shards meant?")],
    [["--nonsense", "1"], wrong("there is no --nonsense")],
    [["-x"], wrong("there is no -x")],
    [["sales"], wrong("'sales' belongs to no argument")],
    [["--shards", "3", "4"], wrong("'4' belongs to no argument")],
    [["--", "--shards", "3"], wrong("there is no --")],
    [["--TempDir", "s3://b/tmp"], wrong("there is no --TempDir")],
  ];
  const reasons = await said(
    "rfm_features.py",
    table.map(([given]) => [...needed, ...given]),
  );
  expect(table.map(([given], i) => [given, reasons[i]])).toEqual(
    table.map(([given, reason]) => [given, `rfm_features failed: ${reason}`]),
  );
  const assigning = [
    ...["--keyspace", "blog", "--features", "s3://bucket/features/1", "--clusters", "s3://bucket/model/clusters.json"],
    ...["--run_id", "1", "--run_date", "2011-12-10"],
  ];
  expect(await said("assign_clusters.py", [assigning, [...assigning, "--rows-per-second", "10"]])).toEqual([
    `assign_clusters failed: ${theRegion}`,
    `assign_clusters failed: ${wrong("there is no --rows-per-second; is --rows_per_second meant?")}`,
  ]);
});

test("on Glue, its own arguments are left alone, and no others", async () => {
  const [, ...own] = ofGlue;
  const table: readonly [readonly string[], string][] = [
    [[], theRegion],
    // Bare words are among what reaches a script, and values that look like names.
    [["true", "--enable-glue-datacatalog", "true", "--enable-job-insights", "false", "--class", "GlueApp"], theRegion],
    [["--python-modules-installer-option", "--upgrade", "--additional-python-modules", "a==1"], theRegion],
    [["--python-modules-installer-option", "-r", "--continuous-log-logGroup", "/a", "--debug", "x"], theRegion],
    [["--SECURITY_CONFIGURATION", "s", "--encryption-type", "sse-s3", "--job-bookmark-from", "1"], theRegion],
    [["--analysis-date", "2011-12-09"], wrong("there is no --analysis-date; is --analysis_date meant?")],
    [["--Preparation", "sales"], wrong("there is no --Preparation; is --preparation meant?")],
    [["-shards", "3"], wrong("there is no -shards; is --shards meant?")],
    [["--nonsense", "1"], wrong("there is no --nonsense")],
    [["--prep", "sales"], wrong("there is no --prep")],
  ];
  const expected = table.map(([given, reason]) => [given, `rfm_features failed: ${reason}`]);
  for (const argvOf of [
    (given: readonly string[]) => [...own, ...needed, ...given],
    (given: readonly string[]) => [...given, ...needed, ...own],
  ]) {
    const reasons = await said(
      "rfm_features.py",
      table.map(([given]) => argvOf(given)),
    );
    expect(table.map(([given], i) => [given, reasons[i]])).toEqual(expected);
  }
});

test("what is written as CSV is what is read, whatever is in it", async () => {
  const ids = ["a", "cr\rx", "\r", "x\r", "nl\nx", "crlf\r\nx", 'q"x', "a,b", "", " lead", "\u2028x", "\ufeffx", "𝒳"];
  const text = `feature_objects.csv_text(("customer_id", "distance"), [(id, 1.5) for id in json.loads(${JSON.stringify(JSON.stringify(ids))})]).decode()`;
  const read = `[row["customer_id"] for row in csv.DictReader(io.StringIO(${text}, newline=""))]`;
  expect(await pythonValue(read)).toEqual(ids);
  const [, ...records] = recordSplitter(RFC_4180)((await pythonValue(text)) as string, true);
  expect(records.map(({ fields }) => fields[0])).toEqual(ids);
  expect(await pythonValue(text)).toMatch(/^customer_id,distance\na,1\.5\n"cr\rx",1\.5\n/);
});

test("a cluster has no share of a revenue that is not above zero", async () => {
  const shareOf = (revenue: number) =>
    pythonValue(
      `assign_clusters.profile({"cluster": 1, "name": "x"}, {"customers": 2, "recency_days": 1.0, "frequency": 2.0, "monetary": -3.0}, 1, ${revenue})["revenue_share"]`,
    );
  expect(await shareOf(-30)).toBe(0);
  expect(await shareOf(0)).toBe(0);
  expect(await shareOf(30)).toBe(-0.1);
});

test("why a sum did not fit is said without Spark's advice to have nulls in its place", async () => {
  const advice = 'If necessary set "spark.sql.ansi.enabled" to "false" to bypass this error.';
  const said = (text: string) => pythonValue(`keyspaces_job.reason_of(Exception(${JSON.stringify(text)}))`);
  expect(await said(`[ARITHMETIC_OVERFLOW] Overflow in sum of decimals. ${advice}`)).toBe(
    "Exception: [ARITHMETIC_OVERFLOW] Overflow in sum of decimals.",
  );
  expect(
    await said(`It is 1.5. Use \`try_cast\` to tolerate overflow and return NULL instead. ${advice} SQLSTATE: 22003`),
  ).toBe("Exception: It is 1.5. SQLSTATE: 22003");
});

test("clusters are held to what an assignment takes for granted", async () => {
  const failing = (centroids: string, clusters: readonly unknown[]) =>
    pythonValue(
      `failing(lambda: assign_clusters.model_in({"centroids": ${centroids}, "clusters": ${JSON.stringify(clusters)}}, "s3://b/c"))`,
    );
  const two = [
    { cluster: 3, name: "a" },
    { cluster: 4, name: "b" },
  ];
  expect(await failing("[[1, 2, 3], [4.5, 5, 6]]", [two[0], { cluster: "4", name: "b" }])).toEqual({
    centroids: [
      [1, 2, 3],
      [4.5, 5, 6],
    ],
    clusters: two,
  });
  const tried = "JobError: read the clusters in s3://b/c: ";
  expect(await failing("[[1, 2, 3], [4, 5, float('nan')]]", two)).toBe(
    `${tried}nothing is near to a centroid that is not of finite numbers`,
  );
  expect(await failing("[[1, 2, 3], [4, 5, 6]]", [two[0], two[0]])).toBe(`${tried}two centroids are of one cluster`);
  expect(await failing("[[1, 2, 3], [4, 5]]", two)).toBe(
    `${tried}there has to be a cluster for each centroid of 3 numbers`,
  );
});

test("an endpoint is a host and a port", async () => {
  const hostOf = (endpoint: string) =>
    pythonValue(
      `failing(lambda: keyspaces_job.driver_profile({"region": "eu-west-1", "ca_file": None, "keyspaces_endpoint": ${JSON.stringify(endpoint)}})["advanced"]["ssl-engine-factory"]["service-name"])`,
    );
  expect(await hostOf("cassandra.eu-west-1.amazonaws.com:9142")).toBe("cassandra.eu-west-1.amazonaws.com");
  expect(await hostOf("cassandra.eu-west-1.amazonaws.com")).toBe(
    "JobError: read the arguments: --keyspaces_endpoint has to be host:port, not 'cassandra.eu-west-1.amazonaws.com'",
  );
});
