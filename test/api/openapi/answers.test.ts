import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import * as z from "zod/mini";
import { OPERATIONS } from "../../../src/api/openapi/build.ts";
import type { EventMessage } from "../../../src/model/event.ts";
import { alertIdOf } from "../../../src/model/ids.ts";
import { putDocument } from "../../../src/storage/destinations/documents.ts";
import { insertGroupingRoute } from "../../support/groups.ts";
import { begin, oauthDestination, oauthOutside, BY_CODE } from "../../support/oauth.ts";
import { createWorld, eventMessage, fakeOutside, insertDestination, processBatch } from "../../support/world.ts";
import { ORIGIN, client, createDestination, createIntegration, statusOf, unchecked } from "../../support/api.ts";
import { moveAll } from "../../support/segments.ts";
import { signIn } from "../../support/sessions.ts";
import { checkAnswer, seen, takesBody, talk, talkOfTransformations } from "./traffic.ts";
import { tables } from "../../support/tables.ts";

const SIGNATURES = [
  { scheme: "github" },
  { scheme: "grafana", timestamp_header: "x-time" },
  { scheme: "meta", secret: "s3cret" },
  { scheme: "hmac", timestamp_header: "x-time", algorithm: "sha512" },
];
const AUTHS = [
  { type: "none" },
  { type: "token" },
  { type: "basic", username: "u" },
  { type: "bearer" },
  ...SIGNATURES.map((settings) => ({ type: "signature", ...settings })),
];
const INTEGRATIONS = [
  { type: "pagertree", options: { capture_additional_data: true, default_urgency: "high" } },
  { type: "retrace", options: { title_template: "{{ data.x }}" } },
  {
    type: "catch",
    options: { child_key: "a.b" },
    response: { status: 202, headers: { "x-a": "b" }, body: { a: [1] } },
  },
  { type: "rules", options: { rule_set: "grafana" }, response: { body: "ok" }, allowed_ips: ["192.0.2.0/24"] },
  {
    type: "rules",
    options: { rules: [{ match: { a: 1 }, actions: [{ type: "create", title: "t", meta: { a: "{{ a }}" } }] }] },
    rate_limit: { requests: 5, period_seconds: 60 },
  },
];
const DESTINATIONS = [
  { url: "https://hooks.example.com/a", headers: { "x-api-token": "t", "x-plain": "p" } },
  {
    url: "https://hooks.example.com/b",
    auth: { type: "basic", username: "u", password: "p" },
    retry_schedule: [5, 60],
  },
  { url: "https://hooks.example.com/c", auth: { type: "bearer", token: "t" }, signing: { scheme: "rfc9421" } },
  { url: "https://hooks.example.com/d", signing: { scheme: "hmac", header: "x-sig" }, payload: { mode: "original" } },
  { url: "https://hooks.example.com/e", signing: { scheme: "none" }, payload: { mode: "template", body: "{}" } },
  {
    url: "https://hooks.example.com/f",
    payload: { mode: "preset", preset: "telegram", options: { chat_id: 12345, bot_token: `1:${"a".repeat(30)}` } },
    rate_limit: { requests: 1, period_seconds: 1 },
    max_concurrency: 2,
  },
  { type: "document", options: { key: "{{ type }}" } },
  { url: "https://hooks.example.com/g", auth: BY_CODE },
];

const idIn = (json: Readonly<Record<string, unknown>>): string => z.string().parse(json.id);
const rowsIn = (json: Readonly<Record<string, unknown>>) => z.array(z.looseObject({ id: z.string() })).parse(json.data);

async function processed(...messages: readonly EventMessage[]): Promise<void> {
  await processBatch(createWorld().context, [...messages]);
}

beforeEach(() => {
  fakeOutside();
});
describe("what is sent and answered is as the document says:", () => {
  it("integrations", async () => {
    for (const more of INTEGRATIONS) await talk("POST", "/integrations", { name: "i", ...more });
    for (const auth of AUTHS) {
      const { status, json } = await talk("POST", "/integrations", { name: "i", type: "pagertree", auth });
      expect(status).toBe(201);
      await talk("PATCH", `/integrations/${idIn(json)}`, { auth, options: { wrapper_key: "a.b" }, enabled: false });
      await talk("POST", `/integrations/${idIn(json)}/rotate-token`, { overlap_seconds: 60 });
      await talk("GET", `/integrations/${idIn(json)}`);
    }
    const { json } = await talk("GET", "/integrations?limit=3");
    expect(json.next_cursor).not.toBeNull();
    const [first = { id: "" }] = rowsIn(json);
    await talk("POST", `/integrations/${first.id}/rotate-url`);
    await talk("DELETE", `/integrations/${first.id}`);
    await talk("GET", `/integrations/${first.id}`);
    await talk("POST", "/integrations", { name: "" });
  });

  it("previews and samples of integrations", async () => {
    const { id } = await createIntegration();
    const path = `/integrations/${id}`;
    const { json } = await talk("POST", `${path}/preview`, { event_type: "create", Id: "a", Title: "t" });
    expect(json.accepted).toBe(true);
    expect((await talk("POST", `${path}/preview`, { event_type: "create" })).json.accepted).toBe(false);
    await talk("POST", `${path}/preview`, {}, { "content-encoding": "gzip" });
    await processed({ ...eventMessage("create", "disk"), integration_id: id });
    expect((await talk("GET", `${path}/samples?limit=25`)).json.data).toHaveLength(1);
    await talk("GET", `${path}/samples?limit=26`);
    const example = { method: "POST", content_type: null, user_agent: "a", size: 3 };
    const counts = { "403 bad_token": { count: 2, at: 1_700_000_000_000, example } };
    await tables.rejections.insert({ integration_id: id, minute: 28_333_333, counts });
    expect((await talk("GET", `${path}/rejections`)).json.data).toHaveLength(1);
    expect((await talk("GET", path)).json.last_rejection).toMatchObject({ status: 403 });
  });

  it("destinations", async () => {
    for (const more of DESTINATIONS) {
      const { status, json } = await talk("POST", "/destinations", { name: "d", ...more });
      expect(status).toBe(201);
      await talk("GET", `/destinations/${idIn(json)}`);
      await talk("POST", `/destinations/${idIn(json)}/rotate-secret`, { overlap_seconds: 0 });
      for (const verb of ["pause", "resume"]) await talk("POST", `/destinations/${idIn(json)}/${verb}`);
      await talk("POST", `/destinations/${idIn(json)}/test`, {});
    }
    await talk("GET", "/destinations?limit=250");
    const { id } = await createDestination();
    await processed(eventMessage("create", "disk"));
    await talk("PATCH", `/destinations/${id}`, { enabled: false, signing: { scheme: "hmac", header: "x-a" } });
    expect((await talk("POST", `/destinations/${id}/preview`)).json.ok).toBe(true);
    await talk("POST", `/destinations/${id}/preview`, { payload: { mode: "template", body: "{{" } });
    await talk("DELETE", `/destinations/${id}`);
  });

  it("documents and authorizations of destinations", async () => {
    const { json } = await talk("POST", "/destinations", { name: "d", type: "document", options: { key: "a" } });
    await talk("PATCH", `/destinations/${idIn(json)}`, { options: { key: "b" } });
    const note = { event_id: "evt_1", delivery_id: "dlv_1", replaces: "any" } as const;
    const bytes = new TextEncoder().encode("{}");
    const document = { ...note, key: "a/b.json", bytes, content_type: "application/json" };
    await putDocument(env.BODIES, idIn(json), document);
    expect((await talk("GET", `/destinations/${idIn(json)}/documents`)).json.data).toHaveLength(1);
    await talk("GET", `/destinations/${idIn(json)}/documents/a/b.json`);
    await talk("POST", `/destinations/${idIn(json)}/authorize`);
    const own = idIn((await talk("POST", "/destinations", { name: "l", type: "cli" })).json);
    const opening = { upgrade: "websocket" };
    for (const at of [`/destinations/${own}/listen`, "/live"]) await talk("GET", at, undefined, opening);
    vi.restoreAllMocks();
    oauthOutside();
    const id = await oauthDestination(BY_CODE);
    await begin(id);
    await talk("POST", `/destinations/${id}/authorize`, {});
  });

  it("routes", async () => {
    const { id } = await createDestination();
    const given = { name: "r", destination_ids: [id], match: { "data.a": { $in: [1] } }, group_by: "{{ a }}" };
    const { json } = await talk("POST", "/routes", {
      ...given,
      event_types: ["alert.created"],
      group_attributes: ["a.b"],
    });
    await processed(eventMessage("create", "disk"));
    const path = `/routes/${idIn(json)}`;
    await talk("GET", path);
    await talk("PATCH", path, { match: null, group_window_seconds: 60, integration_ids: null });
    expect((await talk("POST", `${path}/preview`, { limit: 5, event_types: null })).json.matched).toBe(1);
    await talk("POST", `${path}/preview`, { match: { a: 1 } });
    expect((await talk("POST", "/route-previews", { match: { "data.alert.key": "disk" } })).json.matched).toBe(1);
    await talk("GET", "/routes");
    await talk("DELETE", path);
  });

  it("events, alerts and deliveries", async () => {
    await insertDestination("dst_0000000000000000000000000001");
    await insertGroupingRoute("rte_1", ["dst_0000000000000000000000000001"]);
    const opened = eventMessage("create", "disk");
    await processed(opened);
    const { json } = await talk("GET", `/events/${opened.id}`);
    expect(json.groups).toHaveLength(1);
    await talk("PATCH", "/routes/rte_1", { group_window_seconds: 0 });
    const other = eventMessage("create", "cpu");
    await processed(other);
    for (const path of ["/events", "/events?type=alert.created&unrouted=false", "/alerts", "/alerts?status=open"]) {
      expect(rowsIn((await talk("GET", path)).json).length).toBeGreaterThan(0);
    }
    const [delivery = { id: "" }] = rowsIn((await talk("GET", "/deliveries?status=delivered")).json);
    await talk("GET", `/deliveries/${delivery.id}`);
    expect((await talk("POST", `/deliveries/${delivery.id}/retry`)).status).toBe(200);
    const explained = (await talk("GET", `/events/${other.id}/explain?limit=5`)).json;
    expect(explained.routes.length).toBeGreaterThan(0);
    expect(rowsIn((await talk("GET", "/search?q=cpu")).json).length).toBeGreaterThan(0);
    const alert = `/alerts/${alertIdOf(other.id)}`;
    await talk("GET", alert);
    await talk("POST", `${alert}/acknowledge`);
    await talk("POST", `${alert}/resolve`);
    expect((await talk("POST", `/events/${other.id}/replay`, {})).status).toBe(200);
    await talk("POST", `/events/${other.id}/erase`);
    expect((await talk("POST", `/events/${other.id}/replay`)).status).toBe(409);
  });

  it("replays and dead letters", async () => {
    const filter = { status: "dead", from: "2026-01-01T00:00:00+01:00", to: null };
    await talk("POST", "/replays", { filter, dry_run: true });
    const { json } = await talk("POST", "/replays", {
      filter: { status: ["dead"] },
      dry_run: false,
      rate_per_second: 5,
    });
    await talk("GET", "/replays");
    await talk("GET", `/replays/${idIn(json)}`);
    await talk("POST", `/replays/${idIn(json)}/cancel`);
    const message = { a: 1 };
    await tables.dead_letters.insert({ id: "a1", message }, { id: "b2", queue: "hookgate-deliveries", message });
    await talk("GET", "/dead-letters?limit=1");
    await talk("GET", "/dead-letters/a1");
    expect((await talk("POST", "/dead-letters/a1/replay")).status).toBe(409);
    await talk("POST", "/dead-letters/b2/replay");
    await talk("DELETE", "/dead-letters/a1");
  });

  it("metrics", async () => {
    await processed(eventMessage("create", "disk"));
    for (const query of ["measure=accepted", "measure=latency_p95&group_by=integration&step=minute"]) {
      expect((await talk("GET", `/metrics?${query}`)).status).toBe(200);
    }
    expect((await talk("GET", "/metrics?measure=none")).status).toBe(400);
  });

  it("tokens, keys, rule sets, the balance and the document itself", async () => {
    const expires_at = new Date(Date.now() + 60_000).toISOString();
    const { json } = await talk("POST", "/tokens", { name: "t", scopes: ["write", "read"], expires_at });
    await talk("PATCH", `/tokens/${idIn(json)}`, { scopes: ["admin"], expires_at: null });
    await talk("GET", `/tokens/${idIn(json)}`);
    await talk("GET", "/tokens?limit=1");
    await talk("DELETE", `/tokens/${idIn(json)}`);
    await talk("POST", "/keys/signing/rotate", { overlap_seconds: 60 });
    await talk("PUT", "/config?dry_run=true", { version: 1, integrations: { hook: { type: "catch" } } });
    const paths =
      "/keys /audit /config /config.schema.json /rule-sets?q=grafana&category=monitoring /presets /reconciliation";
    for (const path of [...paths.split(" "), "/openapi.json"]) expect((await talk("GET", path)).status).toBe(200);
    expect((await talk("POST", "/rule-sets/detect", { hello: "world" })).json.data).toEqual([]);
  });

  it("segments and transformations", async () => {
    await talkOfTransformations();
    const world = createWorld();
    await processBatch(world.context, [eventMessage("create", "disk")]);
    world.pass(120_000);
    await moveAll(world.context);
    await talk("GET", `/segments/${idIn((await talk("GET", "/segments")).json.data[0])}`);
  });

  it("sessions", async () => {
    expect((await talk("POST", "/sessions", { token: env.ADMIN_TOKEN })).status).toBe(201);
    expect((await talk("POST", "/sessions", { token: "hgt_wrong" })).status).toBe(401);
    await talk("GET", "/sessions/current");
    expect((await talk("DELETE", "/sessions/current")).status).toBe(404);
    const own = { authorization: "", cookie: await signIn(), origin: ORIGIN };
    await talk("DELETE", "/sessions/current", undefined, own);
  });

  it("what is refused", async () => {
    const token = { name: "t", scopes: ["read"] };
    const key = { "idempotency-key": "k" };
    await talk("POST", "/tokens", token, key);
    expect((await talk("POST", "/tokens", token, key)).headers.get("idempotency-replayed")).toBe("true");
    expect((await talk("POST", "/tokens", { ...token, name: "u" }, key)).status).toBe(422);
    expect((await talk("GET", "/tokens", undefined, { authorization: "Bearer none" })).status).toBe(401);
    expect((await talk("POST", "/tokens", { name: "x".repeat(1_100_000) })).status).toBe(413);
    expect((await talk("GET", "/tokens?limit=251")).status).toBe(400);
    expect((await talk("GET", "/tokens/none")).status).toBe(404);
  });

  // Last: by now each of them has been asked.
  it("all of it", () => {
    const asked = OPERATIONS.filter(({ path }) => path.startsWith("/api/v1/"));
    const wanted = asked.flatMap(({ id, answers }) => Object.keys(answers).map((status) => `${id} ${status}`));
    expect(wanted.filter((each) => !seen.has(each))).toEqual([]);
  });
});

it("the document takes no more than the gateway where a schema says all there is to say", async () => {
  const wrong = [
    { name: "x".repeat(201), type: "catch" },
    { name: "x", type: "telepathy" },
    { name: "x", type: "catch", auth: { type: "token", header: "a b" } },
    { name: "x", type: "catch", allowed_ips: [] },
    { name: "x", type: "catch", surprise: true },
    { type: "catch" },
  ];
  for (const body of wrong) {
    expect(takesBody("POST", "/api/v1/integrations", body)).toBe(false);
    expect(statusOf(await client.integrations.create(unchecked(body)))).toBe(400);
  }
});

it("an answer that is not as the document says is found out", async () => {
  const { json } = await talk("POST", "/tokens", { name: "t", scopes: ["read"] });
  const { token: _token, ...rest } = json;
  const reply = { status: 201, text: "", json: rest };
  expect(() => checkAnswer("POST", "/api/v1/tokens", reply)).toThrow();
  expect(() => checkAnswer("POST", "/api/v1/tokens", { ...reply, json: { ...json, more: 1 } })).toThrow();
  expect(() => checkAnswer("POST", "/api/v1/tokens", { ...reply, status: 418 })).toThrow("answered 418");
  expect(() => checkAnswer("POST", "/api/v1/nothing", reply)).toThrow("not in the document");
});
