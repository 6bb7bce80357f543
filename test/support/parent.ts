/** A program that starts a service and waits to be killed: `parent.js <script> <log file>`. Prints the service's id. */
import { readFileSync } from "node:fs";
import { startService } from "@keyspaces-segmentation/local-support";

const [script = "", logFile = ""] = process.argv.slice(2);
void startService({
  name: "launcher",
  command: process.execPath,
  args: [script],
  logFile,
  isReady: async (output) => output.includes("ready"),
  deadlineMs: 60_000,
}).then(({ pid }) => {
  console.log(`child ${pid}\n${readFileSync(logFile, "utf8")}`);
  setInterval(() => undefined, 1000);
});
