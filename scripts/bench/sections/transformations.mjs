import { transformationService } from "../../local/transformations/service.mjs";
import { median, medianRatio } from "../numbers.mjs";
import { interleave } from "../rounds.mjs";
import { flow, startDelivering } from "./end-to-end.mjs";

// What a small transformation costs, beside the same gateway without one: in a dynamic Worker, as it runs on Cloudflare, and in a process,
// as `npm start` runs it.

const WARM_UP_EVENTS = 300;
const CHECKED = 50;
const REDACTED = "[redacted]";
const CODE = `export default function (event) {
  event.payload.customer = ${JSON.stringify(REDACTED)};
  return event;
}
`;

/** @typedef {import("../gateway.mjs").Bench} Bench */

/**
 * Fails the run unless the newest events have passed the code, or unless none has.
 * @param {Bench} bench
 * @param {string} what
 * @param {import("../gateway.mjs").Gateway} gateway
 * @param {boolean} isTransformed
 */
async function check(bench, what, gateway, isTransformed) {
  /** @type {{ data: { payload: { customer: unknown } }[] }} */
  const { data } = await gateway.read(`/api/v1/events?limit=${CHECKED}`);
  const transformed = data.filter(({ payload }) => payload.customer === REDACTED).length;
  if (data.length !== CHECKED || transformed !== (isTransformed ? CHECKED : 0)) {
    bench.fail(`${what}: ${transformed} of ${data.length} events have passed the code`);
  }
}

/** @param {Bench} bench */
export async function measureTransformations(bench) {
  const { plan } = bench;
  const service = transformationService(bench.root);
  try {
    const none = await startDelivering(bench, ["/none"]);
    const worker = await startDelivering(bench, ["/worker"], {
      code: CODE,
      more: { workerLoaders: { LOADER: {} } },
    });
    const local = await startDelivering(bench, ["/process"], {
      code: CODE,
      more: { serviceBindings: { TRANSFORMATIONS: service.fetch } },
    });
    const variant = (/** @type {string} */ what, /** @type {typeof none} */ gateway) => async () => {
      await gateway.quiet();
      return await flow(bench, what, gateway, { count });
    };
    let count = WARM_UP_EVENTS;
    const variants = {
      none: variant("without a transformation", none),
      worker: variant("a transformation in a dynamic Worker", worker),
      local: variant("a transformation in a process", local),
    };
    await interleave(1, variants);
    count = plan.transformed_events;
    const rounds = await interleave(plan.rounds, variants);
    await check(bench, "without a transformation", none, false);
    await check(bench, "a transformation in a dynamic Worker", worker, true);
    await check(bench, "a transformation in a process", local, true);
    await Promise.all([none.stop(), worker.stop(), local.stop()]);
    const rates = (/** @type {{ deliveries_per_second: number }[]} */ each) =>
      each.map(({ deliveries_per_second }) => deliveries_per_second);
    return {
      deliveries_per_second: median(rates(rounds.worker)),
      deliveries_per_second_without: median(rates(rounds.none)),
      ratio_to_none: medianRatio(rates(rounds.worker), rates(rounds.none)),
      npm_start_deliveries_per_second: median(rates(rounds.local)),
      npm_start_ratio_to_none: medianRatio(rates(rounds.local), rates(rounds.none)),
    };
  } finally {
    service.close();
  }
}
