import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, connect, type Socket } from "node:net";
import { createServer } from "node:tls";
import { makeCertificates } from "@keyspaces-segmentation/keyspaces-local";
import { guard } from "@keyspaces-segmentation/local-support";

export interface TlsTunnel {
  readonly process: ChildProcess;
  readonly port: number;
  /** PEM. */
  readonly ca: string;
}

/** Starts a process that speaks TLS with its clients and hands each byte on to a port of this machine, and back, unread. */
export async function startTlsTunnel(to: number): Promise<TlsTunnel> {
  const child = fork(__filename, [String(to)], { detached: true });
  guard(child);
  const [ready] = await Promise.race([
    once(child, "message"),
    once(child, "exit").then(([code]) => Promise.reject(new Error(`The TLS tunnel ended with ${code}`))),
  ]);
  return { process: child, ...(ready as { port: number; ca: string }) };
}

async function serve(to: number): Promise<void> {
  const { ca, ...certificate } = await makeCertificates();
  const server = createServer({ ...certificate, noDelay: true }, (client) => {
    const database = connect({ host: "127.0.0.1", port: to, noDelay: true });
    copy(client, database);
    copy(database, client);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  process.once("SIGTERM", () => process.exit(0));
  process.send?.({ port: (server.address() as AddressInfo).port, ca });
}

/** What comes in one turn of the event loop leaves together, as in the gateway. */
function copy(from: Socket, to: Socket): void {
  let waiting: Buffer[] = [];
  const send = () => {
    to.cork();
    for (const chunk of waiting) to.write(chunk);
    to.uncork();
    waiting = [];
  };
  from.on("data", (chunk: Buffer) => {
    if (waiting.length === 0) setImmediate(send);
    waiting.push(chunk);
  });
  from.on("error", () => to.destroy());
  from.on("close", () => to.destroy());
}

if (require.main === module) void serve(Number(process.argv[2]));
