import { heading, say, table } from "./print.mjs";
import { until } from "./until.mjs";

const CODE = `export default function (event) {
  const { card, ...payload } = event.payload;
  if (payload.test === true) return null;
  return { ...event, payload };
}`;
const ORDERS = [
  { order: 1, customer: "Ada", card: "4111 1111 1111 1111" },
  { order: 2, customer: "nobody", test: true },
];

/** A transformation that removes a field and drops a test. @param {import("../drive/stage.mjs").Stage} stage */
export async function transformations(stage) {
  const { gateway } = stage;
  const { receiver, destination } = await stage.receiver("Fulfilment");
  const { id } = await gateway.create("transformations", { name: "No cards, no tests", code: CODE });
  const shop = await stage.route({ name: "Shop", type: "catch", transformation_id: id }, [destination]);
  for (const order of ORDERS) await gateway.send(shop, order);
  /** @type {any[]} */
  let events = [];
  await until(async () => {
    events = (await gateway.api("GET", `/events?integration_id=${shop.id}`)).body.data;
    return events.length === ORDERS.length && receiver.arrivals.length > 0;
  });

  heading("A transformation removes card numbers and drops tests");
  table([
    ["outcome", "delivered payload, or why there is none"],
    ...events.toReversed().map(({ id: eventId, outcome, note }) => {
      const arrival = receiver.arrivals.find(({ data }) => data.event.id === eventId);
      return [outcome, arrival === undefined ? (note ?? "DID NOT ARRIVE") : JSON.stringify(arrival.data.event.payload)];
    }),
  ]);
  say("\nThe code ran in a process without rights; on Cloudflare it runs in a dynamic Worker.");
  const [arrival] = receiver.arrivals;
  const outcomes = new Set(events.map(({ outcome }) => outcome));
  return (
    outcomes.has("ignored") &&
    outcomes.has("received") &&
    receiver.arrivals.length === 1 &&
    arrival?.verified === true &&
    JSON.stringify(arrival.data.event.payload) === JSON.stringify({ order: 1, customer: "Ada" })
  );
}
