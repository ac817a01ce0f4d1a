import { once } from "node:events";
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { startGateway } from "../gateway.mjs";

const WITHIN_MS = 120_000;
const BURST = 3_000;
const RULED = 5;
const EVENTS = 100;
const ITEMS = Array.from({ length: 1_200 }, () => ({ a: "x7", b: { c: 7 } }));
const LOOP =
  "{% for a in items %}{% for b in items %}{% if a.a == b.a and a.b.c > 3 %}x{% endif %}{% endfor %}{% endfor %}";
const TERMS = Array.from({ length: 300 }, (_, index) => ({ "data.event.payload.items.b.c": -1 - index }));

/** @typedef {import("../gateway.mjs").Bench} Bench */

/** A receiver that notes when each path was first called. A path below `/hang` is never answered. */
async function startReceiver() {
  /** @type {Map<string, number>} */
  const first = new Map();
  const server = createServer((request, response) => {
    const path = request.url ?? "";
    if (!first.has(path)) first.set(path, performance.now());
    request.resume();
    if (!path.startsWith("/hang")) request.on("end", () => response.writeHead(200).end());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`,
    /** @param {string} path */
    async arrival(path) {
      for (const until = performance.now() + WITHIN_MS; performance.now() < until; await sleep(2)) {
        const at = first.get(path);
        if (at !== undefined) return at;
      }
      return NaN;
    },
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** @param {string} url @param {unknown} body */
async function post(url, body) {
  const before = performance.now();
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  await response.arrayBuffer();
  return performance.now() - before;
}

/** @param {import("../gateway.mjs").Gateway} gateway */
function toolsOf(gateway) {
  const url = `http://127.0.0.1:${gateway.port}`;
  return {
    url,
    /** @param {string} name @param {string} type @param {object} options @returns {Promise<{ id: string, hook: string }>} */
    async hook(name, type = "catch", options = {}) {
      const { id } = await gateway.create("/integrations", { name, type, options, auth: { type: "none" } });
      return { id, hook: `${url}/integration/${id}` };
    },
    /** @param {{ id: string }} integration @param {string} target @param {object} destination @param {object} route */
    async route(integration, target, destination = {}, route = {}) {
      const fields = { name: target, type: "webhook", url: target, ...destination };
      const { id } = await gateway.create("/destinations", fields);
      await gateway.create("/routes", {
        name: target,
        integration_ids: [integration.id],
        destination_ids: [id],
        ...route,
      });
    },
  };
}

/** One request that becomes a hundred events, each too costly for ten filters and a template. @param {Bench} bench */
async function measureCostly(bench) {
  const receiver = await startReceiver();
  const gateway = await startGateway(bench, { consumers: true });
  const { url, hook, route } = toolsOf(gateway);
  const [hostile, innocent] = [await hook("Hostile"), await hook("Innocent")];
  for (let each = 0; each < 10; each++) {
    await route(hostile, `${receiver.url}/no/${each}`, {}, { match: { $or: TERMS } });
  }
  await route(hostile, `${receiver.url}/loop`, {
    payload: { mode: "template", content_type: "text/plain", body: LOOP },
  });
  await route(innocent, `${receiver.url}/innocent`);

  const state = { isOver: false, longest: 0 };
  const probing = (async () => {
    for (; !state.isOver; await sleep(10)) {
      const before = performance.now();
      await (await fetch(`${url}/health`)).arrayBuffer();
      state.longest = Math.max(state.longest, performance.now() - before);
    }
  })();
  const cpu = gateway.cpuMs() ?? NaN;
  await post(
    hostile.hook,
    Array.from({ length: EVENTS }, (_, n) => ({ n, items: ITEMS })),
  );
  const sentAt = performance.now();
  const answered = await post(innocent.hook, { n: 1 });
  const delivered = (await receiver.arrival("/innocent")) - sentAt;
  for (const until = performance.now() + WITHIN_MS; performance.now() < until; await sleep(200)) {
    const { accepted } = await gateway.read("/api/v1/reconciliation");
    const { data } = await gateway.read(`/api/v1/events?integration_id=${hostile.id}&limit=${EVENTS}`);
    if (accepted > EVENTS || data.length === EVENTS) break;
  }
  await gateway.quiet();
  const spent = (gateway.cpuMs() ?? NaN) - cpu;
  state.isOver = true;
  await probing;
  await gateway.stop();
  receiver.stop();
  return {
    answered_ms_beside_costly_work: answered,
    delivered_ms_beside_costly_work: delivered,
    longest_wait_ms_beside_costly_work: state.longest,
    cpu_ms_of_a_hundred_costly_events: spent,
  };
}

/** Requests of 37 KB to rules with a costly template in ten fields. @param {Bench} bench */
async function measureRules(bench) {
  const gateway = await startGateway(bench);
  const { hook } = toolsOf(gateway);
  const loop = LOOP.replaceAll("items", "log.data.items");
  const meta = Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`m${index}`, loop]));
  const { hook: ruled } = await hook("Ruled", "rules", {
    rules: [{ match: {}, actions: [{ type: "create", title: "x", meta }] }],
  });
  const cpu = gateway.cpuMs() ?? NaN;
  for (let each = 0; each < RULED; each++) await post(ruled, { items: ITEMS });
  const spent = (gateway.cpuMs() ?? NaN) - cpu;
  await gateway.stop();
  return { rules_cpu_ms_per_costly_request: spent / RULED };
}

/** The first event for a healthy destination behind a burst to one that hangs, a limited one and a healthy one. @param {Bench} bench */
async function measureBurst(bench) {
  const receiver = await startReceiver();
  const gateway = await startGateway(bench, { consumers: true });
  const { hook, route } = toolsOf(gateway);
  const [burst, lone] = [await hook("Burst"), await hook("Lone")];
  await route(burst, `${receiver.url}/hang`);
  await route(burst, `${receiver.url}/limited`, { rate_limit: { requests: 200, period_seconds: 1 } });
  await route(burst, `${receiver.url}/healthy`);
  await route(lone, `${receiver.url}/lone`);
  for (let sent = 0; sent < BURST; sent += EVENTS) {
    await post(
      burst.hook,
      Array.from({ length: EVENTS }, (_, n) => ({ n: sent + n })),
    );
  }
  const sentAt = performance.now();
  await post(lone.hook, { n: 1 });
  const underWay = (await receiver.arrival("/lone")) - sentAt;
  await gateway.stop();
  receiver.stop();
  return { under_way_ms_behind_a_burst: underWay };
}

/** The costliest filters, templates and rules, and bursts. @param {Bench} bench */
export async function measureHostile(bench) {
  return { ...(await measureCostly(bench)), ...(await measureRules(bench)), ...(await measureBurst(bench)) };
}
