import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { Webhook } from "standardwebhooks";

// A receiver of deliveries: it records each arrival with its time, responds after a millisecond, and verifies signatures afterwards.

const ANSWER_AFTER_MS = 1;
const LOOK_EVERY_MS = 2;

/** @typedef {{ path: string, headers: import("node:http").IncomingHttpHeaders, body: string, at: number }} Arrival */
/** @typedef {{ command: "reset" } | { command: "collect", count: number, quiet_ms: number, secrets: Record<string, string> }} Order */
/** The arrivals: each event's number and time, and how many signatures are valid. */
/** @typedef {{ arrived: number, numbers: number[], at: number[], event_ids: string[], webhook_ids: number, verified: number }} Collected */

/** @type {Arrival[]} */
let arrivals = [];
let lastAt = 0;

const now = () => Number(process.hrtime.bigint() / 1000n) / 1000;

const server = createServer((request, response) => {
  const path = request.url ?? "";
  /** @type {Buffer[]} */
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("error", () => {});
  request.on("end", () => {
    if (path.startsWith("/hang")) return; // until the caller gives up
    lastAt = now();
    arrivals.push({ path, headers: request.headers, body: Buffer.concat(chunks).toString("utf8"), at: lastAt });
    setTimeout(() => response.writeHead(200).end(), ANSWER_AFTER_MS);
  });
});
server.keepAliveTimeout = 60_000;

/**
 * @param {Arrival} arrival
 * @param {Record<string, string>} secrets by path
 */
function verifies({ path, headers, body }, secrets) {
  const secret = secrets[path];
  if (secret === undefined) return false;
  try {
    const names = ["webhook-id", "webhook-timestamp", "webhook-signature"];
    new Webhook(secret).verify(body, Object.fromEntries(names.map((name) => [name, String(headers[name])])));
    return true;
  } catch {
    return false;
  }
}

/** @param {Order} order @returns {Promise<Collected | null>} */
async function obey(order) {
  if (order.command === "reset") {
    arrivals = [];
    lastAt = now();
    return null;
  }
  lastAt = Math.max(lastAt, now());
  while (arrivals.length < order.count && now() - lastAt < order.quiet_ms) await sleep(LOOK_EVERY_MS);
  const taken = arrivals;
  arrivals = [];
  return {
    arrived: taken.length,
    numbers: taken.map(({ body }) => Number(/"n":"?(\d+)/.exec(body)?.[1] ?? "NaN")),
    at: taken.map(({ at }) => at),
    event_ids: taken.map(({ body }) => /"id":"(evt_\w+)"/.exec(body)?.[1] ?? ""),
    webhook_ids: new Set(taken.map(({ headers }) => headers["webhook-id"])).size,
    verified: taken.filter((arrival) => verifies(arrival, order.secrets)).length,
  };
}

process.on("message", (/** @type {{ call: number, argument: Order }} */ { call, argument }) => {
  obey(argument).then(
    (answer) => process.send?.({ call, answer }),
    (/** @type {unknown} */ error) => process.send?.({ call, fault: String(error) }),
  );
});
process.on("disconnect", () => process.exit(0));
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  process.send?.({ ready: true, port: typeof address === "object" ? address?.port : 0 });
});
