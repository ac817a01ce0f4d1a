import { DeployError } from "./deploy-error.mjs";
import { adviceFor } from "./permissions.mjs";

const DEFAULT_BASE = "https://api.cloudflare.com/client/v4";
const TIMEOUT_MS = 60_000;
const MAX_ACCOUNTS = 50;
/** Connections that are kept can end between two requests. Only requests that change nothing are repeated. */
const MAX_READS = 3;
/** There is nothing at an address, or the API does not have it. */
const ABSENT = new Set([404, 405, 501]);

/** An error that the API responded with. */
export class ApiError extends DeployError {
  /**
   * @param {string} message
   * @param {string} advice
   * @param {{ status: number, codes: readonly number[] }} response
   */
  constructor(message, advice, { status, codes }) {
    super(message, advice);
    this.status = status;
    this.codes = codes;
  }

  /** Whether there is nothing at the address, or the API does not have it. */
  get isAbsent() {
    return ABSENT.has(this.status);
  }
}

/** Cloudflare's API, for one account. */
export class Api {
  #base;
  #headers;

  /**
   * @param {{ accountId: string, headers: Record<string, string>, base?: string | undefined }} options
   */
  constructor({ accountId, headers, base }) {
    this.accountId = accountId;
    this.#base = (base ?? DEFAULT_BASE).replace(/\/$/, "");
    this.#headers = headers;
  }

  /**
   * Calls an address of the account and returns `result`.
   * @param {string} method
   * @param {string} path below the account
   * @param {unknown} [body]
   * @returns {Promise<any>}
   */
  async call(method, path, body) {
    return (await this.#request(method, `/accounts/${this.accountId}${path}`, body)).result;
  }

  /**
   * Reads an address of the account; null if there is nothing at it.
   * @param {string} path
   * @returns {Promise<any>}
   */
  async find(path) {
    try {
      return (await this.call("GET", path)) ?? null;
    } catch (error) {
      if (error instanceof ApiError && error.isAbsent) return null;
      throw error;
    }
  }

  /**
   * Reads a page of a list. Empty if the API does not have the list.
   * @param {string} path
   * @returns {Promise<{ result: any, info: any }>}
   */
  async page(path) {
    try {
      const { result, result_info: info } = await this.#request("GET", `/accounts/${this.accountId}${path}`);
      return { result, info };
    } catch (error) {
      if (error instanceof ApiError && error.isAbsent) return { result: [], info: null };
      throw error;
    }
  }

  /**
   * Deletes what is at an address of the account. Returns false if there was nothing.
   * @param {string} path
   */
  async remove(path) {
    try {
      await this.call("DELETE", path);
      return true;
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return false;
      throw error;
    }
  }

  /**
   * Reads the bytes at an address of the account; null if there is nothing.
   * @param {string} path
   */
  async bytes(path) {
    const whole = `/accounts/${this.accountId}${path}`;
    const response = await this.#send("GET", whole, undefined, {});
    const body = Buffer.from(await response.arrayBuffer());
    if (response.ok) return { body, contentType: response.headers.get("content-type") };
    if (response.status === 404) return null;
    throw this.#error("GET", whole, response.status, parse(body.toString()));
  }

  /**
   * Writes bytes to an address of the account.
   * @param {string} path
   * @param {Buffer} body
   * @param {string} contentType
   */
  async upload(path, body, contentType) {
    const whole = `/accounts/${this.accountId}${path}`;
    const response = await this.#send("PUT", whole, new Uint8Array(body), { "content-type": contentType });
    const answer = parse(await response.text());
    if (!response.ok) throw this.#error("PUT", whole, response.status, answer);
  }

  /** The accounts that the token may use. @returns {Promise<{ id: string, name: string }[]>} */
  async accounts() {
    const { result } = await this.#request("GET", `/accounts?per_page=${MAX_ACCOUNTS}`);
    return Array.isArray(result) ? result : [];
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {unknown} [body]
   */
  async #request(method, path, body) {
    const json = body === undefined ? undefined : JSON.stringify(body);
    const response = await this.#send(method, path, json, { "content-type": "application/json" });
    const text = await response.text();
    const answer = parse(text);
    if (response.ok && answer?.success !== false) return answer ?? {};
    throw this.#error(method, path, response.status, answer);
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {string | Uint8Array<ArrayBuffer> | undefined} body
   * @param {Record<string, string>} headers
   * @param {number} [count] the number of this attempt
   * @returns {Promise<Response>}
   */
  async #send(method, path, body, headers, count = 1) {
    try {
      return await fetch(`${this.#base}${path}`, {
        method,
        headers: { ...this.#headers, ...(body === undefined ? {} : headers) },
        signal: AbortSignal.timeout(TIMEOUT_MS),
        ...(body === undefined ? {} : { body }),
      });
    } catch (error) {
      if (method === "GET" && count < MAX_READS) return await this.#send(method, path, body, headers, count + 1);
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new DeployError(
        `Cloudflare's API did not respond to ${method} ${path}: ${reason}`,
        "Check the network connection, and https://www.cloudflarestatus.com/ for an outage.",
      );
    }
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {number} status
   * @param {any} answer
   */
  #error(method, path, status, answer) {
    /** @type {{ code?: number, message?: string }[]} */
    const errors = Array.isArray(answer?.errors) ? answer.errors : [];
    const codes = errors.map(({ code }) => Number(code));
    const reason =
      errors.map(({ code, message }) => `${message ?? ""} (code ${code})`).join("; ") || `status ${status}`;
    const message = `Cloudflare refused ${method} ${path.split("?")[0]}: ${reason}`;
    const isForbidden = status === 401 || status === 403;
    return new ApiError(message, adviceFor({ path, codes, isForbidden }), { status, codes });
  }
}

/** @param {string} text @returns {any} */
function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
