import { once } from "node:events";
import { createServer } from "node:http";

/** An HTTP server on this machine, at a port that is free. */
export class LocalServer {
  #server;

  /** @param {(request: import("node:http").IncomingMessage, response: import("node:http").ServerResponse) => Promise<void>} answer */
  constructor(answer) {
    this.#server = createServer((request, response) => {
      answer(request, response).catch((/** @type {unknown} */ error) => {
        // Who goes away before everything is said, as a gateway that is killed does, needs no answer.
        if (request.complete) throw error;
      });
    });
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
