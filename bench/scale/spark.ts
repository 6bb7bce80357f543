import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { startMoto } from "@keyspaces-segmentation/aws-local";
import { PYTHON, ROOT, SPARK } from "@keyspaces-segmentation/local-support";
import type { BenchCassandra } from "../cassandra.js";
import { openGateway, WITHOUT_LIMITS } from "../gateway_process.js";
import type { Contender, OwnFigures } from "../recorder.js";

const SUBMIT = join(SPARK, "bin", "spark-submit");
const JAR = join(ROOT, ".cache", "spark_jars", "keyspaces-spark.jar");
const JOBS = join(ROOT, "jobs");
const SCRIPT = "rfm_features.py";
const BUCKET = "bench-features";
/** Two tasks at a time, in one process. */
const MASTER = "local[2]";
const MEMORY = "4g";
/** Of the longest file, some 100 MB in each. */
const RANGES = 32;

/** Whether the set-up has made what Spark's jobs need. */
export const hasSpark = (): boolean => existsSync(SUBMIT) && existsSync(JAR);

/** Spark's job, and what stands around it. */
export interface SparkBench {
  /** The features of the table as it is, with as many lines. */
  features(lines: number): Contender;
  close(): Promise<void>;
}

/** The last line of the job's own output. @throws Error where it is not there */
export function sparkFiguresIn(output: string): OwnFigures {
  const [, lines, seconds] = /^rfm_features done: (\d+) lines, .* in ([\d.]+) s, /m.exec(output) ?? [];
  if (seconds === undefined) throw new Error(`Expected Spark's last line, got ${JSON.stringify(output.slice(-500))}`);
  return { rows: Number(lines), seconds: Number(seconds) };
}

/** Starts what Spark's job needs around it, for a table that is there: a gateway without limits, as the job speaks TLS and SigV4, and S3. */
export async function openSpark(
  cassandra: BenchCassandra,
  { keyspace, table }: { keyspace: string; table: string },
  signal: AbortSignal,
): Promise<SparkBench> {
  const gateway = await openGateway(cassandra, { keyspace, throughput: WITHOUT_LIMITS });
  const moto = await startMoto({ python: PYTHON, directory: cassandra.directory, signal });
  const endpoint = `http://127.0.0.1:${moto.port}`;
  const { AWS_ACCESS_KEY_ID: accessKeyId = "", AWS_SECRET_ACCESS_KEY: secretAccessKey = "" } = gateway.environment;
  const credentials = { accessKeyId, secretAccessKey };
  const s3 = new S3Client({ region: "us-east-1", endpoint, forcePathStyle: true, credentials });
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
  s3.destroy();
  const modules = readdirSync(JOBS).filter((name) => name.endsWith(".py") && name !== SCRIPT);
  const settings = ["spark.ui.enabled=false", "spark.driver.bindAddress=127.0.0.1", "spark.driver.host=127.0.0.1"];
  const python = join(SPARK, "bin", "python");
  return {
    features: (lines) => ({
      name: `Spark's features of ${lines.toLocaleString("en-US")} lines`,
      command: SUBMIT,
      args: [
        ...["--master", MASTER, "--driver-memory", MEMORY, "--jars", JAR],
        ...["--py-files", modules.map((name) => join(JOBS, name)).join(",")],
        ...[...settings, "spark.log.level=ERROR"].flatMap((setting) => ["--conf", setting]),
        ...[join(JOBS, SCRIPT), "--keyspace", keyspace, "--table", table, "--output", `s3://${BUCKET}/${lines}`],
        ...[
          "--ranges",
          String(RANGES),
          "--ca_file",
          gateway.caFile,
          "--keyspaces_endpoint",
          `127.0.0.1:${gateway.port}`,
        ],
      ],
      environment: {
        ...gateway.environment,
        AWS_ENDPOINT_URL: endpoint,
        AWS_EC2_METADATA_DISABLED: "true",
        SPARK_LOCAL_IP: "127.0.0.1",
        PYSPARK_PYTHON: python,
        PYSPARK_DRIVER_PYTHON: python,
        PYTHONDONTWRITEBYTECODE: "1",
      },
      // Java, the script, and the Python of its tasks.
      withChildren: true,
      figuresIn: sparkFiguresIn,
    }),
    async close() {
      await moto.stop();
      await gateway.close();
    },
  };
}
