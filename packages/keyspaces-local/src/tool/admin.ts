import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, isIPv6 } from "node:net";
import { text } from "node:stream/consumers";
import type { HttpHandler } from "../control_plane/handler.js";
import type { Faults } from "../door/faults.js";
import type { UnitCounters } from "../rules/capacity.js";
import { FaultRequestError, readFaultRequest } from "./fault_requests.js";
import type { KeyspacesLocalOptions } from "./options.js";

/** How far a start is: `seen` says what it is at, or what went wrong. */
export interface Health {
  readonly status: "starting" | "ready" | "failed";
  readonly seen: string;
}

export interface AdminOptions {
  readonly address: string;
  readonly port: number;
  readonly faults: Faults;
  health(): Health;
  /** Answers the API of keyspaces and tables; undefined until it can be asked. */
  readonly api: () => HttpHandler | undefined;
  /** What tables have taken so far. */
  units(): Record<string, UnitCounters>;
}

/** The way in beside that for drivers: by HTTP, for SDKs with the service's own API, for whoever watches or tests without a password. */
export interface Admin {
  readonly url: string;
  close(): Promise<void>;
}

/** @throws Error with the system's `code` where it cannot listen there */
export async function startAdmin(options: AdminOptions): Promise<Admin> {
  const server = createServer((request, response) => {
    answer(request, response, options).catch((error: unknown) => {
      send(response, error instanceof FaultRequestError ? 400 : 500, { error: (error as Error).message });
    });
  });
  server.listen(options.port, options.address);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const reached = isAny(options.address) ? "127.0.0.1" : options.address;
  return {
    url: `http://${isIPv6(reached) ? `[${reached}]` : reached}:${port}`,
    close: () => closeNow(server),
  };
}

const LAST_PORT = 65_535;

/** Where it is by the options alone; undefined where it takes a free port. */
export const adminPortOf = ({
  port,
  adminPort,
}: Pick<KeyspacesLocalOptions, "port" | "adminPort">): number | undefined =>
  adminPort || (adminPort === 0 || port === 0 || port === LAST_PORT ? undefined : port + 1);

export const isAny = (address: string): boolean => address === "0.0.0.0" || address === "::";

function closeNow(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  return closed;
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(`${JSON.stringify(body)}\n`);
}

async function answer(request: IncomingMessage, response: ServerResponse, options: AdminOptions): Promise<void> {
  const { faults } = options;
  // A page in somebody's browser may send requests here as well: none that changes anything comes from there.
  if (request.headers.origin !== undefined)
    return send(response, 403, { error: "No requests of web pages are answered" });
  switch (`${request.method} ${request.url}`) {
    case "GET /health": {
      const health = options.health();
      return send(response, health.status === "ready" ? 200 : 503, health);
    }
    case "GET /units":
      return send(response, 200, options.units());
    case "GET /faults":
      return send(response, 200, countsOf(faults));
    case "PUT /faults":
      Object.assign(faults, readFaultRequest(parse(await text(request))));
      return send(response, 200, countsOf(faults));
    case "DELETE /faults":
      Object.assign(faults, readFaultRequest({}));
      return send(response, 200, countsOf(faults));
    default:
      if (request.method === "POST") {
        const api = options.api();
        return api ? api(request, response) : send(response, 503, options.health());
      }
      return send(response, 404, {
        error: "There are GET /health, GET /units, GET /faults, PUT /faults and DELETE /faults",
      });
  }
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    throw new FaultRequestError(`Expected faults as JSON: ${(error as Error).message}`, { cause: error });
  }
}

/** How often each was injected so far. */
function countsOf({ injected }: Faults): object {
  const byCode = (counts: ReadonlyMap<number, number>) =>
    Object.fromEntries([...counts].map(([code, count]) => [`0x${code.toString(16).padStart(4, "0")}`, count]));
  return { injected: { ...injected, errors: byCode(injected.errors), appliedErrors: byCode(injected.appliedErrors) } };
}
