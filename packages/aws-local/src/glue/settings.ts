/** How the stand-in runs scripts. */
export interface SparkSettings {
  /** `spark-submit`; undefined where Spark is not installed. */
  readonly submit: string | undefined;
  /** The command that installs it, for whoever has none. */
  readonly install: string;
  /** What scripts find in their environment, beside the credentials of their job's role. Asked when a run begins. */
  readonly environment?: () => Readonly<Record<string, string>>;
}

/** What all runs of an account together may be at one time. https://docs.aws.amazon.com/general/latest/gr/glue.html */
export interface GlueQuotas {
  /** "Max task DPUs per account"; 1,000 unless given. */
  readonly dpus?: number | undefined;
  /** "Max concurrent job runs per account"; 2,000 unless given. */
  readonly runs?: number | undefined;
}

/** What whoever starts the stand-in says about Glue. */
export interface GlueSettings {
  readonly spark: SparkSettings;
  /** How long a minute of a timeout is, in milliseconds; a minute unless given. */
  readonly minute?: number | undefined;
  readonly quotas?: GlueQuotas | undefined;
}
