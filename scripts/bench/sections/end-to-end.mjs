import { startFloor } from "../floors.mjs";
import { startGateway } from "../gateway.mjs";
import { median, medianRatio, percentile } from "../numbers.mjs";
import { buildRequests, catchBody } from "../requests.mjs";
import { interleave, rateOf, send } from "../rounds.mjs";

const QUIET_MS = 8_000;
const WARM_UP_EVENTS = 300;
const PACE_MS = 100;
const FAN_OUT = 5;

/** @typedef {import("../gateway.mjs").Bench} Bench */
/** @typedef {{ count: number, copies?: number, connections?: number, interval_ms?: number, floor?: boolean }} Flow */

/**
 * Starts a gateway whose catch hook is routed to this many paths of the receiver.
 * @param {Bench} bench
 * @param {string[]} paths
 * @param {{ auth?: object, durability?: "queue" | "outbox", metered?: boolean, code?: string, more?: import("../gateway.mjs").More }} [options] `code`
 * is that of a transformation which the events pass
 */
export async function startDelivering(bench, paths, { auth = { type: "none" }, code, ...options } = {}) {
  const gateway = await startGateway(bench, { consumers: true, ...options });
  const passes =
    code === undefined
      ? {}
      : { transformation_id: (await gateway.create("/transformations", { name: "Small", code })).id };
  const integration = await gateway.create("/integrations", { name: "Hook", type: "catch", auth, ...passes });
  const destinations = await gateway.connect(
    integration,
    paths.map((path) => `http://127.0.0.1:${bench.receiver.port}${path}`),
  );
  return {
    ...gateway,
    path: `/integration/${integration.id}`,
    secrets: Object.fromEntries(paths.map((path, index) => [path, destinations[index].signing_secret])),
  };
}

/**
 * Sends numbered events and waits for their deliveries. Each must arrive once. Except for the floor, each must carry a valid
 * signature and belong to an event that was accepted.
 * @param {Bench} bench
 * @param {string} what
 * @param {{ port: number, path: string, secrets: Record<string, string>, headers?: Record<string, string> }} target
 * @param {Flow} flow
 */
export async function flow(bench, what, target, { count, copies = 1, connections = 32, interval_ms, floor = false }) {
  await bench.receiver.ask({ command: "reset" });
  const requests = buildRequests(count, (index) => ({
    path: target.path,
    headers: target.headers ?? {},
    body: catchBody(index),
  }));
  const pace = interval_ms === undefined ? {} : { interval_ms };
  const sent = await send(bench, what, target.port, requests, { connections, count, keep_ids: true, ...pace });
  const order = { command: "collect", count: count * copies, quiet_ms: QUIET_MS, secrets: target.secrets };
  /** @type {{ arrived: number, numbers: number[], at: number[], event_ids: string[], webhook_ids: number, verified: number }} */
  const got = await bench.receiver.ask(order);

  const owed = sent.answered * copies;
  if (got.arrived !== owed) bench.fail(`${what}: ${got.arrived} deliveries arrived, ${owed} were owed`);
  if (new Set(got.numbers).size !== sent.answered) bench.fail(`${what}: not every event arrived`);
  if (!floor) {
    if (got.webhook_ids !== owed)
      bench.fail(`${what}: ${got.webhook_ids} different deliveries arrived, ${owed} were owed`);
    if (got.verified !== owed) bench.fail(`${what}: ${got.verified} of ${owed} signatures were right`);
    const accepted = new Set(sent.ids);
    if (!got.event_ids.every((id) => accepted.has(id))) bench.fail(`${what}: an event arrived that was not accepted`);
  }
  const first = Math.min(...sent.sent_at.slice(0, connections));
  const last = got.at.reduce((latest, at) => Math.max(latest, at), 0);
  return {
    accepted_per_second: rateOf(sent),
    deliveries_per_second: (got.arrived * 1000) / (last - first),
    latencies: got.numbers.map((number, index) => (got.at[index] ?? NaN) - (sent.sent_at[number] ?? NaN)),
  };
}

/** From a sender's request to a receiver's. @param {Bench} bench */
export async function measureEndToEnd(bench) {
  return {
    ...(await measureThroughput(bench)),
    ...(await measureFanOut(bench)),
    ...(await measureHanging(bench)),
  };
}

/** @param {Bench} bench */
async function measureThroughput(bench) {
  const { plan } = bench;
  const gateway = await startDelivering(bench, ["/own"]);
  const bindings = { DESTINATION: `http://127.0.0.1:${bench.receiver.port}/floor` };
  const forwarding = await startFloor(bench, "forward.mjs", { consumer: true, bindings });
  const floor = { ...forwarding, path: "/", secrets: {} };

  const variants = (/** @type {Flow} */ how) => ({
    own: async () => {
      await gateway.quiet();
      return flow(bench, "end to end", gateway, how);
    },
    floor: async () => {
      await floor.quiet();
      return flow(bench, "forwarding floor", floor, { ...how, floor: true });
    },
  });
  await interleave(1, variants({ count: WARM_UP_EVENTS }));
  const fast = await interleave(plan.rounds, variants({ count: plan.end_to_end_events }));
  const calm = await interleave(
    plan.rounds,
    variants({ count: plan.paced_events, connections: 4, interval_ms: PACE_MS }),
  );
  const rates = (/** @type {{ deliveries_per_second: number }[]} */ rounds) =>
    rounds.map((round) => round.deliveries_per_second);
  const halves = (/** @type {{ latencies: number[] }[]} */ rounds) =>
    rounds.map(({ latencies }) => percentile(latencies, 50));
  bench.note(
    `The forwarding floor delivers ${Math.round(median(rates(fast.floor)))}/s, p50 ${median(halves(calm.floor)).toFixed(1)} ms at 10/s.`,
  );
  await Promise.all([gateway.stop(), floor.stop()]);
  return {
    deliveries_per_second: median(rates(fast.own)),
    throughput_ratio_to_floor: medianRatio(rates(fast.own), rates(fast.floor)),
    p50_ms_at_10_per_second: median(halves(calm.own)),
    p95_ms_at_10_per_second: percentile(
      calm.own.flatMap(({ latencies }) => latencies),
      95,
    ),
    p50_ratio_to_floor_at_10_per_second: medianRatio(halves(calm.own), halves(calm.floor)),
  };
}

/** @param {Bench} bench */
async function measureFanOut(bench) {
  const { plan } = bench;
  const paths = Array.from({ length: FAN_OUT }, (_, index) => `/fan/${index}`);
  const gateway = await startDelivering(bench, paths);
  await flow(bench, "warming up", gateway, { count: WARM_UP_EVENTS, copies: FAN_OUT });
  const rates = [];
  for (let round = 0; round < plan.fan_out_rounds; round++) {
    await gateway.quiet();
    const { deliveries_per_second } = await flow(bench, "fan-out", gateway, {
      count: plan.fan_out_events,
      copies: FAN_OUT,
    });
    rates.push(deliveries_per_second);
  }
  await gateway.stop();
  return { fan_out_5_deliveries_per_second: median(rates) };
}

/** Every event is owed to a healthy destination, and in one of two gateways to one that never answers too. @param {Bench} bench */
async function measureHanging(bench) {
  const { plan } = bench;
  const alone = await startDelivering(bench, ["/alone"]);
  const beside = await startDelivering(bench, ["/beside"]);
  await flow(bench, "warming up", alone, { count: WARM_UP_EVENTS });
  await flow(bench, "warming up", beside, { count: WARM_UP_EVENTS });
  const integration = { id: beside.path.split("/").at(-1) ?? "" };
  await beside.connect(integration, [`http://127.0.0.1:${bench.receiver.port}/hang`]); // cold: the first requests count
  const how = { count: plan.paced_events, connections: 4, interval_ms: PACE_MS };
  const rounds = await interleave(plan.rounds, {
    beside: () => flow(bench, "beside a hanging destination", beside, how),
    alone: () => flow(bench, "without a hanging destination", alone, how),
  });
  const p95s = (/** @type {{ latencies: number[] }[]} */ each) =>
    each.map(({ latencies }) => percentile(latencies, 95));
  const [beginning = NaN, ...later] = p95s(rounds.beside);
  const worst = Math.max(...rounds.beside.flatMap(({ latencies }) => latencies));
  bench.note(
    `Beside a hanging destination: p95 ${beginning.toFixed(1)} ms in the first round, then ${median(later).toFixed(1)} ms ` +
      `(${median(p95s(rounds.alone)).toFixed(1)} ms without it), at worst ${worst.toFixed(0)} ms.`,
  );
  await Promise.all([alone.stop(), beside.stop()]);
  return {
    healthy_p95_ratio_beside_a_hanging_destination: medianRatio(p95s(rounds.beside), p95s(rounds.alone)),
    healthy_p95_ms_as_a_destination_begins_to_hang: beginning,
  };
}
