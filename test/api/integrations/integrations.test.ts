import { asPrimary } from "../../../src/platform/shards.ts";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { contextOf } from "../../../src/context.ts";
import { readConfig } from "../../../src/storage/config/config.ts";
import { findIntegration } from "../../../src/storage/config/integrations.ts";
import { unwrap } from "../../../src/client/index.ts";
import {
  client,
  createDestination,
  createIntegration,
  faultsOf,
  fieldOf,
  request,
  statusOf,
  textOf,
  unchecked,
} from "../../support/api.ts";
import { revision, tables } from "../../support/tables.ts";

const TOKEN = "tok-9f8e7d6c5b4a39281706f5e4d3c2b1a0";

const DEFAULT_OPTIONS = {
  title_template: null,
  description_template: null,
  expect_every_minutes: null,
  capture_additional_data: false,
  wrapper_key: null,
  default_urgency: null,
};

describe("an integration", () => {
  it("is made with defaults", async () => {
    const reply = await client.integrations.create({ name: "a", type: "pagertree" });
    expect(statusOf(reply)).toBe(201);
    const { id, created_at: createdAt } = unwrap(reply);
    expect(id).toMatch(/^int_[0-9a-z]{36}$/);
    expect(createdAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(unwrap(reply)).toEqual({
      id,
      name: "a",
      external_id: null,
      managed_by: null,
      type: "pagertree",
      enabled: true,
      url: `https://gate.example.net/integration/${id}`,
      auth: { type: "none" },
      allowed_ips: null,
      options: DEFAULT_OPTIONS,
      response: null,
      rate_limit: null,
      handshake: null,
      transformation_id: null,
      shard: 0,
      last_event_at: null,
      last_rejection: null,
      created_at: createdAt,
      updated_at: createdAt,
    });
    expect(unwrap(await client.integrations.get(id))).toEqual(unwrap(reply));
    expect(unwrap(await client.integrations.list())).toEqual({ data: [unwrap(reply)], next_cursor: null });
  });

  it("has one shard to be in, where there is one", async () => {
    expect(await createIntegration({ shard: 0 })).toMatchObject({ shard: 0 });
    const refused = await client.integrations.create({ name: "a", type: "pagertree", shard: 1 });
    expect(statusOf(refused)).toBe(400);
    expect(faultsOf(refused)).toEqual(["shard"]);
  });

  it("shows a given token once, and keeps only its hash", async () => {
    const made = await createIntegration({ auth: { type: "token", token: TOKEN } });
    expect(made.auth).toEqual({ type: "token", header: "pagertree-token", token: TOKEN });
    const stored = await findIntegration(asPrimary(env.DB), made.id);
    const hash = stored?.auth.type === "token" ? stored.auth.token_hash : "";
    expect(await contextOf(env).keys.tokenMatches(TOKEN, hash)).toBe(true);
    const row = await tables.integrations.first();
    expect(JSON.stringify(row)).not.toContain(TOKEN);
    for (const path of [`/integrations/${made.id}`, "/integrations"]) {
      const { text } = await request(path);
      expect(text).not.toContain(TOKEN);
      expect(text).not.toContain(hash);
      expect(text).not.toContain("hash");
    }
    const json = unwrap(await client.integrations.get(made.id));
    expect(json.auth).toEqual({ type: "token", header: "pagertree-token" });
  });

  it("makes a token if none is given", async () => {
    const made = await createIntegration({ auth: { type: "token", header: "X-My-Token" } });
    const token = fieldOf(made.auth, "token");
    expect(made.auth).toMatchObject({ header: "x-my-token" });
    expect(token).toMatch(/^tok_[A-Za-z0-9+/=]{44}$/);
    const other = await createIntegration({ auth: { type: "token" } });
    expect(fieldOf(other.auth, "token")).not.toBe(token);
  });

  it.each([
    [{ type: "nope" }, "type"],
    [{ type: ["pagertree"] }, "type"],
    [{ type: "Retrace" }, "type"],
    [{ type: null }, "type"],
    [{ enabled: "yes" }, "enabled"],
    [{ enabled: null }, "enabled"],
    [{ url: "https://example.com" }, "url"],
    [{ auth: null }, "auth"],
    [{ auth: "none" }, "auth"],
    [{ auth: {} }, "auth.type"],
    [{ auth: { type: "digest", username: "a", password: "b" } }, "auth.type"],
    [{ auth: { type: "basic", password: "b" } }, "auth.username"],
    [{ auth: { type: "basic", username: "a:b", password: "b" } }, "auth.username"],
    [{ auth: { type: "basic", username: "a", password: 5 } }, "auth.password"],
    [{ auth: { type: "bearer", token: "a b" } }, "auth.token"],
    [{ auth: { type: "signature", scheme: "nope" } }, "auth.scheme"],
    [{ auth: { type: "none", token: "x" } }, "auth.token"],
    [{ auth: { type: "token", token: "" } }, "auth.token"],
    [{ auth: { type: "token", token: " a" } }, "auth.token"],
    [{ auth: { type: "token", token: "a " } }, "auth.token"],
    [{ auth: { type: "token", token: "a\nb" } }, "auth.token"],
    [{ auth: { type: "token", token: "ä" } }, "auth.token"],
    [{ auth: { type: "token", token: "x".repeat(1025) } }, "auth.token"],
    [{ auth: { type: "token", token: 5 } }, "auth.token"],
    [{ auth: { type: "token", token: null } }, "auth.token"],
    [{ auth: { type: "token", header: "" } }, "auth.header"],
    [{ auth: { type: "token", header: "a b" } }, "auth.header"],
    [{ auth: { type: "token", header: "a:b" } }, "auth.header"],
    [{ auth: { type: "token", header: "ü" } }, "auth.header"],
    [{ auth: { type: "token", header: "Content-Length" } }, "auth.header"],
    [{ auth: { type: "token", token_hash: "x" } }, "auth.token_hash"],
    [{ allowed_ips: "10.0.0.0/8" }, "allowed_ips"],
    [{ allowed_ips: [] }, "allowed_ips"],
    [{ allowed_ips: ["10.0.0.0/8", "10.0.0.0/33"] }, "allowed_ips[1]"],
    [{ allowed_ips: ["10.0.0/8"] }, "allowed_ips[0]"],
    [{ response: { status: 500 } }, "response.status"],
    [{ response: { status: 204, body: "x" } }, "response.body"],
    [{ response: { headers: { "Content-Length": "5" } } }, "response.headers.Content-Length"],
    [{ rate_limit: 5 }, "rate_limit"],
    [{ rate_limit: { requests: 1 } }, "rate_limit.period_seconds"],
    [{ rate_limit: { requests: 0, period_seconds: 1 } }, "rate_limit.requests"],
    [{ rate_limit: { requests: 1, period_seconds: 86_401 } }, "rate_limit.period_seconds"],
    [{ options: null }, "options"],
    [{ options: [] }, "options"],
    [{ options: { nope: 1 } }, "options.nope"],
    [{ options: { capture_additional_data: "yes" } }, "options.capture_additional_data"],
    [{ options: { default_urgency: "urgent" } }, "options.default_urgency"],
    [{ options: { wrapper_key: "a[" } }, "options.wrapper_key"],
    [{ options: { title_template: "{{ data.a" } }, "options.title_template"],
  ])("is refused with %j, on POST and on PATCH", async (more, path) => {
    const { id } = await createIntegration();
    const before = await client.integrations.get(id);
    for (const reply of [
      await client.integrations.create(unchecked({ name: "a", type: "pagertree", ...more })),
      await client.integrations.update(id, unchecked(more)),
    ]) {
      expect(statusOf(reply)).toBe(400);
      expect(new Set(faultsOf(reply))).toEqual(new Set([path]));
    }
    expect(await client.integrations.get(id)).toEqual({ ...before, headers: expect.anything() });
    expect(unwrap(await client.integrations.list()).data).toHaveLength(1);
  });

  it("says which types, which auth and which schemes are supported", async () => {
    const types = "backtrace, catch, pagertree, retrace, rules, thousandeyes";
    expect(textOf(await client.integrations.create({ name: "a", type: unchecked("nope") }))).toContain(
      `supports: ${types}`,
    );
    const withAuth = async (auth: object) =>
      textOf(await client.integrations.create({ name: "a", type: "pagertree", auth: unchecked(auth) }));
    for (const type of ["none", "token", "basic", "bearer", "signature"]) {
      expect(await withAuth({ type: "digest" })).toContain(JSON.stringify(`"${type}"`).slice(1, -1));
    }
    expect(await withAuth({ type: "signature", scheme: "nope" })).toContain("standard-webhooks");
  });

  it("takes tokens of 1 and of 1024 characters", async () => {
    for (const token of ["x", "a b", "~".repeat(1024)]) {
      expect((await createIntegration({ auth: { type: "token", token } })).auth).toMatchObject({ token });
    }
  });
});

describe("PATCH of an integration", () => {
  it("changes only the named fields", async () => {
    const made = await createIntegration({
      options: { default_urgency: "low" },
      auth: { type: "token", token: TOKEN },
    });
    const changed = await client.integrations.update(made.id, { enabled: false });
    expect(statusOf(changed)).toBe(200);
    expect(unwrap(changed)).toEqual({
      ...made,
      enabled: false,
      auth: { type: "token", header: "pagertree-token" },
      updated_at: unwrap(changed).updated_at,
    });
    expect(unwrap(await client.integrations.get(made.id))).toEqual(unwrap(changed));
  });

  it("merges options by key", async () => {
    const { id } = await createIntegration({ options: { capture_additional_data: true, default_urgency: "low" } });
    const json = unwrap(await client.integrations.update(id, { options: { default_urgency: null } }));
    expect(json.options).toEqual({ ...DEFAULT_OPTIONS, capture_additional_data: true });
  });

  it("keeps the token where the new auth names none, and the header where it names none", async () => {
    const { id } = await createIntegration({ auth: { type: "token", token: TOKEN } });
    const moved = await client.integrations.update(id, { auth: { type: "token", header: "x-other" } });
    expect(unwrap(moved).auth).toEqual({ type: "token", header: "x-other" });
    const stored = await findIntegration(asPrimary(env.DB), id);
    const hash = stored?.auth.type === "token" ? stored.auth.token_hash : "";
    expect(await contextOf(env).keys.tokenMatches(TOKEN, hash)).toBe(true);
    const renewed = await client.integrations.update(id, { auth: { type: "token", token: "fresh" } });
    expect(unwrap(renewed).auth).toEqual({ type: "token", header: "x-other", token: "fresh" });
    expect(textOf(await client.integrations.get(id))).not.toContain("fresh");
  });

  it("makes a token when it turns token auth on, and drops it when it turns it off", async () => {
    const { id } = await createIntegration();
    const on = await client.integrations.update(id, { auth: { type: "token" } });
    expect(fieldOf(unwrap(on).auth, "token")).toMatch(/^tok_/);
    const off = await client.integrations.update(id, { auth: { type: "none" } });
    expect(unwrap(off).auth).toEqual({ type: "none" });
    const again = await client.integrations.update(id, { auth: { type: "token" } });
    expect(fieldOf(unwrap(again).auth, "token")).not.toBe(fieldOf(unwrap(on).auth, "token"));
  });

  it("takes a body that names nothing", async () => {
    const made = await createIntegration();
    const reply = await client.integrations.update(made.id, {});
    const status = statusOf(reply);
    const json = unwrap(reply);
    expect(status).toBe(200);
    expect(json).toEqual({ ...made, updated_at: json.updated_at });
  });

  it("loses no field to another PATCH at the same time", async () => {
    const { id } = await createIntegration();
    await Promise.all([
      client.integrations.update(id, { name: "renamed" }),
      client.integrations.update(id, { enabled: false }),
      client.integrations.update(id, { auth: { type: "token", token: TOKEN } }),
    ]);
    const json = unwrap(await client.integrations.get(id));
    expect(json).toMatchObject({ name: "renamed", enabled: false, auth: { type: "token" } });
  });
});

describe("a change of an integration", () => {
  it("is in force in this isolate when it is answered, and raises the revision", async () => {
    const { integrations } = contextOf(env).caches;
    const enabled = async (id: string) => {
      const found = await integrations.find(id);
      return found.kind === "found" ? found.integration.enabled : found.kind;
    };
    const start = await revision();
    const { id } = await createIntegration();
    expect(await enabled(id)).toBe(true);
    await client.integrations.update(id, { enabled: false });
    expect(await enabled(id)).toBe(false);
    expect(statusOf(await client.integrations.delete(id))).toBe(204);
    expect(await enabled(id)).toBe("unknown");
    expect(await revision()).toBe(start + 3);
    expect(statusOf(await client.integrations.get(id))).toBe(404);
    expect(statusOf(await client.integrations.delete(id))).toBe(404);
  });

  it("takes a deleted one out of routes, and never turns its list into all", async () => {
    const [one, two] = [await createIntegration(), await createIntegration()];
    const { id: destinationId } = await createDestination();
    const route = (ids: unknown) => ({ name: "r", integration_ids: ids, destination_ids: [destinationId] });
    const only = unwrap(await client.routes.create(unchecked(route([one.id]))));
    const both = unwrap(await client.routes.create(unchecked(route([two.id, one.id]))));
    const all = unwrap(await client.routes.create(unchecked(route(null))));
    await client.integrations.delete(one.id);
    const left = new Map((await readConfig(asPrimary(env.DB))).routes.map((each) => [each.id, each.integration_ids]));
    expect(left.get(only.id)).toEqual([]);
    expect(left.get(both.id)).toEqual([two.id]);
    expect(left.get(all.id)).toBe(null);
    expect(unwrap(await client.routes.get(only.id)).integration_ids).toEqual([]);
  });
});

describe("the list of integrations", () => {
  it("gives 120 of them newest first, without gap or repeat, whatever the page", async () => {
    const ids: string[] = [];
    for (let i = 0; i < 120; i++) ids.push((await createIntegration({ name: `n${i}` })).id);
    const expected = ids.toReversed();
    for (const limit of [7, 40, 119, 120, 121, 250]) {
      expect((await Array.fromAsync(client.integrations.all({ limit }))).map((row) => row.id)).toEqual(expected);
    }
    const first = await client.integrations.list();
    expect(unwrap(first).data).toHaveLength(50);
    await createIntegration({ name: "made while someone pages" });
    const second = await client.integrations.list({ cursor: unwrap(first).next_cursor ?? "", limit: 70 });
    expect(unwrap(second).data.map((row) => row.id)).toEqual(expected.slice(50));
    expect(unwrap(second).next_cursor).toBe(null);
  });
});
