import { once } from "node:events";
import { createServer } from "node:http";
import { Webhook } from "standardwebhooks";

/**
 * One request that arrived. `verified` is whether its signature is that of the given secret.
 * @typedef {{ id: string, type: string, data: any, verified: boolean }} Arrival
 */

/** A server on this machine that takes deliveries and checks their signatures with the `standardwebhooks` package. */
export class Receiver {
  /** @type {Arrival[]} */
  arrivals = [];
  /** The destination's signing secret; what arrives before it is set does not verify. */
  secret = "";
  /** The status that it answers with. */
  answers = 200;

  #server = createServer((request, response) => {
    /** @type {Buffer[]} */
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      this.#take(request.headers, Buffer.concat(chunks).toString("utf8"));
      response.writeHead(this.answers).end();
    });
  });

  async start() {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
  }

  stop() {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  get url() {
    const address = this.#server.address();
    return `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}/hooks`;
  }

  /**
   * @param {import("node:http").IncomingHttpHeaders} headers
   * @param {string} body
   */
  #take(headers, body) {
    const { type, data } = JSON.parse(body);
    this.arrivals.push({ id: String(headers["webhook-id"]), type, data, verified: this.#verifies(headers, body) });
  }

  /**
   * @param {import("node:http").IncomingHttpHeaders} headers
   * @param {string} body
   */
  #verifies(headers, body) {
    const names = ["webhook-id", "webhook-timestamp", "webhook-signature"];
    try {
      const webhook = new Webhook(this.secret);
      webhook.verify(body, Object.fromEntries(names.map((name) => [name, String(headers[name])])));
      return true;
    } catch {
      return false;
    }
  }
}
