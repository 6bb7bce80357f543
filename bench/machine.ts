import { cpus, totalmem, type } from "node:os";

/** The machine a measurement was made on: no figure means anything without it. */
export function describeMachine(): string {
  const cores = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${cores.length} × ${cores[0]?.model.trim() ?? "unknown processor"}, ${memory} GB, ${type()}, Node.js ${process.versions.node}`;
}
