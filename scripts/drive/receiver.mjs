import { buffer } from "node:stream/consumers";
import { Webhook } from "standardwebhooks";
import { LocalServer } from "./local-server.mjs";

/**
 * One request as it arrived. `type` and `data` come from its body if that is the gateway's envelope. `verified` is the result
 * of the receiver's check, `answered` the status of the response.
 * @typedef {{
 *   id: string,
 *   type: string,
 *   data: any,
 *   verified: boolean,
 *   answered: number,
 *   method: string,
 *   url: string,
 *   headers: import("node:http").IncomingHttpHeaders,
 *   body: string,
 * }} Arrival
 */

/** What a request says before it is judged. @typedef {Omit<Arrival, "verified" | "answered">} Request */

/** @param {string} body */
function envelopeOf(body) {
  try {
    const { type = "", data = null } = JSON.parse(body);
    return { type, data };
  } catch {
    return { type: "", data: null };
  }
}

/** A server on this machine that receives deliveries and verifies their signatures, by default with the `standardwebhooks` package. */
export class Receiver extends LocalServer {
  /** @type {Arrival[]} */
  arrivals = [];
  /** The destination's signing secret. Requests that arrive before it is set do not verify. */
  secret = "";
  /** The status of its responses. */
  answers = 200;
  /** The `authorization` that it insists on, else it answers 401. @type {((authorization: string) => boolean) | null} */
  admits = null;
  /** Whether a request is genuine; one that throws is not. @type {(request: Request) => unknown} */
  verify = ({ headers, body }) => {
    const names = ["webhook-id", "webhook-timestamp", "webhook-signature"];
    new Webhook(this.secret).verify(body, Object.fromEntries(names.map((name) => [name, String(headers[name])])));
    return true;
  };

  constructor() {
    super(async (request, response) => {
      const status = await this.#take(request, (await buffer(request)).toString());
      response.writeHead(status).end();
    });
  }

  get url() {
    return `${this.origin}/hooks`;
  }

  /** Returns the arrivals that it accepted. */
  get admitted() {
    return this.arrivals.filter(({ answered }) => answered < 300);
  }

  /**
   * @param {import("node:http").IncomingMessage} incoming
   * @param {string} body
   */
  async #take({ headers, method = "", url = "" }, body) {
    const request = {
      id: String(headers["webhook-id"]),
      ...envelopeOf(body),
      method,
      url: this.origin + url,
      headers,
      body,
    };
    const answered = this.admits?.(headers.authorization ?? "") === false ? 401 : this.answers;
    this.arrivals.push({ ...request, verified: await this.#isGenuine(request), answered });
    return answered;
  }

  /** @param {Request} request */
  async #isGenuine(request) {
    try {
      return (await this.verify(request)) === true;
    } catch {
      return false;
    }
  }
}
