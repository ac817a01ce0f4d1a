import { spawn } from "node:child_process";
import { randomBytes, randomInt } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
/** What a start may take on a machine with much other work. */
const START_WITHIN_MS = 240_000;
const LOOK_EVERY_MS = 50;
const EVENT_TYPES = [
  "alert.created",
  "alert.repeated", // delivered only if a route names it
  "alert.updated",
  "alert.acknowledged",
  "alert.resolved",
  "event.received",
];

/**
 * A response of the admin API, with its parsed body if there is one.
 * @typedef {{ status: number, body: any }} Answer
 */

// Below the ports that systems give to connections, which could take the port before the gateway does.
const FIRST_PORT = 11_000;
const LAST_PORT = 30_000;

/** Whether nothing uses a port of 127.0.0.1. @param {number} port @returns {Promise<boolean>} */
function isFree(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}

/** A port of 127.0.0.1 that nothing uses. @returns {Promise<number>} */
export async function freePort() {
  for (;;) {
    const port = randomInt(FIRST_PORT, LAST_PORT);
    if (await isFree(port)) return port;
  }
}

/**
 * Returns the headers with a sender's credentials.
 * @param {any} auth of an integration that was just made, with its credential
 * @returns {Record<string, string>}
 */
function credentialsFor(auth) {
  switch (auth.type) {
    case "none":
      return {};
    case "token":
      return { [auth.header]: auth.token };
    case "basic":
      return { authorization: `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString("base64")}` };
    case "bearer":
      return { authorization: `Bearer ${auth.token}` };
    default:
      throw new Error(`There is no driver for senders with ${auth.type}`);
  }
}

/** Creates a folder for a gateway's state. */
export function temporaryFolder() {
  return mkdtempSync(join(tmpdir(), "hookgate-"));
}

/**
 * Starts a gateway with `npm start`, as a user does, or (without `throughNpm`) by its script, which ends with this process.
 * @param {string[]} args
 * @param {{ throughNpm?: boolean, env?: Record<string, string> }} [options]
 */
export function launch(args, { throughNpm = true, env = {} } = {}) {
  const [command, before] = throughNpm
    ? ["npm", ["start", "--"]]
    : [process.execPath, [join(ROOT, "scripts/start.mjs")]];
  const child = spawn(command, [...before, ...args], {
    cwd: ROOT,
    detached: throughNpm, // its own process group, so that it ends as a whole
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...env },
  });
  const output = { text: "" };
  child.stdout.on("data", (chunk) => (output.text += chunk));
  child.stderr.on("data", (chunk) => (output.text += chunk));
  /** @type {Promise<number | NodeJS.Signals>} */
  const ended = new Promise((resolve) => child.once("close", (code, signal) => resolve(code ?? signal ?? -1)));
  return { child, output, ended };
}

/** A gateway in a separate process, and its admin API. */
export class Gateway {
  adminToken = `adm_${randomBytes(16).toString("hex")}`;
  masterKey = randomBytes(32).toString("base64");
  folder = temporaryFolder();
  port = 0;
  /** @type {ReturnType<typeof launch> | null} */
  running = null;

  /** @param {{ throughNpm?: boolean, env?: Record<string, string> }} [options] */
  constructor({ throughNpm = true, env = {} } = {}) {
    this.throughNpm = throughNpm;
    this.env = env;
  }

  get url() {
    return `http://localhost:${this.port}`;
  }

  /**
   * Starts or restarts the gateway with the same state and port. Resolves once it responds.
   * @param {string[]} more options
   */
  async start(more = []) {
    this.port ||= await freePort();
    const env = {
      ADMIN_TOKEN: this.adminToken,
      MASTER_KEY: this.masterKey,
      ALLOW_PRIVATE_DESTINATIONS: "true",
      RETRY_SCHEDULE: "1,1,2",
      ...this.env,
    };
    const args = ["--port", String(this.port), "--persist-to", this.folder, ...more];
    const running = launch(args, { throughNpm: this.throughNpm, env });
    this.running = running;
    for (const until = Date.now() + START_WITHIN_MS; Date.now() < until; await sleep(LOOK_EVERY_MS)) {
      if (running.child.exitCode !== null) throw new Error(`The gateway did not start:\n${running.output.text}`);
      const health = await fetch(`${this.url}/health`).catch(() => null);
      if (health?.ok === true) return;
    }
    throw new Error(`The gateway did not answer in time:\n${running.output.text}`);
  }

  /**
   * Ends the gateway's processes and waits until they are gone.
   * @param {NodeJS.Signals} signal
   */
  async end(signal) {
    const { running } = this;
    if (running === null) return;
    this.running = null;
    const { pid } = running.child;
    if (pid !== undefined && running.child.exitCode === null) process.kill(this.throughNpm ? -pid : pid, signal);
    await running.ended;
  }

  /** Ends the gateway and removes its state. */
  async dispose() {
    await this.end(this.throughNpm ? "SIGKILL" : "SIGTERM");
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }

  /**
   * @param {"GET" | "POST" | "PUT" | "PATCH" | "DELETE"} method
   * @param {string} path below /api/v1
   * @param {unknown} [body]
   * @param {string} [token] the administrator's where it is left out
   * @returns {Promise<Answer>}
   */
  async api(method, path, body, token = this.adminToken) {
    const response = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === "" ? null : JSON.parse(text) };
  }

  /**
   * Creates an object. Throws if that fails.
   * @param {"integrations" | "destinations" | "routes" | "tokens" | "transformations"} resource
   * @param {unknown} fields
   */
  async create(resource, fields) {
    const { status, body } = await this.api("POST", `/${resource}`, fields);
    if (status !== 201) throw new Error(`POST /${resource} answered ${status}: ${JSON.stringify(body)}`);
    return body;
  }

  /**
   * Creates an integration with a token, a destination, and a route between them.
   * @param {string} destinationUrl
   */
  async connect(destinationUrl) {
    const token = `tok_${randomBytes(16).toString("hex")}`;
    const destination = await this.create("destinations", { name: "Receiver", type: "webhook", url: destinationUrl });
    const integration = await this.add(destination, {
      name: "Monitoring",
      type: "pagertree",
      auth: { type: "token", token },
    });
    return { integration, destination, token };
  }

  /**
   * Creates an integration and a route from it to a destination.
   * @param {{ id: string }} destination
   * @param {{ name: string, type: string, options?: object, auth?: object, shard?: number, transformation_id?: string }} fields
   */
  async add(destination, fields) {
    const integration = await this.create("integrations", fields);
    await this.create("routes", {
      name: `${fields.name} to the receiver`,
      integration_ids: [integration.id],
      destination_ids: [destination.id],
      event_types: EVENT_TYPES,
    });
    return integration;
  }

  /**
   * Posts a webhook with the credential of a new integration.
   * @param {{ url: string, auth: object }} integration
   * @param {object | string} body a form, a text that is JSON already, or what is to be sent as JSON
   * @returns {Promise<Answer>}
   */
  async send({ url, auth }, body) {
    const isForm = body instanceof URLSearchParams;
    const response = await fetch(url, {
      method: "POST",
      headers: { ...credentialsFor(auth), ...(isForm ? {} : { "content-type": "application/json" }) },
      body: isForm || typeof body === "string" ? body : JSON.stringify(body),
    });
    return { status: response.status, body: await response.json() };
  }

  /**
   * Posts a webhook as a sender does.
   * @param {{ id: string }} integration
   * @param {string} token
   * @param {Record<string, unknown>} body
   * @returns {Promise<Answer>}
   */
  async post(integration, token, body) {
    const response = await fetch(`${this.url}/integration/${integration.id}`, {
      method: "POST",
      headers: { "content-type": "application/json", "pagertree-token": token },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: await response.json() };
  }
}
