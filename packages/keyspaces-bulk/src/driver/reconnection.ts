import { type Client, type ClientOptions, type Host, metrics, policies } from "cassandra-driver";
import { ConnectionLost } from "../failure.js";

/** Pauses before the attempts to open a lost connection again, from the first to the longest; they double. Milliseconds. */
const firstPauseMs = 100;
const longestPauseMs = 2000;

/** A log-in may be refused because the credentials ran out that moment; the next attempt takes new ones. */
const refusalsInARow = 3;

type NewQueryPlan = policies.loadBalancing.LoadBalancingPolicy["newQueryPlan"];

/**
 * How a client comes back after its connections are lost, and what its requests hear meanwhile.
 *
 * The driver's own pauses begin anew only after all of a host's connections were lost, so that single losses add up to a pause of
 * ten minutes; here each log-in that works begins them anew. And where the driver says only "host considered as DOWN", a
 * request is told why the last attempt to connect failed.
 *
 * @param to what it is connected to and as whom, for the error text
 * @returns options for the driver, `loggedIn` to be called after each log-in, and whether the last one was refused
 */
export function reconnection(
  region: string,
  to: string,
): { options: Pick<ClientOptions, "metrics" | "policies">; loggedIn: () => void; wasRefused: () => boolean } {
  let logIns = 0;
  let refusals = 0;
  let reason: Error | undefined;

  class Metrics extends metrics.DefaultMetrics {
    override onAuthenticationError(error: Error): void {
      super.onAuthenticationError(error);
      refusals++;
    }
    /** Told of every failure to connect, a refused log-in too, and of connections that break. */
    override onConnectionError(error: Error): void {
      super.onConnectionError(error);
      if (refusals === 0 || refusals >= refusalsInARow) reason = error;
    }
  }

  class Reconnection extends policies.reconnection.ExponentialReconnectionPolicy {
    override *newSchedule(): Generator<number, never> {
      for (;;) {
        const seen = logIns;
        const pauses = super.newSchedule();
        while (seen === logIns) yield pauses.next().value;
      }
    }
  }

  class LoadBalancing extends policies.loadBalancing.DCAwareRoundRobinPolicy {
    #client: Client | undefined;
    override init(...[client, ...more]: Parameters<policies.loadBalancing.LoadBalancingPolicy["init"]>): void {
      this.#client = client;
      super.init(client, ...more);
    }
    override newQueryPlan(...[keyspace, options, callback]: Parameters<NewQueryPlan>): void {
      if (reason === undefined || this.#client?.hosts.values().some(isUp)) {
        super.newQueryPlan(keyspace, options, callback);
      } else (callback as (error: Error) => void)(new ConnectionLost(to, reason));
    }
  }

  return {
    options: {
      metrics: new Metrics(),
      policies: {
        // The announced hosts are load balancers: there is no ring to be aware of.
        loadBalancing: new LoadBalancing(region),
        reconnection: new Reconnection(firstPauseMs, longestPauseMs),
        retry: new policies.retry.FallthroughRetryPolicy(),
      },
    },
    loggedIn: () => {
      logIns++;
      refusals = 0;
      reason = undefined;
    },
    wasRefused: () => refusals > 0,
  };
}

const isUp = (host: Host): boolean => host.isUp();
