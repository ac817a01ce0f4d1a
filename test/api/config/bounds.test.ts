import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { contextOf } from "../../../src/context.ts";
import { unwrap } from "../../../src/client/index.ts";
import { client, faultsOf, request } from "../../support/api.ts";
import { maintain } from "../../support/maintenance.ts";
import { deliveryTo, storeEvent } from "../records.ts";
import { FREE } from "../../support/strict-platform/limits.ts";
import { type Usage, measureInvocation } from "../../support/strict-platform/invocation.ts";
import { tables } from "../../support/tables.ts";
import { apply, pull, send } from "./gateway.ts";

const URL = "https://hooks.example.com/in";

function manyDestinations(count: number, more: object = {}) {
  const entry = { url: URL, headers: { "x-filler": "x".repeat(500) }, signing: { scheme: "none" }, ...more };
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`destination-${index}`, entry]));
}

/** Applies a document with the limits of the Free plan. */
async function usageOf(document: object, prune = false): Promise<Usage> {
  const { usage } = await measureInvocation(FREE, () => apply({ version: 1, ...document }, { prune }));
  return usage;
}

it("an apply takes few queries, however many entries it creates, changes and deletes", async () => {
  const made = await usageOf({ destinations: manyDestinations(600) });
  const changed = await usageOf({ destinations: manyDestinations(600, { enabled: false, timeout_ms: 5_000 }) });
  const deleted = await usageOf({}, true);
  for (const { d1_queries } of [made, changed, deleted]) expect(d1_queries).toBeLessThan(FREE.d1_queries);
  expect(await tables.destinations.count()).toBe(0);
});

it("a document has a bounded number of entries and bytes", async () => {
  const routes = Object.fromEntries(
    Array.from({ length: 1_001 }, (_, index) => [`r${index}`, { destinations: ["a"] }]),
  );
  expect(faultsOf(await send({ version: 1, routes }))).toEqual(["routes"]);
  const large = await request("/config", {
    method: "PUT",
    body: JSON.stringify({ version: 1, x: "x".repeat(1_000_000) }),
  });
  expect(large.status).toBe(413);
});

it("a gateway with more things than a document has is told so", async () => {
  const rows = Array.from({ length: 1_001 }, (_, index) => ({
    id: `dst_${String(index).padStart(28, "0")}`,
    url: URL,
    signing_secrets: [],
  }));
  await tables.destinations.insert(...rows);
  for (const reply of [await request("/config"), await request("/config", { method: "PUT", body: '{"version":1}' })]) {
    expect([reply.status, JSON.parse(reply.text).code]).toEqual([409, "config_too_large"]);
  }
});

it("pending deliveries of a destination that is deleted or disabled are cancelled in the background", async () => {
  await apply({ version: 1, destinations: { gone: { url: URL }, off: { url: URL }, on: { url: URL } } });
  const ids = unwrap(await client.destinations.list()).data.map(({ id }) => id);
  const later = new Date(Date.now() + 3_600_000).toISOString();
  const event = "evt_1m8jcfjzr0005wjpm544tf29pp3m";
  const deliveries = ids.map((id) =>
    deliveryTo(event, id, { status: "pending", attempts: [], next_attempt_at: later }),
  );
  await storeEvent({ id: event, deliveries });
  await apply({ version: 1, destinations: { off: { url: URL, enabled: false }, on: { url: URL } } }, { prune: true });
  await maintain(contextOf(env), "* * * * *", Date.now() + 1_000);
  const shown = unwrap(await client.events.get(event)).deliveries;
  expect(shown.map(({ status, reason }) => `${status} ${reason}`).toSorted()).toEqual([
    "cancelled destination_deleted",
    "cancelled destination_disabled",
    "pending null",
  ]);
  expect((await pull()).text).not.toContain("gone");
});
