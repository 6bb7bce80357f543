import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** A way to another port of this machine that a test can cut, shut and open again: the network between client and server. */
export interface Detour {
  readonly port: number;
  /** Connections that are open now. */
  readonly open: number;
  /** Connections that there were so far. */
  readonly accepted: number;
  /** Leads to another port from now on; what is open stays. */
  leadTo(port: number): void;
  /** Breaks the connections that are open. */
  cut(): void;
  /** Breaks them and takes no new ones, as if nobody listened. */
  shut(): Promise<void>;
  reopen(): Promise<void>;
  /** Keeps the connections that are open, and passes nothing on any more, in neither direction. */
  silence(): void;
}

/** @param at where to listen; without a port at a free one */
export async function openDetour(target: number, at: { host?: string; port?: number } = {}): Promise<Detour> {
  const { host = "127.0.0.1" } = at;
  const sockets = new Set<Socket>();
  const silent = new WeakSet<Socket>();
  let accepted = 0;
  let to = target;
  let server: Server;

  const serve = (near: Socket): void => {
    accepted++;
    sockets.add(near);
    const far = connect({ port: to, host: "127.0.0.1" });
    for (const [here, there] of [
      [near, far],
      [far, near],
    ] as const) {
      here.on("error", () => undefined);
      here.once("close", () => there.destroy());
      here.on("data", (bytes) => silent.has(near) || there.write(bytes));
    }
    near.once("close", () => sockets.delete(near));
  };
  const listen = async (port: number): Promise<number> => {
    server = createServer(serve);
    await new Promise<void>((listening) => server.listen(port, host, listening));
    return (server.address() as AddressInfo).port;
  };
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };

  const port = await listen(at.port ?? 0);
  return {
    port,
    get open() {
      return sockets.size;
    },
    get accepted() {
      return accepted;
    },
    leadTo: (other) => {
      to = other;
    },
    cut,
    shut: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      cut();
      await closed;
    },
    reopen: async () => {
      await listen(port);
    },
    silence: () => {
      for (const socket of sockets) silent.add(socket);
    },
  };
}
