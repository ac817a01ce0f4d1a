import { SENDERS } from "../demo/senders.mjs";
import { until } from "../demo/until.mjs";

const WORK = [
  ["checkout-latency", "Checkout is slow", "p95 is above 2 s for 5 minutes", "high", ["checkout", "eu-west"]],
  ["orders-db-disk", "Disk is full on orders-db-2", "Less than 1% is left", "critical", ["database"]],
  ["tls-shop", "Certificate of shop.example expires in 6 days", "Renew it", "medium", ["tls"]],
  ["backup-nightly", "The nightly backup did not run", "Last success: yesterday at 02:10", "high", ["backup"]],
  ["queue-lag", "The queue of invoices is 12 minutes behind", "Normal is below 1 minute", "medium", ["invoices"]],
  ["cdn-5xx", "The CDN returns 2% of 5xx", "Mostly 502 from origin 3", "high", ["cdn"]],
];
const ROUTED = ["On-call rota", "Chat of operations", "Order service"];

/** @typedef {{ event: string, integration: string }} Shown */

/**
 * Fills a gateway with work as it is on an ordinary day: several senders and destinations, one of which fails.
 * @param {import("../drive/stage.mjs").Stage} stage
 * @returns {Promise<Shown>}
 */
export async function work(stage) {
  const { gateway } = stage;
  const healthy = [];
  for (const name of ROUTED) healthy.push((await stage.receiver(name)).destination);
  const failing = await stage.receiver("Data warehouse");
  failing.receiver.answers = 503;
  const [rota, chat] = healthy;

  for (const { integration: fields, body } of SENDERS) {
    const integration = await stage.route(fields, [fields.type === "catch" ? healthy[2] : chat]);
    await gateway.send(integration, body);
  }
  const integration = await stage.route({ name: "Monitoring", type: "pagertree", auth: { type: "token" } }, [chat]);
  await gateway.create("routes", {
    name: "Urgent: wake somebody up",
    integration_ids: [integration.id],
    destination_ids: [rota.id],
    match: { "data.alert.urgency": { $in: ["high", "critical"] } },
  });
  await gateway.create("routes", {
    name: "Archive",
    integration_ids: [integration.id],
    destination_ids: [failing.destination.id],
  });
  const ids = [];
  for (const [Id, Title, Description, Urgency, Tags] of WORK) {
    const { body } = await gateway.send(integration, { event_type: "create", Id, Title, Description, Urgency, Tags });
    ids.push(body.id);
  }
  await gateway.send(integration, { event_type: "acknowledge", Id: "cdn-5xx" });
  await gateway.send(integration, { event_type: "resolve", Id: "tls-shop" });
  // A sender with an old token: the inspector shows why it is refused.
  await gateway.post(integration, "an old token", { event_type: "create", Id: "old", Title: "Refused" });

  const event = ids[1];
  await until(async () => {
    const { body } = await gateway.api("GET", `/events/${event}`);
    /** @type {{ status: string, attempts: unknown[] }[]} */
    const deliveries = body.deliveries;
    return deliveries.length === 3 && deliveries.every(({ attempts }) => attempts.length > 0);
  });
  return { event, integration: integration.id };
}
