import { asPrimary, asShard } from "../../src/platform/shards.ts";
import { createExecutionContext, createMessageBatch, getQueueResult, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { Webhook } from "standardwebhooks";
import { beforeEach, describe, expect, it, vi } from "vitest";
import worker from "../../src/index.ts";
import { forgetContext } from "../../src/context.ts";
import { leaseConcurrency } from "../../src/storage/destinations/concurrency-leases.ts";
import { reserveSlots } from "../../src/storage/destinations/rate-limit-slots.ts";
import { readHeartbeats } from "../../src/storage/maintenance/heartbeats.ts";
import { claimIdempotencyKey } from "../../src/storage/config/api-idempotency-keys.ts";
import { claimTask } from "../../src/storage/maintenance/maintenance-tasks.ts";
import rows from "../fixtures/upgrade/0001.sql?raw";
import inFlight from "../fixtures/upgrade/0001-in-flight.json";
import { call, pluck } from "../support/flow.ts";
import { unwrap } from "../../src/client/index.ts";
import { client } from "../support/api.ts";
import { comeBack } from "../support/oauth.ts";
import { MIGRATIONS, applySchema } from "../support/schema.ts";
import { type Seen, fakeOutside } from "../support/world.ts";

// A database that the first version filled, with messages of its queues in flight, is upgraded and used.

const [FIRST] = MIGRATIONS;
const TOKEN = { "pagertree-token": "tok_of_the_fixture_0123456789" };
const LATER = Date.parse("2100-01-01T00:00:00.000Z");

let seen: Seen[];
let sent: unknown[];

// The fixture holds an access token that was valid for an hour, so the clock starts soon after it was recorded.
const STARTED_AT = Date.parse("2026-11-28T19:00:00.000Z");

beforeEach(async () => {
  const clock = Date.now.bind(Date);
  const startedAt = clock();
  vi.spyOn(Date, "now").mockImplementation(() => STARTED_AT + clock() - startedAt);
  await emptyDatabase();
  await applySchema(env.DB, MIGRATIONS.slice(0, 1));
  await env.DB.batch(statementsOf(rows).map((statement) => env.DB.prepare(statement)));
  await applySchema();
  forgetContext();
  for (const [key, text] of Object.entries(inFlight.kept)) await env.BODIES.put(key, text);
  seen = fakeOutside();
  sent = [];
  const keep = (...bodies: unknown[]) => {
    sent.push(...bodies);
    return Promise.resolve({ metadata: { metrics: { backlogCount: 0, backlogBytes: 0 } } });
  };
  for (const queue of [env.EVENTS, env.DELIVERIES]) {
    vi.spyOn(queue, "send").mockImplementation((body) => keep(body));
    vi.spyOn(queue, "sendBatch").mockImplementation((messages) => keep(...[...messages].map(({ body }) => body)));
  }
});

/** The statements of the fixture, which has one on each line. */
function statementsOf(sql: string): string[] {
  return sql.split("\n").filter((line) => line.startsWith("INSERT"));
}

async function namesOfTables(): Promise<string[]> {
  const { results } = await env.DB.prepare(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE '\\_cf%' ESCAPE '\\'",
  ).all<{ name: string }>();
  return results.map(({ name }) => name);
}

async function emptyDatabase(): Promise<void> {
  await env.DB.batch((await namesOfTables()).map((name) => env.DB.prepare(`DROP TABLE ${name}`)));
}

async function consume(queue: string, bodies: readonly unknown[]): Promise<void> {
  const messages = bodies.map((body, place) => ({ id: `${queue}-${place}`, timestamp: new Date(), attempts: 1, body }));
  const batch = createMessageBatch(queue, messages);
  const ctx = createExecutionContext();
  await worker.queue(batch, env, ctx);
  await waitOnExecutionContext(ctx);
  const { explicitAcks } = await getQueueResult(batch, ctx);
  expect(explicitAcks).toHaveLength(bodies.length);
}

function idOf(rows: readonly { readonly id: string; readonly name: string }[], name: string): string {
  return rows.find((each) => each.name === name)?.id ?? "";
}

it("the fixture has rows of every table of the first version", () => {
  const tables = FIRST?.queries.flatMap((query) => /CREATE TABLE (\w+)/.exec(query)?.[1] ?? []) ?? [];
  const filled = statementsOf(rows).map((statement) => /INTO (\w+)/.exec(statement)?.[1]);
  expect(new Set(filled)).toEqual(new Set(tables));
});

describe("after an upgrade", () => {
  it("the configuration is there", async () => {
    expect(pluck(unwrap(await client.integrations.list()).data, "name")).toEqual(["Made once", "Hook", "Alerting"]);
    expect(pluck(unwrap(await client.routes.list()).data, "name")).toEqual(["Groups", "Alerts"]);
    expect(unwrap(await client.destinations.list()).data).toMatchObject([
      { name: "Consent", max_concurrency: 2 },
      { name: "OAuth", auth: { client_id: "hook" } },
      { name: "Dead", health: { status: "failing", failures: 1 } },
      { name: "Failing", health: { status: "failing", failures: 1 }, retry_schedule: [60, 3600] },
      { name: "Working", headers: { "x-team": "night" }, rate_limit: { requests: 1000, period_seconds: 60 } },
    ]);
    const id = idOf(unwrap(await client.destinations.list()).data, "Working");
    expect(unwrap(await client.destinations.update(id, { external_id: "working" }))).toMatchObject({
      managed_by: null,
    });
    expect(unwrap(await client.destinations.get("working"))).toMatchObject({ id, requests: {} });
    const requests = { "alert.resolved": { method: "PUT" } } as const;
    expect(unwrap(await client.destinations.update(id, { requests }))).toMatchObject({ requests });
  });

  it("API tokens and tokens of senders are accepted, at the rotated address and at the one before", async () => {
    const headers = { authorization: `Bearer ${inFlight.token}` };
    expect((await call("/api/v1/integrations", { headers })).status).toBe(200);
    const id = idOf(unwrap(await client.integrations.list()).data, "Alerting");
    const { url } = unwrap(await client.integrations.get(id));
    expect(url).not.toContain(id);
    const body = JSON.stringify({ event_type: "create", Id: "fan", Title: "The fan stands still" });
    for (const path of [new URL(url).pathname, `/integration/${id}`]) {
      expect((await call(path, { method: "POST", body, headers: TOKEN })).status).toBe(200);
      expect((await call(path, { method: "POST", body })).status).toBe(403);
    }
  });

  it("events, deliveries and alerts are there, and accounted for", async () => {
    const events = unwrap(await client.events.list()).data;
    expect(pluck(events, "outcome")).toEqual(["received", "created", "created", "resolved", "created", "created"]);
    const shown = unwrap(await client.events.get(events.at(-1)?.id ?? ""));
    expect(shown).toMatchObject({ payload: { Id: "disk", Title: "disk is too hot" }, outcome: "created" });
    expect(pluck(unwrap(await client.deliveries.list({ status: "dead" })).data, "reason")).toEqual(
      Array(4).fill("attempts_exhausted"),
    );
    expect(unwrap(await client.alerts.list()).data).toMatchObject([
      { key: "ram", status: "open" },
      { key: "site-9", status: "open" },
      { key: "cpu", status: "resolved" },
      { key: "disk", status: "open" },
      { key: "old", status: "open", title: "old is too hot" },
    ]);
    expect(unwrap(await client.reconciliation.get())).toMatchObject({ accepted: 28, outbox: 7, balanced: true });
  });

  it("dead letters and replays are there", async () => {
    expect(unwrap(await client.deadLetters.list()).data).toMatchObject([{ queue: "hookgate-events" }]);
    expect(unwrap(await client.replays.list()).data).toMatchObject([{ status: "running", count: 4, replayed: 0 }]);
  });

  it("what the gateway keeps for itself is read", async () => {
    const [consent, working] = [
      idOf(unwrap(await client.destinations.list()).data, "Consent"),
      idOf(unwrap(await client.destinations.list()).data, "Working"),
    ];
    const wish = { destination_id: consent, attempts: 2, max_concurrency: 2 };
    expect(await leaseConcurrency(asPrimary(env.DB), "mine", [wish], Date.now(), LATER)).toEqual(new Map());
    const slots = { destination_id: working, attempts: 1, rate_limit: "1000/60", first_slot: 0 };
    expect((await reserveSlots(asPrimary(env.DB), [slots])).get(working)).toBeGreaterThan(1_000_000);
    expect((await readHeartbeats(asPrimary(env.DB))).stored).toMatchObject([{ silent_since: null }]);
    expect(await claimTask(asShard(env.DB), "rollup", 0, 1)).toMatchObject({
      events: [expect.stringMatching(/^evt_/)],
    });
    const key = /api_idempotency_keys .*? VALUES \('([^']+)'/.exec(rows)?.[1] ?? "";
    const claim = { key, request_hash: "other", created_at: "", forget_before: "", abandoned_before: "" };
    expect(await claimIdempotencyKey(asPrimary(env.DB), claim)).toMatchObject({ response: expect.any(String) });
  });

  it("an authorization that was begun is completed", async () => {
    fakeOutside(() => Response.json({ access_token: "token-2", token_type: "Bearer" }));
    const response = await comeBack({ state: inFlight.state, code: "c0de" });
    expect(await response.text()).toContain("is authorized");
  });

  it("messages of the EVENTS queue are processed", async () => {
    await consume("hookgate-events", inFlight.events);
    const events = unwrap(await client.events.list()).data;
    const outcomes = ["resolved", "received", "received", "repeated", "acknowledged", "repeated"];
    expect(pluck(events.slice(0, -6), "outcome")).toEqual(outcomes);
    expect(unwrap(await client.alerts.list()).data).toMatchObject([
      { key: "ram", dedup_count: 1 },
      { key: "site-9", status: "resolved", dedup_count: 1 },
      { key: "cpu" },
      { key: "disk", status: "acknowledged", dedup_count: 0 },
      { key: "old", status: "open" },
    ]);
    expect(unwrap(await client.reconciliation.get())).toMatchObject({ outbox: 0, balanced: true });
    expect(unwrap(await client.deadLetters.list()).data).toHaveLength(1);

    const resolved = seen.filter(({ body }) => body.includes("alert.resolved"));
    const to = (path: string) => resolved.find(({ url }) => url.endsWith(path));
    const { headers = new Headers(), body = "" } = to("/working") ?? {};
    expect(() => new Webhook(inFlight.signing_secret).verify(body, Object.fromEntries(headers))).not.toThrow();
    expect(to("/oauth")?.headers.get("authorization")).toBe("Bearer token-1");
    expect(seen.filter(({ url }) => url.includes("login.example.com"))).toEqual([]);
  });

  it("for a day, rows are written as the release before reads them, and then in the short form", async () => {
    const state = await env.DB.prepare(
      "SELECT short_rows_from - unixepoch() * 1000 AS left FROM config_revision",
    ).first();
    const left = Number(state?.["left"]);
    expect(left).toBeLessThanOrEqual(86_400_000);
    expect(left).toBeGreaterThan(80_000_000);
    const count = async (): Promise<unknown> =>
      await env.DB.prepare(`SELECT COUNT(*) AS n FROM events WHERE instr(deliveries, '[1,"') > 0`).first("n");
    await consume("hookgate-events", inFlight.events);
    expect(seen.length).toBeGreaterThan(0);
    expect(await count()).toBe(0);
    await env.DB.prepare("UPDATE config_revision SET short_rows_from = 1").run();
    forgetContext();
    await consume("hookgate-deliveries", inFlight.deliveries);
    expect(await count()).toBeGreaterThan(0);
    expect(unwrap(await client.reconciliation.get())).toMatchObject({ balanced: true });
  });

  it("messages of the DELIVERIES queue are processed: attempts, the end of a group, a step of a replay", async () => {
    await consume("hookgate-deliveries", inFlight.deliveries);
    await consume("hookgate-deliveries", sent.splice(0));
    for (const message of inFlight.deliveries) {
      if (message.delivery_id === undefined) continue;
      expect(unwrap(await client.deliveries.get(message.delivery_id))).toMatchObject({ status: "delivered" });
    }
    expect(unwrap(await client.replays.list()).data).toMatchObject([{ status: "done", replayed: 4, failed: 0 }]);
    expect(unwrap(await client.deliveries.list({ status: "delivered" })).data).toEqual(
      expect.arrayContaining(Array(4).fill(expect.objectContaining({ replay_of: expect.any(String) }))),
    );
    expect(unwrap(await client.events.list()).data[0]).toMatchObject({ type: "event.group" });
    expect(unwrap(await client.deadLetters.list()).data).toHaveLength(1);
  });
});
