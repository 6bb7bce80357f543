import { request } from "node:http";
import type { CassandraPartitioner } from "@keyspaces-segmentation/keyspaces-local/dist/cassandra/partitioner.js";
import { LENDER_VARIABLE } from "./lender_variable.js";

/** The port of an empty Cassandra on loopback, this suite's alone until it ends. */
export function borrowCassandra(partitioner: CassandraPartitioner): Promise<number> {
  return borrow(`cassandra/${partitioner}`);
}

/** The port of a moto on loopback with nothing in it, this suite's alone until it ends. */
export function borrowMoto(which: "one" | "other" = "one"): Promise<number> {
  return borrow(`moto/${which}`);
}

function borrow(what: string): Promise<number> {
  const socketPath = process.env[LENDER_VARIABLE];
  if (socketPath === undefined) throw new Error(`Nothing lends a ${what}: ${LENDER_VARIABLE} is not set`);
  return new Promise((resolve, reject) => {
    const path = `/${what}/${process.env.JEST_WORKER_ID}`;
    const sent = request({ socketPath, path, agent: false }, async (response) => {
      let answer = "";
      for await (const chunk of response.setEncoding("utf8")) answer += chunk;
      if (response.statusCode === 200) resolve(Number(answer));
      else reject(new Error(`No ${what} was lent: ${answer}`));
    });
    sent.once("error", reject).end();
  });
}
