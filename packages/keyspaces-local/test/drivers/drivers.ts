import { existsSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "@keyspaces-segmentation/local-support";
import type { StepName } from "./steps.js";

/** A driver, and the program that does the steps with it. */
export interface Driver {
  /** Also of its keyspace. */
  readonly name: string;
  /** The head of its column in the README's table. */
  readonly head: string;
  readonly command: readonly [string, ...string[]];
  /** Folders in .cache that `npm run test:drivers` fills before. */
  readonly installed?: readonly string[];
  /** How a step is done, where that is not how a reader would begin. */
  readonly remarks?: Partial<Record<StepName, string>>;
  /** Steps that it cannot do by its nature, and why. */
  readonly cannot?: Partial<Record<StepName, string>>;
  /** What goes wrong instead of what does for the others. */
  readonly faults?: Partial<Record<StepName, (keyspace: string) => unknown>>;
  /** Steps that it should be able to do, what it reports of them instead, and why. */
  readonly fails?: Partial<Record<StepName, { readonly detail: RegExp; readonly reason: string }>>;
}

const programs = join(ROOT, "packages", "keyspaces-local", "test", "drivers", "programs");
const cache = (...parts: string[]) => join(ROOT, ".cache", ...parts);
const java = process.env.JAVA_HOME ? join(process.env.JAVA_HOME, "bin", "java") : "java";

const retriesByItself = "the program waits and tries again, as the driver's retry policy cannot wait";

const tasksAgain = "Spark does its tasks again, and the program its job";

export const drivers: readonly Driver[] = [
  {
    name: "nodejs",
    head: "Node.js: cassandra-driver 4.10",
    command: [process.execPath, join(programs, "driver.cjs")],
    remarks: {
      pages:
        "by `stream` or `eachRow`: `for await (const row of result)` ends at the first empty page, and says nothing (NODEJS-668)",
      lost: "where the control connection ends while it is being set up, the driver throws out of a promise of its own: the process has to handle `unhandledRejection`, or ends",
      throttled: retriesByItself,
    },
  },
  {
    name: "python",
    head: "Python: cassandra-driver 3.30",
    command: [cache("python", "bin", "python"), join(programs, "driver.py")],
    installed: ["python"],
    remarks: {
      connect: "a second try where the first fails: the plugin 4.0.2 rounds the last half of a millisecond up to 1000",
      throttled: retriesByItself,
    },
  },
  {
    name: "java4",
    head: "Java: driver 4.17",
    command: [java, "-cp", cache("java_driver", "*"), join(programs, "java4", "Driver.java")],
    installed: ["java_driver"],
    remarks: {
      pages: "by `fetchNextPage()`: `for (Row row : resultSet)` ends at the first empty page, and says nothing",
      throttled: retriesByItself,
    },
  },
  {
    name: "java3",
    head: "Java: driver 3.11",
    command: [java, "-cp", cache("java_driver_3", "*"), join(programs, "java3", "Driver.java")],
    installed: ["java_driver_3"],
    remarks: {
      connect: "on Java 17 with `jaxb-api`, which the plugin's AWS SDK takes for given",
      throttled: retriesByItself,
    },
  },
  {
    name: "go",
    head: "Go: gocql 1.7",
    command: [cache("go_driver", "driver")],
    installed: ["go_driver"],
    remarks: {
      lost: "the program tries again where the driver, which asks each host once, has none left",
      throttled:
        "with a retry policy that stays on a host: the driver's `ExponentialBackoffRetryPolicy` asks each host once, and gives up after as many tries",
    },
  },
  {
    name: "rust",
    head: "Rust: scylla 1.9",
    command: [cache("rust_driver", "debug", "rust-driver")],
    installed: ["rust_driver"],
    remarks: {
      connect: "AWS has no plugin for it: the program signs by an `AuthenticatorProvider` of its own",
      throttled: retriesByItself,
    },
  },
  {
    name: "cqlsh",
    head: "cqlsh-expansion 0.9.6",
    command: [process.execPath, join(programs, "cqlsh.mjs"), cache("cqlsh", "bin", "cqlsh-expansion")],
    installed: ["cqlsh"],
    remarks: {
      define: "after `CONSISTENCY LOCAL_QUORUM`: its own is ONE, which no write may have",
      prepared: "by COPY FROM",
      throttled: "by COPY FROM, which tries again by itself",
    },
    cannot: {
      lost: "a statement whose connection ends fails, and COPY FROM, which tries again on the hosts that are left, gives up when none is",
    },
  },
  {
    name: "spark",
    head: "Spark Cassandra Connector 3.5.1",
    command: [cache("spark", "bin", "python"), join(programs, "spark.py"), cache("spark_jars", "keyspaces-spark.jar")],
    installed: ["spark", "spark_jars"],
    remarks: {
      connect:
        "once `UPDATE system.local` has given the account `RandomPartitioner`: with that of a new one, `DefaultPartitioner`, the connector does not read",
      define:
        "by the connector's session; a table of its catalog is made too, but its statement fails, as the catalog looks for it before it is ACTIVE",
      prepared: "with `output.batch.size.rows=1`",
      batch: "with `output.batch.size.rows=30`; it writes no LOGGED batches, its session does",
      lwt: "by `output.ifNotExists`, which does not say what was applied; a condition on a value by its session",
      refused: "`df.count()` is one: the connector makes it a COUNT",
      lost: `${tasksAgain}; here the connections of requests on its table end: with each new control connection the driver underneath reads the whole schema, and its \`refreshSchema\` never ends where that connection does`,
      throttled: tasksAgain,
    },
    faults: { lost: (keyspace) => ({ tables: { [`${keyspace}.lines`]: { drop: 0.1 } } }) },
    fails: {
      pages: {
        detail: /NoSuchElementException/,
        reason:
          "fails at the first empty page (SPARKC-717); this project's own data source, in `jobs/reader`, reads on",
      },
    },
  },
];

/** @throws Error that says how to get what is not there */
export function requireInstalled(names: readonly string[]): void {
  const missing = names.find((name) => !existsSync(cache(name, ".ready")));
  if (missing) throw new Error(`${cache(missing)} is not installed: node setup.mjs --peers --drivers --spark does it`);
}
