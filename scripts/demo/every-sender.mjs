import { heading, say, table, verdict } from "./print.mjs";
import { PAGERTREE, SENDERS } from "./senders.mjs";
import { until } from "./until.mjs";

/** Webhooks of every type of integration, delivered to one receiver. @param {import("../drive/stage.mjs").Stage} stage */
export async function everySender(stage) {
  const { gateway } = stage;
  const { receiver, destination } = await stage.receiver("Receiver");
  const integrations = new Map();
  /** @type {(Omit<import("./senders.mjs").Sender, "integration"> & { from: string, status: number, id: string })[]} */
  const sent = [];
  for (const { integration: fields, ...post } of [...PAGERTREE, ...SENDERS]) {
    const integration = integrations.get(fields) ?? (await gateway.add(destination, fields));
    integrations.set(fields, integration);
    const { status, body } = await gateway.send(integration, post.body);
    sent.push({ ...post, from: fields.name, status, id: body.id });
  }
  const arrivalOf = (/** @type {string} */ id) => receiver.arrivals.find(({ data }) => data?.event?.id === id);
  await until(() => sent.every(({ id }) => arrivalOf(id) !== undefined));

  const rows = sent.map((post) => ({ ...post, arrival: arrivalOf(post.id) }));
  heading("Every sender, delivered and signed");
  table([
    ["sender", "sent", "answered", "arrived as", "kind", "about", "status", "signature"],
    ...rows.map(({ from, what, status, arrival }) => [
      from,
      what,
      String(status),
      arrival?.type ?? "DID NOT ARRIVE",
      arrival?.data.event.kind ?? "",
      arrival?.data.alert?.key ?? "",
      arrival?.data.alert?.status ?? "",
      verdict(arrival?.verified),
    ]),
  ]);
  const [first] = integrations.values();
  say(`\nSenders post to addresses such as ${first.url}; all of it went to ${destination.url}.`);
  return rows.every(({ status, type, kind, arrival }) => {
    return status === 200 && arrival?.type === type && arrival.data.event.kind === kind && arrival.verified;
  });
}
