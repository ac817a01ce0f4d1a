import { once } from "node:events";
import { createServer } from "node:http";

/** Longer than any test, in ms. Node's five seconds end while a busy client is about to use the connection again. */
const KEEP_ALIVE_MS = 3_600_000;

/** An HTTP server on this machine, on a free port. */
export class LocalServer {
  #server;

  /** @param {(request: import("node:http").IncomingMessage, response: import("node:http").ServerResponse) => Promise<void>} answer */
  constructor(answer) {
    this.#server = createServer((request, response) => {
      answer(request, response).catch((/** @type {unknown} */ error) => {
        // A client that disconnects early, such as a killed gateway, needs no response.
        if (request.complete) throw error;
      });
    });
    this.#server.keepAliveTimeout = KEEP_ALIVE_MS;
  }

  async start() {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
  }

  stop() {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  get origin() {
    const address = this.#server.address();
    return `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
  }
}
