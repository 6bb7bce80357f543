/** The log lines of jobs and endpoints, in CloudWatch Logs: moto's. */
export interface Logs {
  /** The logs as a role may write them: where it may not, nothing is written, which is nobody's failure. */
  as(roleArn: string | undefined): Logs;
  /** Appends lines to a stream, which is made where it is not there. Never rejects: a job does not fail for its log. */
  put(group: string, stream: string, lines: readonly string[]): Promise<void>;
}

/** Whether a role may do something to a group, or to a stream in it. */
export type LogsGuard = (roleArn: string, action: string, group: string, stream?: string) => Promise<boolean>;

/**
 * @param port moto's
 * @param guard decides what roles may do; without one they may do everything
 */
export function openLogs(region: string, port: number, now: () => Date, guard?: LogsGuard): Logs {
  async function call(operation: string, request: object): Promise<void> {
    const response = await fetch(`http://127.0.0.1:${port}/`, {
      method: "POST",
      headers: {
        "content-type": "application/x-amz-json-1.1",
        "x-amz-target": `Logs_20140328.${operation}`,
        // moto checks no signature, but takes service and region from it.
        authorization: `AWS4-HMAC-SHA256 Credential=stand-in/20200101/${region}/logs/aws4_request, SignedHeaders=host, Signature=0`,
      },
      body: JSON.stringify(request),
    });
    await response.arrayBuffer();
  }
  const logsAs = (role: string | undefined): Logs => ({
    as: logsAs,
    async put(group, stream, lines) {
      if (lines.length === 0) return;
      const may = async (action: string, ...of: [string, string?]) =>
        guard === undefined || role === undefined || (await guard(role, action, ...of));
      if (!(await may("PutLogEvents", group, stream)) || !(await may("CreateLogStream", group, stream))) return;
      const timestamp = now().getTime();
      const name = { logGroupName: group, logStreamName: stream };
      try {
        // Where group or stream is there already, moto says so, and that is fine.
        if (await may("CreateLogGroup", group)) await call("CreateLogGroup", { logGroupName: group });
        await call("CreateLogStream", name);
        await call("PutLogEvents", { ...name, logEvents: lines.map((message) => ({ timestamp, message })) });
      } catch {
        // moto is gone: nobody will read it.
      }
    },
  });
  return logsAs(undefined);
}
