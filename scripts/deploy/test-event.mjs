import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { DeployError } from "./deploy-error.mjs";

const TIMEOUT_MS = 30_000;
const POLL_MS = 500;
const MAX_WAIT_MS = 60_000;
const MAX_SHOWN = 300;
const DOCUMENT = "doctor.json";
/** An event type that no alert has: the gateway records such an event and delivers it to nobody, whatever routes there are. */
const EVENT = { event_type: "hookgate.doctor", Id: "hookgate.doctor" };

/**
 * Sends an event through a gateway and lets it write a document, with an integration and a destination that are deleted
 * afterwards. Returns a line about it. Throws a DeployError that names the part that failed.
 * @param {string} url
 * @param {string} token
 * @param {(path: string) => Promise<unknown>} deleteDocument is called with the path of the document in its bucket
 */
export async function sendTestEvent(url, token, deleteDocument) {
  const call = callerOf(url, token);
  const name = `doctor ${randomBytes(4).toString("hex")}`;
  const auth = { type: "bearer", token: randomBytes(16).toString("hex") };
  const integration = await call("POST", "/integrations", { name, type: "pagertree", auth });
  /** @type {any} */
  let destination = null;
  try {
    const began = Date.now();
    const accepted = await request(`${url}/integration/${integration.id}`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${auth.token}` },
      body: JSON.stringify(EVENT),
    });
    await waitForEvent(call, accepted.id);
    const ms = Date.now() - began;
    destination = await call("POST", "/destinations", { name, type: "document", options: { key: DOCUMENT } });
    const test = await call("POST", `/destinations/${destination.id}/test`, {});
    if (test.ok !== true) {
      throw new DeployError(
        `An event was recorded, but a document could not be written: ${test.error ?? test.status}.`,
      );
    }
    await deleteDocument(`documents/${destination.id}/test/${DOCUMENT}`);
    return `accepted, queued and recorded in ${ms} ms; a document was written in ${test.duration_ms} ms`;
  } finally {
    if (destination !== null) await call("DELETE", `/destinations/${destination.id}?force=true`);
    await call("DELETE", `/integrations/${integration.id}`);
  }
}

/** @param {Caller} call @param {string} id */
async function waitForEvent(call, id) {
  for (let waited = 0; waited < MAX_WAIT_MS; waited += POLL_MS) {
    const found = await call("GET", `/events/${id}`, undefined, true);
    if (found !== null) return;
    await sleep(POLL_MS);
  }
  throw new DeployError(
    "An event was accepted but not recorded within a minute: the queue or its consumer does not work.",
    "npx wrangler tail shows the log of the Worker.",
  );
}

/** @typedef {(method: string, path: string, body?: unknown, mayBeAbsent?: boolean) => Promise<any>} Caller */

/** @param {string} url @param {string} token @returns {Caller} */
function callerOf(url, token) {
  return (method, path, body, mayBeAbsent = false) =>
    request(
      `${url}/api/v1${path}`,
      {
        method,
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      },
      mayBeAbsent,
    );
}

/**
 * Sends a request and returns the parsed body; null if there is none, or if nothing was found and that may be.
 * @param {string} address
 * @param {RequestInit} init
 * @param {boolean} [mayBeAbsent]
 * @returns {Promise<any>}
 */
async function request(address, init, mayBeAbsent = false) {
  const { pathname } = new URL(address);
  try {
    const response = await fetch(address, { ...init, redirect: "manual", signal: AbortSignal.timeout(TIMEOUT_MS) });
    const text = await response.text();
    if (response.ok) return text === "" ? null : JSON.parse(text);
    if (response.status === 404 && mayBeAbsent) return null;
    throw new DeployError(`${init.method} ${pathname} returned ${response.status}: ${faultIn(text)}`);
  } catch (error) {
    if (error instanceof DeployError) throw error;
    throw new DeployError(
      `${init.method} ${pathname} failed: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/** What a response says about its fault. @param {string} text */
function faultIn(text) {
  try {
    const { title, errors } = JSON.parse(text);
    /** @type {{ path: string, message: string }[]} */
    const faults = Array.isArray(errors) ? errors : [];
    return [title, ...faults.map(({ path, message }) => `${path} ${message}`)].join(" ");
  } catch {
    return text.slice(0, MAX_SHOWN);
  }
}
