import { asPrimary } from "../../../src/platform/shards.ts";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { forgetContext, contextOf } from "../../../src/context.ts";
import { readConfig } from "../../../src/storage/config/config.ts";
import { disableDestination } from "../../../src/storage/destinations/destinations.ts";
import { readRevision } from "../../../src/storage/config/revision.ts";
import { unwrap } from "../../../src/client/index.ts";
import {
  client,
  clientOf,
  createDestination,
  faultsOf,
  request,
  statusOf,
  textOf,
  unchecked,
} from "../../support/api.ts";
import { tables } from "../../support/tables.ts";

const TARGET = { kind: "destination", target_id: "dst_1", target_name: null, before: null, after: null } as const;
const ENTRY = { id: "aud_1", at: "", actor: "gateway", action: "destination.disabled", ...TARGET } as const;

const SECRET = `whsec_${new Uint8Array(32).fill(9).toBase64()}`;

async function storedSecret(): Promise<string> {
  const [destination] = (await readConfig(asPrimary(env.DB))).destinations.values();
  const sealed = destination?.signing_secrets[0]?.sealed ?? "";
  const opened = await contextOf(env).keys.unseal(sealed, destination?.id ?? "");
  return opened.ok ? opened.value : opened.error;
}

describe("a destination", () => {
  it("is made with defaults and a signing secret that is shown once", async () => {
    const reply = await client.destinations.create({ name: "a", url: "https://hooks.example.com/in?x=1" });
    expect(statusOf(reply)).toBe(201);
    const { id, created_at: createdAt, signing_secret: secret, ...shown } = unwrap(reply);
    expect(id).toMatch(/^dst_[0-9a-z]{28}$/);
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(shown).toEqual({
      name: "a",
      signing_overlap_ends_at: null,
      external_id: null,
      managed_by: null,
      type: "webhook",
      url: "https://hooks.example.com/in?x=1",
      method: "POST",
      headers: {},
      forward_headers: [],
      auth: { type: "none" },
      signing: { scheme: "standard-webhooks" },
      requests: {},
      payload: { mode: "envelope" },
      options: {},
      timeout_ms: 10_000,
      retry_schedule: null,
      rate_limit: null,
      max_concurrency: null,
      enabled: true,
      disabled_reason: null,
      paused_at: null,
      transformation_id: null,
      health: { status: "healthy", failures: 0, failing_since: null, retry_at: null },
      updated_at: createdAt,
    });
    expect(await storedSecret()).toBe(secret);
    const [stored] = (await readConfig(asPrimary(env.DB))).destinations.values();
    const sealed = stored?.signing_secrets[0]?.sealed ?? "";
    for (const path of [`/destinations/${id}`, "/destinations"]) {
      const { text } = await request(path);
      for (const never of [secret, sealed, "signing_secret", "sealed", "whsec_"]) expect(text).not.toContain(never);
    }
    expect(unwrap(await client.destinations.get(id))).toEqual({ id, created_at: createdAt, ...shown });
    const row = await tables.destinations.first();
    expect(JSON.stringify(row)).not.toContain(secret);
  });

  it("takes every field that it has", async () => {
    const given = {
      name: "b",
      type: "webhook",
      url: "https://hooks.example.com:8443/in",
      method: "POST",
      headers: { "X-Team": "ops", Authorization: "Bearer abc", "Content-Type": "text/plain", "User-Agent": "é" },
      auth: { type: "none" },
      signing: { scheme: "standard-webhooks", secret: SECRET },
      payload: { mode: "envelope" },
      options: {},
      timeout_ms: 30_000,
      retry_schedule: [1, 86_400],
      enabled: false,
    };
    const made = await createDestination(unchecked(given));
    expect(made).toMatchObject({
      ...given,
      headers: { "x-team": "ops", authorization: "••••", "content-type": "text/plain", "user-agent": "é" },
      signing: { scheme: "standard-webhooks" },
      signing_secret: SECRET,
      disabled_reason: "disabled_by_hand",
    });
    expect(JSON.stringify(made.signing)).not.toContain("secret");
    expect(await storedSecret()).toBe(SECRET);
  });

  const base64Of = (length: number) => `whsec_${new Uint8Array(length).toBase64()}`;

  const refused: [object, string][] = [
    [{ type: "email" }, "type"],
    [{ type: "pager" }, "type"],
    [{ options: [] }, "options"],
    [{ options: null }, "options"],
    [{ options: { key: "a" } }, "options.key"],
    [{ url: "" }, "url"],
    [{ url: 5 }, "url"],
    [{ url: "nope" }, "url"],
    [{ url: "ftp://example.com" }, "url"],
    [{ url: "https://user:pass@example.com" }, "url"],
    [{ url: "https://gate.example.net/integration/x" }, "url"],
    [{ url: "https://a.example.com/\u0000" }, "url"],
    [{ url: "https://a.example.com/\ud800" }, "url"],
    [{ method: "TRACE" }, "method"],
    [{ headers: [] }, "headers"],
    [{ headers: null }, "headers"],
    [{ headers: { host: "x" } }, "headers.host"],
    [{ headers: { Host: "x" } }, "headers.Host"],
    [{ headers: { "Content-Length": "1" } }, "headers.Content-Length"],
    [{ headers: { "transfer-encoding": "chunked" } }, "headers.transfer-encoding"],
    [{ headers: { connection: "close" } }, "headers.connection"],
    [{ headers: { "Webhook-Id": "x" } }, "headers.Webhook-Id"],
    [{ headers: { "webhook-anything": "x" } }, "headers.webhook-anything"],
    [{ headers: { signature: "x" } }, "headers.signature"],
    [{ headers: { "signature-input": "x" } }, "headers.signature-input"],
    [{ headers: { "content-digest": "x" } }, "headers.content-digest"],
    [{ headers: { "": "x" } }, "headers."],
    [{ headers: { "a b": "x" } }, "headers.a b"],
    [{ headers: { "a\r\nb": "x" } }, "headers.a\r\nb"],
    [{ headers: { ü: "x" } }, "headers.ü"],
    [{ headers: { "x-a": "a\r\nb: c" } }, "headers.x-a"],
    [{ headers: { "x-a": "a\u0000" } }, "headers.x-a"],
    [{ headers: { "x-a": "a\tb" } }, "headers.x-a"],
    [{ headers: { "x-a": "a\u0085" } }, "headers.x-a"],
    [{ headers: { "x-a": "€" } }, "headers.x-a"],
    [{ headers: { "x-a": "\ud800" } }, "headers.x-a"],
    [{ headers: { "x-a": 5 } }, "headers.x-a"],
    [{ headers: { "x-a": ["a"] } }, "headers.x-a"],
    [{ headers: { "x-a": "1", "X-A": "2" } }, "headers.X-A"],
    [{ headers: { "x-a": "v".repeat(4097) } }, "headers.x-a"],
    [{ headers: Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`x-${i}`, "v"])) }, "headers"],
    [{ auth: { type: "nope" } }, "auth.type"],
    [{ auth: { type: "none", username: "a" } }, "auth.username"],
    [{ signing: { scheme: "md5" } }, "signing.scheme"],
    [{ signing: {} }, "signing.scheme"],
    [{ signing: { scheme: "standard-webhooks", secret: "secret" } }, "signing.secret"],
    [{ signing: { scheme: "standard-webhooks", secret: "whsec_" } }, "signing.secret"],
    [{ signing: { scheme: "standard-webhooks", secret: base64Of(23) } }, "signing.secret"],
    [{ signing: { scheme: "standard-webhooks", secret: base64Of(65) } }, "signing.secret"],
    [{ signing: { scheme: "standard-webhooks", secret: base64Of(32).slice(0, -1) } }, "signing.secret"],
    [{ signing: { scheme: "standard-webhooks", secret: `${base64Of(32)}\n` } }, "signing.secret"],
    [{ signing: { scheme: "standard-webhooks", secret: base64Of(33).replace("whsec_", "whpk_") } }, "signing.secret"],
    [{ payload: { mode: "whole" } }, "payload.mode"],
    [{ timeout_ms: 999 }, "timeout_ms"],
    [{ timeout_ms: 30_001 }, "timeout_ms"],
    [{ timeout_ms: 1000.5 }, "timeout_ms"],
    [{ timeout_ms: "5000" }, "timeout_ms"],
    [{ timeout_ms: null }, "timeout_ms"],
    [{ retry_schedule: [] }, "retry_schedule"],
    [{ retry_schedule: Array.from({ length: 51 }, () => 1) }, "retry_schedule"],
    [{ retry_schedule: [1, 0] }, "retry_schedule[1]"],
    [{ retry_schedule: [86_401] }, "retry_schedule[0]"],
    [{ retry_schedule: [1.5] }, "retry_schedule[0]"],
    [{ retry_schedule: "1,2" }, "retry_schedule"],
    [{ disabled_reason: "x" }, "disabled_reason"],
    [{ health: null }, "health"],
    [{ signing_secret: SECRET }, "signing_secret"],
    [{ signing_secrets: [] }, "signing_secrets"],
    [{ created_at: "now" }, "created_at"],
  ];

  const named = refused.map(([more, path]) => [JSON.stringify(more).slice(0, 80), more, path] as const);
  it.each(named)("is refused with %s, on POST and on PATCH", async (_what, more, path) => {
    const { id } = await createDestination();
    const before = textOf(await client.destinations.get(id));
    const body = { name: "a", url: "https://hooks.example.com/in", ...more };
    for (const reply of [await client.destinations.create(body), await client.destinations.update(id, more)]) {
      expect(statusOf(reply)).toBe(400);
      expect(new Set(faultsOf(reply))).toEqual(new Set([path]));
    }
    expect(textOf(await client.destinations.get(id))).toBe(before);
  });

  it("is refused with a header that is named like a part of every object", async () => {
    const reply = await request("/destinations", {
      method: "POST",
      body: '{"name":"a","url":"https://a.example.com","headers":{"__proto__":"x"}}',
    });
    expect(reply.status).toBe(400);
    expect(faultsOf(reply)).toEqual(["headers.__proto__"]);
    const made = await createDestination({ headers: { constructor: "a", toString: "b" } });
    expect(made.headers).toEqual({ constructor: "a", tostring: "b" });
  });

  it("may be called over http and on loopback only where private destinations are allowed", async () => {
    const body = { name: "a", url: "http://localhost:9999/in" };
    expect(statusOf(await client.destinations.create(body))).toBe(201);
    forgetContext();
    for (const url of [body.url, "https://127.0.0.1/", "https://gate.example.net:8443/", "https://intranet/"]) {
      const strict = { ALLOW_PRIVATE_DESTINATIONS: "false" };
      const reply = await clientOf({ bindings: strict }).destinations.create({ name: "a", url });
      expect(statusOf(reply)).toBe(400);
      expect(faultsOf(reply)).toEqual(["url"]);
    }
  });
});

describe("PATCH of a destination", () => {
  it("changes only the named fields", async () => {
    const { signing_secret: secret, ...made } = await createDestination({ headers: { a: "1" }, retry_schedule: [5] });
    const changed = await client.destinations.update(made.id, { headers: { b: "2" }, timeout_ms: 2000 });
    expect(unwrap(changed)).toEqual({
      ...made,
      headers: { b: "2" },
      timeout_ms: 2000,
      updated_at: unwrap(changed).updated_at,
    });
    const cleared = await client.destinations.update(made.id, { retry_schedule: null });
    expect(unwrap(cleared).retry_schedule).toBe(null);
    expect(await storedSecret()).toBe(secret);
  });

  it("shows a new signing secret once, and keeps the old one if none is given", async () => {
    const { id } = await createDestination();
    const changed = await client.destinations.update(id, {
      signing: { scheme: "standard-webhooks", secret: SECRET },
    });
    expect(unwrap(changed).signing_secret).toBe(SECRET);
    expect(unwrap(changed).signing).toEqual({ scheme: "standard-webhooks" });
    const kept = await client.destinations.update(id, { signing: { scheme: "standard-webhooks" } });
    expect(textOf(kept)).not.toContain("secret");
    expect(textOf(await client.destinations.get(id))).not.toContain("secret");
    expect(await storedSecret()).toBe(SECRET);
  });

  it("tells why a destination is off, and forgets it when it is on again", async () => {
    const { id } = await createDestination();
    const off = await client.destinations.update(id, { enabled: false });
    expect(unwrap(off)).toMatchObject({ enabled: false, disabled_reason: "disabled_by_hand" });
    const on = await client.destinations.update(id, { enabled: true });
    expect(unwrap(on)).toMatchObject({ enabled: true, disabled_reason: null });
    const before = await readRevision(asPrimary(env.DB));
    const row = { id: "evt_told", message: "{}", send_at: 0 };
    await disableDestination(asPrimary(env.DB), id, "gone", row, ENTRY);
    expect(await readRevision(asPrimary(env.DB))).toBe(before + 1);
    expect(unwrap(await client.destinations.get(id))).toMatchObject({ enabled: false, disabled_reason: "gone" });
    await client.destinations.update(id, { enabled: false });
    expect(unwrap(await client.destinations.get(id)).disabled_reason).toBe("gone");
  });
});

describe("a change of a destination", () => {
  it("is in force in this isolate when it is answered, and raises the revision", async () => {
    const { config } = contextOf(env).caches;
    const start = await readRevision(asPrimary(env.DB));
    expect((await config.load()).destinations.size).toBe(0);
    const { id } = await createDestination();
    expect((await config.load()).destinations.get(id)?.enabled).toBe(true);
    await client.destinations.update(id, { enabled: false });
    expect((await config.load()).destinations.get(id)?.enabled).toBe(false);
    expect(statusOf(await client.destinations.delete(id))).toBe(204);
    expect((await config.load()).destinations.size).toBe(0);
    expect(await readRevision(asPrimary(env.DB))).toBe(start + 3);
    expect(statusOf(await client.destinations.delete(id))).toBe(404);
  });

  it("that deletes it is refused while routes name it, unless it is forced to take it out of them", async () => {
    const [one, two] = [await createDestination(), await createDestination()];
    const only = unwrap(await client.routes.create({ name: "r", destination_ids: [one.id] }));
    const both = unwrap(await client.routes.create({ name: "r", destination_ids: [one.id, two.id] }));
    const path = `/destinations/${one.id}`;
    for (const query of ["", "?force=false"]) {
      const refused = await request(`${path}${query}`, { method: "DELETE" });
      expect(refused.status).toBe(409);
      for (const { id } of [only, both].map((route) => ({ id: route.id }))) {
        expect(JSON.parse(refused.text).detail).toContain(id);
      }
    }
    expect(statusOf(await client.destinations.get(one.id))).toBe(200);
    expect(unwrap(await client.routes.get(only.id)).destination_ids).toEqual([one.id]);
    expect(statusOf(await client.destinations.delete(one.id, { force: true }))).toBe(204);
    expect(unwrap(await client.routes.get(only.id)).destination_ids).toEqual([]);
    expect(unwrap(await client.routes.get(both.id)).destination_ids).toEqual([two.id]);
  });
});

it("the list of destinations has no gap and no repeat", async () => {
  const ids: string[] = [];
  for (let i = 0; i < 9; i++) ids.push((await createDestination()).id);
  for (const limit of [1, 2, 8, 9, 10]) {
    expect((await Array.fromAsync(client.destinations.all({ limit }))).map((row) => row.id)).toEqual(ids.toReversed());
  }
});
