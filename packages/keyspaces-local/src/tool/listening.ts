import { once } from "node:events";
import { createServer, isIPv4 } from "node:net";
import { isAny } from "./admin.js";
import { UsageError } from "./usage_error.js";

const isLoopback = (address: string): boolean => address === "::1" || (isIPv4(address) && address.startsWith("127."));

/** Where drivers are listened for: where they were told, and on those hosts of system.peers that are this machine's alone. */
export function addressesFor(address: string, peers: readonly string[]): string[] {
  return isAny(address) ? [address] : [...new Set([address, ...peers.filter(isLoopback)])];
}

/**
 * Finds out that an address is taken or none of this machine's before anything is started for it.
 *
 * @throws UsageError that says what to do
 */
export async function requireFree(addresses: readonly string[], port: number): Promise<void> {
  for (const address of addresses) {
    const server = createServer();
    try {
      server.listen(port, address);
      await once(server, "listening");
    } catch (error) {
      throw listenError(address, port, error);
    } finally {
      server.close();
    }
  }
}

/** Why it is not possible to listen, for whoever gave the address. */
export function listenError(address: string, port: number, error: unknown): Error {
  const { code, message } = error as NodeJS.ErrnoException;
  const tried = `Could not listen on ${address} port ${port}`;
  switch (code) {
    case "EADDRINUSE":
      return new UsageError(`${tried}: another process does. Choose another one, or 0 for a free one`, {
        cause: error,
      });
    case "EADDRNOTAVAIL":
      return new UsageError(
        `${tried}: it is no address of this machine. macOS has it after \`sudo ifconfig lo0 alias ${address}\`; --lenient needs none but 127.0.0.1`,
        { cause: error },
      );
    case "EACCES":
      return new UsageError(`${tried}: this user may not. Choose a port above 1023`, { cause: error });
    default:
      return new Error(`${tried}: ${message}`, { cause: error });
  }
}
