import { Connection, type RequestsOfConnection } from "./internals.js";

/**
 * The requests that a connection has under way, by their streams: small numbers that come again.
 *
 * The driver keeps them in a Map. One that is filled and emptied all the time makes itself table after table, and each points to the next and
 * holds what was in it: once one is in the old generation of memory, all that follow go there too, with their requests and the rows of these.
 */
export class RequestsUnderWay<T extends object> implements RequestsOfConnection<T> {
  readonly #requests: (T | undefined)[] = [];

  get(stream: number): T | undefined {
    return this.#requests[stream];
  }

  set(stream: number, request: T): void {
    // Without holes, which would make a dictionary of it. The driver gives the highest streams of each hundred first.
    while (this.#requests.length < stream) this.#requests.push(undefined);
    this.#requests[stream] = request;
  }

  delete(stream: number): boolean {
    if (this.#requests[stream] === undefined) return false;
    this.#requests[stream] = undefined;
    return true;
  }

  values(): Iterable<T> {
    return this.#requests.filter((request) => request !== undefined);
  }
}

const { open } = Connection.prototype;

/** Of every connection that this copy of the driver opens; there is no request before. */
Connection.prototype.open = function (callback) {
  this._operations = new RequestsUnderWay();
  open.call(this, callback);
};
