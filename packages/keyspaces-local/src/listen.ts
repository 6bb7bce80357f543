import { once } from "node:events";
import type { AddressInfo, Server } from "node:net";

const ATTEMPTS = 20;

/**
 * Opens one server on each address, all on the same port: a free one.
 *
 * @throws if an address is none of this machine's, or no port is free on all of them
 */
export async function listenOnOnePort<T extends Server>(
  hosts: readonly string[],
  newServer: () => T,
): Promise<{ port: number; servers: T[] }> {
  for (let attempt = 1; ; attempt++) {
    const servers: T[] = [];
    let port = 0;
    try {
      for (const host of hosts) {
        const server = newServer();
        servers.push(server);
        server.listen(port, host);
        await once(server, "listening");
        ({ port } = server.address() as AddressInfo);
      }
      return { port, servers };
    } catch (error) {
      for (const server of servers) server.close();
      if ((error as { code?: unknown }).code !== "EADDRINUSE" || attempt === ATTEMPTS) throw error;
    }
  }
}
