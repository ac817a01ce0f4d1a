import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { StartError } from "./start-error.mjs";

const LOOPBACK = ["127.0.0.1", "::1"];
const TRIES = 20;
const PAUSE_MS = 100;

/**
 * The loopback addresses of this machine on which the port is free. A port that is taken gets two seconds to become
 * free, for a gateway that was killed a moment ago; then it is a StartError.
 * @param {number} port
 */
export async function freeAddresses(port) {
  const free = [];
  for (const address of LOOPBACK) {
    if (await isFree(address, port)) free.push(address);
  }
  return free;
}

/**
 * Whether the port is free; false where the machine has no such address.
 * @param {string} address
 * @param {number} port
 */
async function isFree(address, port) {
  for (let tried = 1; ; tried++) {
    const code = await tryListening(address, port);
    if (code === null) return true;
    if (code === "EADDRNOTAVAIL" || code === "EAFNOSUPPORT" || code === "EINVAL") return false;
    if (code !== "EADDRINUSE") throw new StartError(`Cannot listen on port ${port} of ${address}: ${code}.`);
    if (tried === TRIES) {
      throw new StartError(`Port ${port} is in use. Stop what uses it, or choose another: npm start -- --port N`);
    }
    await sleep(PAUSE_MS);
  }
}

/**
 * @param {string} address
 * @param {number} port
 * @returns {Promise<string | null>} the code of the error, or null where listening worked
 */
function tryListening(address, port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error) => resolve("code" in error ? String(error.code) : error.message));
    server.listen({ port, host: address, exclusive: true }, () => server.close(() => resolve(null)));
  });
}
