/** How the stand-in runs scripts. */
export interface SparkSettings {
  /** `spark-submit`; undefined where Spark is not installed. */
  readonly submit: string | undefined;
  /** The command that installs it, for whoever has none. */
  readonly install: string;
  /** What scripts find in their environment, beside the credentials of their job's role. Asked when a run begins. */
  readonly environment?: () => Readonly<Record<string, string>>;
}

/** What whoever starts the stand-in says about Glue. */
export interface GlueSettings {
  readonly spark: SparkSettings;
  /** How long a minute of a timeout is, in milliseconds; a minute unless given. */
  readonly minute?: number | undefined;
}
