import { startFloor } from "../floors.mjs";
import { startGateway } from "../gateway.mjs";
import { median, medianRatio, percentile } from "../numbers.mjs";
import { buildRequests, numbered, pagertreeCreate, signedHeaders } from "../requests.mjs";
import { interleave, rateOf, send } from "../rounds.mjs";

const DISTINCT = 4_096;
const TOKEN = "tok_0123456789abcdef0123456789abcdef";
const SECRET = `whsec_${Buffer.from("a secret of twenty-four.").toString("base64")}`;

/** @param {import("../gateway.mjs").Gateway} gateway */
async function tokenRequests(gateway) {
  const auth = { type: "token", header: "pagertree-token", token: TOKEN };
  const { id } = await gateway.create("/integrations", { name: "Monitoring", type: "pagertree", auth });
  return buildRequests(DISTINCT, (index) => ({
    path: `/integration/${id}`,
    headers: { "pagertree-token": TOKEN },
    body: pagertreeCreate(index),
  }));
}

/** @param {string} id @param {number} round */
function signedRequests(id, round) {
  return buildRequests(DISTINCT, (index) => {
    const body = pagertreeCreate(index);
    const messageId = `msg_${numbered(round * DISTINCT + index)}`;
    return { path: `/integration/${id}`, headers: signedHeaders(SECRET, messageId, body), body };
  });
}

/** The accept path, beside a Worker that does nothing but take a request and queue it. @param {import("../gateway.mjs").Bench} bench */
export async function measureIngest(bench) {
  const { plan } = bench;
  const gateway = await startGateway(bench);
  const outbox = await startGateway(bench, { durability: "outbox" });
  const consuming = await startGateway(bench, { consumers: true });
  const floor = await startFloor(bench, "accept.mjs");
  const batching = await startFloor(bench, "accept-batched.mjs", { bundled: true });
  const consumingFloor = await startFloor(bench, "accept.mjs", { consumer: true });
  const echo = await startFloor(bench, "echo.mjs");

  const token = await tokenRequests(gateway);
  const outboxToken = await tokenRequests(outbox);
  const consumingToken = await tokenRequests(consuming);
  const auth = { type: "signature", scheme: "standard-webhooks", secret: SECRET };
  const signed = await gateway.create("/integrations", { name: "Signed", type: "pagertree", auth });

  /** @param {string} what @param {import("../runtime.mjs").Runtime} runtime @param {import("../requests.mjs").Requests} requests @param {number} [connections] */
  const flood =
    (what, runtime, requests, connections = 32) =>
    async () => {
      await runtime.quiet();
      const duration_ms = connections === 1 ? plan.round_ms / 2 : plan.round_ms;
      return send(bench, what, runtime.port, requests, { connections, duration_ms });
    };
  const variants = {
    token: flood("ingest", gateway, token),
    floor: flood("floor", floor, token),
    batching: flood("batching floor", batching, token),
    signed: async (/** @type {number} */ round) => flood("signed ingest", gateway, signedRequests(signed.id, round))(),
    outbox: flood("ingest into the outbox", outbox, outboxToken),
    consuming: flood("ingest with consumer", consuming, consumingToken),
    consumingFloor: flood("floor with consumer", consumingFloor, token),
    one: flood("ingest on one connection", gateway, token, 1),
    oneFloor: flood("floor on one connection", floor, token, 1),
    echo: flood("echo", echo, token),
  };
  for (const [runtime, requests] of /** @type {const} */ ([
    [gateway, token],
    [gateway, signedRequests(signed.id, 99)],
    [floor, token],
    [batching, token],
    [outbox, outboxToken],
    [consuming, consumingToken],
    [consumingFloor, token],
    [echo, token],
  ])) {
    await send(bench, "warming up", runtime.port, requests, { duration_ms: plan.warm_up_ms });
  }
  const rounds = await interleave(plan.rounds, variants);
  const rates = Object.fromEntries(Object.entries(rounds).map(([name, loads]) => [name, loads.map(rateOf)]));
  const p50 = (/** @type {import("../rounds.mjs").Load[]} */ loads) =>
    median(loads.map(({ latencies }) => percentile(latencies, 50)));

  const {
    token: own = [],
    floor: floors = [],
    batching: batched = [],
    signed: signs = [],
    outbox: kept = [],
    echo: echoes = [],
  } = rates;
  bench.note(`The load generator gets ${Math.round(median(echoes))} requests/s from a Worker that only answers.`);
  bench.note(`One connection: ${p50(rounds.one).toFixed(2)} ms, the floor ${p50(rounds.oneFloor).toFixed(2)} ms.`);
  bench.note(`The batching floor gets ${Math.round(median(batched))} requests/s.`);
  bench.note(`With consumers attached: ${Math.round(median(rates["consuming"] ?? []))} requests/s.`);
  if (median(echoes) < 1.5 * median(floors))
    bench.fail("The load generator is too slow beside the floor to compare with it.");
  return {
    rps: median(own),
    floor_rps: median(floors),
    ratio_to_floor: medianRatio(own, floors),
    ratio_to_batching_floor: medianRatio(own, batched),
    signed_ratio_to_floor: medianRatio(signs, floors),
    outbox_ratio_to_floor: medianRatio(kept, floors),
    with_consumer_ratio_to_floor: medianRatio(rates["consuming"] ?? [], rates["consumingFloor"] ?? []),
    p50_ms_one_connection: p50(rounds.one),
  };
}
