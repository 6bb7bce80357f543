/**
 * Of every Java that a test starts: it is thrown away within minutes, so the compiler that takes its time gains nothing, nor does a look
 * at the code of jars that Maven has checked, and no machine breaks down in which what was written would have to be on the disk.
 */
export const SHORT_LIVED: string =
  process.env.JAVA_TOOL_OPTIONS ??
  "-XX:TieredStopAtLevel=1 -XX:+UnlockDiagnosticVMOptions -XX:-BytecodeVerificationRemote -Dcassandra.skip_sync=true";

/**
 * Of a Cassandra that no test starts again: what only the next start reads need not be written. Most of what a definition costs is that
 * it has every table of the schema written out.
 */
const NEVER_RESTARTED = ["-Dcassandra.test.flush_local_schema_changes=false", "-Dcassandra.unsafesystem=true"];

/** Starts something that is never started again, in Jest's own process: the suites' processes do not inherit its options. */
export async function neverRestarted<T>(start: () => Promise<T>): Promise<T> {
  process.env.JAVA_TOOL_OPTIONS = [SHORT_LIVED, ...NEVER_RESTARTED].join(" ");
  try {
    return await start();
  } finally {
    process.env.JAVA_TOOL_OPTIONS = SHORT_LIVED;
  }
}
