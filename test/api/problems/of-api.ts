import { env } from "cloudflare:workers";
import { vi } from "vitest";
import { contextOf } from "../../../src/context.ts";
import { unwrap } from "../../../src/client/index.ts";
import type { ProblemCode } from "../../../src/net/problem-codes.ts";
import { MAX_DELIVERIES } from "../../../src/storage/events/log.ts";
import { client, createDestination, createIntegration } from "../../support/api.ts";
import { fakeDatabase, fakeQueue } from "../../support/bindings.ts";
import { BY_CODE, oauthDestination } from "../../support/oauth.ts";
import { garble, moveAll, storedSegments } from "../../support/segments.ts";
import { browse, signIn } from "../../support/sessions.ts";
import { tables } from "../../support/tables.ts";
import { watchedDatabase } from "../../support/watched-database.ts";
import { createWorld, eventMessage, fakeOutside, insertRouted, processBatch } from "../../support/world.ts";
import { deliveryTo, mint, storeEvent } from "../records.ts";
import { type Provocation, api, send } from "./provoke.ts";

const ACCESS = { ACCESS_TEAM_DOMAIN: "acme.cloudflareaccess.com", ACCESS_AUD: "a".repeat(64) };

// Problems of the API, each by a request that causes it.

const NOWHERE = "dst_0123456789abcdefghjkmnpqrstv";
const INTEGRATION = { name: "a", type: "catch" };

async function asResponse(reply: ReturnType<typeof browse>): Promise<Response> {
  const { status, headers, text } = await reply;
  return new Response(text, { status, headers });
}

/** Creates an integration twice under one key. */
async function twice(between: () => Promise<unknown>, second: object = INTEGRATION): Promise<Response> {
  const headers = { "idempotency-key": "k" };
  await api("POST", "/integrations", { body: INTEGRATION, headers });
  await between();
  return await api("POST", "/integrations", { body: second, headers });
}

async function storeDeadLetter(message: unknown): Promise<void> {
  await tables.dead_letters.insert({ id: "one", message: JSON.stringify(message) });
}

async function eventWith(count: number): Promise<string> {
  const { id } = mint("evt");
  return await storeEvent({ id, deliveries: Array.from({ length: count }, () => deliveryTo(id, NOWHERE)) });
}

/** A service that runs no code. `respond` gives its answer. */
function fakeRunner(respond: () => Promise<Response>) {
  return { TRANSFORMATIONS: { fetch: respond } };
}

const TRANSFORMATION = { name: "a", code: "export default (event) => event;" };
const RAN = { ok: true, value: "null", logs: [], cpu_ms: null };

export const OF_API = {
  async transformation_in_use() {
    const env = fakeRunner(() => Promise.resolve(Response.json(RAN)));
    const created = await api("POST", "/transformations", { body: { ...TRANSFORMATION, external_id: "a" }, env });
    if (created.status !== 201) throw new Error(await created.text());
    await api("POST", "/integrations", { body: { ...INTEGRATION, transformation_id: "a" } });
    return await api("DELETE", "/transformations/a");
  },
  async too_many_runs() {
    const release = Promise.withResolvers<Response>();
    const env = fakeRunner(async () => (await release.promise).clone());
    const calls = Array.from({ length: 5 }, () => api("POST", "/transformations", { body: TRANSFORMATION, env }));
    const first = await Promise.race(calls);
    release.resolve(Response.json(RAN));
    await Promise.all(calls);
    return first;
  },
  transformations_unavailable: () => {
    const env = fakeRunner(() => Promise.resolve(Response.json({})));
    return api("POST", "/transformations", { body: TRANSFORMATION, env });
  },

  invalid_body: () => api("POST", "/integrations", { body: {} }),
  invalid_header: () => api("POST", "/tokens", { body: {}, headers: { "idempotency-key": "x".repeat(256) } }),
  invalid_query: () => api("GET", "/integrations?limit=0"),
  async own_delivery() {
    return await api("GET", "/integrations", {
      headers: { "hookgate-gateway": await contextOf(env).keys.gatewayId() },
    });
  },
  unauthenticated: () => send("/api/v1/events"),
  async missing_scope() {
    const { token } = unwrap(await client.tokens.create({ name: "a", scopes: ["read"] }));
    return await api("POST", "/integrations", { headers: { authorization: `Bearer ${token}` } });
  },
  async origin_not_allowed() {
    return await asResponse(
      browse("/integrations", { method: "POST", cookie: await signIn(), origin: "https://a.example" }),
    );
  },
  not_found: () => api("GET", "/integrations/int_none"),
  unknown_path: () => api("GET", "/nothing"),
  method_not_allowed: () => api("DELETE", "/integrations"),
  config_conflict: () => api("PUT", "/config", { body: { version: 1 }, headers: { "if-match": '"0"' } }),
  async config_too_large() {
    const rows = Array.from({ length: 1_001 }, (_, index) => ({
      id: `dst_${String(index).padStart(28, "0")}`,
      url: "https://hooks.example.com/a",
      signing_secrets: [],
    }));
    await tables.destinations.insert(...rows);
    return await api("GET", "/config");
  },
  async conflict() {
    const { id } = await createDestination({ auth: { type: "bearer", token: "t" } });
    let count = 0;
    const DB = watchedDatabase({
      async before(sql) {
        if (sql.startsWith("UPDATE destinations")) {
          count += 1;
          await tables.destinations.update({ id }, { url: `https://hooks.example.com/${count}` });
        }
      },
    });
    return await api("PATCH", `/destinations/${id}`, { body: { url: "https://hooks.example.com/new" }, env: { DB } });
  },
  async content_gone() {
    const id = await storeEvent();
    await api("POST", `/events/${id}/erase`);
    return await api("POST", `/events/${id}/replay`);
  },
  async destination_disabled() {
    const { id } = mint("evt");
    const delivery = deliveryTo(id, NOWHERE, { status: "dead" });
    await storeEvent({ id, deliveries: [delivery] });
    return await api("POST", `/deliveries/${delivery.id}/retry`);
  },
  async destination_in_use() {
    const { id } = await createDestination();
    await client.routes.create({ name: "a", destination_ids: [id] });
    return await api("DELETE", `/destinations/${id}`);
  },
  async external_id_taken() {
    await createDestination({ external_id: "billing" });
    return await api("POST", "/destinations", {
      body: { name: "b", type: "webhook", url: "https://hooks.example.com/b", external_id: "billing" },
    });
  },
  idempotency_in_progress: () => twice(() => tables.api_idempotency_keys.update({}, { response: null })),
  idempotency_lost: () => twice(() => tables.api_idempotency_keys.update({}, { response: "broken" })),
  idempotency_mismatch: () => twice(async () => {}, { ...INTEGRATION, name: "b" }),
  async no_credential() {
    return await api("POST", `/integrations/${(await createIntegration()).id}/rotate-token`);
  },
  async no_destination() {
    return await api("POST", `/events/${await storeEvent()}/replay`);
  },
  async not_a_listener() {
    return await api("GET", `/destinations/${(await createDestination()).id}/listen`);
  },
  async upgrade_required() {
    const { id } = unwrap(await client.destinations.create({ name: "listener", type: "cli" }));
    return await api("GET", `/destinations/${id}/listen`);
  },
  async segment_damaged() {
    const world = createWorld();
    fakeOutside();
    await insertRouted(NOWHERE);
    await processBatch(world.context, [eventMessage("create", "disk")]);
    world.pass(120_000);
    await moveAll(world.context);
    const [stored] = await storedSegments();
    await garble(stored);
    return await api("GET", `/events/${stored?.from_id}`);
  },
  async not_deliverable() {
    return await api("POST", `/events/${await storeEvent({ type: null, outcome: "ignored" })}/replay`);
  },
  async too_many_credentials() {
    await send("/.well-known/jwks.json");
    for (let count = 0; count < 3; count++) await client.keys.rotateSigning();
    return await api("POST", "/keys/signing/rotate");
  },
  async too_many_deliveries() {
    return await api("POST", `/events/${await eventWith(MAX_DELIVERIES)}/replay`);
  },
  async unknown_queue() {
    await storeDeadLetter("anything");
    return await api("POST", "/dead-letters/one/replay");
  },
  async url_not_allowed() {
    const id = await oauthDestination(BY_CODE);
    await tables.destinations.edit<object>({ id }, "auth", (auth) => ({
      ...auth,
      auth_url: "ftp://login.example.com",
    }));
    return await api("POST", `/destinations/${id}/authorize`);
  },
  async wrong_auth_type() {
    return await api("POST", `/destinations/${(await createDestination()).id}/authorize`);
  },
  body_too_large: () => api("POST", "/integrations", { body: { name: "x".repeat(1_000_000) } }),
  async too_many_guesses() {
    const guess = () => browse("/sessions", { method: "POST", body: { token: "wrong" } });
    for (let count = 0; count < 10; count++) await guess();
    return await asResponse(guess());
  },
  internal_error() {
    const database = fakeDatabase();
    database.behaviour = "throws";
    return api("GET", "/integrations", { env: { DB: database.db } });
  },
  access_unavailable() {
    vi.spyOn(globalThis, "fetch").mockRejectedValue(new Error("down"));
    const headers = { "cf-access-jwt-assertion": "a.b.c" };
    return send("/api/v1/events", { headers }, ACCESS);
  },
  async queue_unavailable() {
    await storeDeadLetter({ v: 1, delivery_id: `dlv_${"0".repeat(44)}`, attempts: 2 });
    return await api("POST", "/dead-letters/one/replay", { env: { DELIVERIES: fakeQueue("throws").queue } });
  },
} as const satisfies Partial<Record<ProblemCode, Provocation>>;
