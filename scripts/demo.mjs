import { setTimeout as sleep } from "node:timers/promises";
import { SENDERS } from "./demo/senders.mjs";
import { Gateway } from "./drive/gateway.mjs";
import { Receiver } from "./drive/receiver.mjs";

// Starts a gateway of its own, sends it sample webhooks of every type of integration and shows what a local receiver got. Exits with 0 only where
// everything that was sent arrived, with a signature that verifies.

const ARRIVE_WITHIN_MS = 8000;
const LOOK_EVERY_MS = 50;

const SAMPLES = [
  {
    what: "create",
    type: "alert.created",
    body: { event_type: "create", Id: "checkout-latency", Title: "Checkout is slow", Description: "p95 is above 2 s" },
  },
  {
    what: "create, an incident",
    type: "alert.created",
    body: {
      event_type: "create",
      Id: "orders-db",
      Title: "The orders database does not answer",
      Tags: ["database", "orders"],
      Urgency: "critical",
      Meta: { incident: true, incident_severity: "sev-1", incident_message: "Join bridge 12", region: "eu" },
    },
  },
  {
    what: "create, again",
    type: "alert.repeated",
    body: { event_type: "create", Id: "checkout-latency", Title: "Checkout is slow", Description: "p95 is above 3 s" },
  },
  { what: "acknowledge", type: "alert.acknowledged", body: { event_type: "acknowledge", Id: "checkout-latency" } },
  { what: "resolve", type: "alert.resolved", body: { event_type: "resolve", Id: "checkout-latency" } },
];

/** @param {Gateway} gateway @param {Receiver} receiver */
async function show(gateway, receiver) {
  console.log("Starting a gateway and a receiver …");
  await Promise.all([gateway.start(), receiver.start()]);
  const { integration, destination } = await gateway.connect(receiver.url);
  receiver.secret = destination.signing_secret;
  /** @type {(Omit<import("./demo/senders.mjs").Sender, "integration"> & { from: string, to: any })[]} */
  const posts = SAMPLES.map((sample) => ({ ...sample, kind: "alert", from: "PagerTree", to: integration }));
  for (const { integration: fields, ...sample } of SENDERS) {
    posts.push({ ...sample, from: fields.name, to: await gateway.add(destination, fields) });
  }
  const senders = new Map(posts.map(({ from, to }) => [from, to]));
  table("Integrations", [
    ["sender", "type", "posts to"],
    ...[...senders].map(([from, to]) => [from, to.options.rule_set ?? to.type, to.url]),
  ]);
  console.log(`What they send is delivered to ${destination.url}\n`);

  const sent = [];
  for (const { to, body: webhook, ...post } of posts) {
    const { status, body } = await gateway.send(to, webhook);
    sent.push({ ...post, status, id: body.id });
  }
  const isThere = (/** @type {string} */ id) => receiver.arrivals.some(({ data }) => data.event.id === id);
  for (const until = Date.now() + ARRIVE_WITHIN_MS; Date.now() < until; await sleep(LOOK_EVERY_MS)) {
    if (sent.every(({ id }) => isThere(id))) break;
  }

  const rows = sent.map((post) => {
    const arrival = receiver.arrivals.find(({ data }) => data.event.id === post.id);
    const isRight = arrival?.type === post.type && arrival.data.event.kind === post.kind;
    return { ...post, arrival, ok: post.status === 200 && isRight && arrival.verified };
  });
  table("What was sent, and what the receiver got of it", [
    ["sender", "sent", "answered", "arrived as", "kind", "about", "status", "signature"],
    ...rows.map(({ from, what, status, arrival }) => [
      from,
      what,
      String(status),
      arrival?.type ?? "did not arrive",
      arrival?.data.event.kind ?? "",
      arrival === undefined ? "" : (arrival.data.alert?.key ?? JSON.stringify(arrival.data.event.payload)),
      arrival?.data.alert?.status ?? "",
      arrival === undefined ? "" : arrival.verified ? "verified" : "DOES NOT VERIFY",
    ]),
  ]);
  await showLog(gateway);
  return rows.every(({ ok }) => ok);
}

/** @param {Gateway} gateway */
async function showLog(gateway) {
  const isSettled = (/** @type {{ status: string }} */ delivery) => delivery.status === "delivered";
  /** @type {any[]} */
  let log = [];
  for (const until = Date.now() + ARRIVE_WITHIN_MS; Date.now() < until; await sleep(LOOK_EVERY_MS)) {
    log = (await gateway.api("GET", "/deliveries?limit=100")).body.data;
    if (log.length === SAMPLES.length + SENDERS.length && log.every(isSettled)) break;
  }
  table("The gateway's delivery log, newest first", [
    ["delivery", "status", "attempts", "answered", "took"],
    ...log.map(({ id, status, attempts }) => [
      id,
      status,
      String(attempts.length),
      String(attempts.at(-1)?.status ?? attempts.at(-1)?.error ?? ""),
      `${attempts.at(-1)?.duration_ms ?? "?"} ms`,
    ]),
  ]);
}

/** @param {string} title @param {string[][]} rows the first of them the head */
function table(title, rows) {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (/** @type {string[]} */ row) =>
    `  ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join("   ")}`.trimEnd();
  const [head = [], ...body] = rows;
  console.log(
    [title, "", line(head), line(widths.map((width) => "-".repeat(width))), ...body.map(line), ""].join("\n"),
  );
}

const gateway = new Gateway({ throughNpm: false });
const receiver = new Receiver();
const cleanUp = async () => {
  receiver.stop();
  await gateway.dispose();
};
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => void cleanUp().finally(() => process.exit(130)));

let arrived = false;
try {
  arrived = await show(gateway, receiver);
} finally {
  await cleanUp();
}
console.log(arrived ? "Everything arrived and verified." : "Not everything arrived and verified.");
process.exitCode = arrived ? 0 : 1;
