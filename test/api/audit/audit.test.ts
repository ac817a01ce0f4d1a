import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { contextOf } from "../../../src/context.ts";
import { disable } from "../../../src/delivery/attempts/disable.ts";
import { asPrimary } from "../../../src/platform/shards.ts";
import { findDestination } from "../../../src/storage/destinations/destinations.ts";
import { unwrap } from "../../../src/client/index.ts";
import { client, clientOf, createDestination, createIntegration, faultsOf, statusOf } from "../../support/api.ts";
import { maintain } from "../../support/maintenance.ts";
import { tables } from "../../support/tables.ts";

async function newest() {
  const [entry] = unwrap(await client.audit.list({ limit: 1 })).data;
  if (entry === undefined) throw new Error("Nothing is on record.");
  return entry;
}

/** What the database holds of the audit trail. */
async function stored(): Promise<string> {
  return JSON.stringify(await tables.audit.all());
}

describe("an entry", () => {
  it("says who changed which fields, from what to what", async () => {
    const secret = unwrap(await client.tokens.create({ name: "deploy", scopes: ["write"] }));
    const { id } = await createDestination({ timeout_ms: 5_000 });
    const mine = clientOf({ token: secret.token });
    unwrap(await mine.destinations.update(id, { timeout_ms: 7_000, name: "chat", max_concurrency: 3 }));
    expect(await newest()).toEqual({
      id: expect.stringMatching(/^aud_/),
      at: expect.stringMatching(/Z$/),
      actor: secret.id,
      actor_name: "deploy",
      action: "destination.updated",
      kind: "destination",
      target: { id, name: "chat" },
      before: { name: "receiver", timeout_ms: 5_000, max_concurrency: null },
      after: { name: "chat", timeout_ms: 7_000, max_concurrency: 3 },
    });
    unwrap(await client.destinations.delete(id));
    expect(await newest()).toMatchObject({
      actor: "admin",
      action: "destination.deleted",
      before: { name: "chat", url: "https://hooks.example.com/in" },
      after: null,
    });
  });

  it("has marks in place of secrets, in the table, too", async () => {
    const secrets = [
      "a-sealed-password",
      "aRoutingKey0123456789",
      "a-header-value",
      "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    ];
    const [password = "", routing_key = "", key = "", secret = ""] = secrets;
    const { id } = await createDestination({
      auth: { type: "basic", username: "me", password },
      headers: { "x-api-key": key, "x-team": "night" },
      payload: { mode: "preset", preset: "pagerduty", options: { routing_key } },
      signing: { scheme: "standard-webhooks", secret },
    });
    expect(await newest()).toMatchObject({
      before: null,
      after: {
        auth: { type: "basic", username: "me", password: "set" },
        headers: { "x-team": "night" },
        secret_headers: { "x-api-key": "set" },
        payload: { options: {}, secret_options: { routing_key: "set" } },
        signing_secrets: "set",
      },
    });
    unwrap(await client.destinations.update(id, { auth: { type: "basic", username: "you", password } }));
    expect(await newest()).toMatchObject({ after: { auth: { username: "you", password: "unchanged" } } });
    unwrap(await client.destinations.update(id, { auth: { type: "basic", username: "you", password: "another" } }));
    expect(await newest()).toMatchObject({
      before: { auth: { password: "secret" } },
      after: { auth: { password: "changed" } },
    });
    const made = unwrap(
      await client.integrations.create({ name: "a", type: "catch", auth: { type: "token", token: "tok_given" } }),
    );
    expect(await newest()).toMatchObject({ after: { auth: { type: "token", token: "set" } } });
    const rotated = unwrap(await client.integrations.rotateToken(made.id, {}));
    expect(await newest()).toMatchObject({
      before: { auth: { token: "secret" } },
      after: { auth: { token: "changed" } },
    });
    const moved = unwrap(await client.integrations.rotateUrl(made.id, {}));
    expect(await newest()).toMatchObject({ action: "integration.url_rotated", after: { address: "set" } });
    const api = unwrap(await client.tokens.create({ name: "t", scopes: ["read"] }));
    const all = await stored();
    const shown = "token" in rotated.auth ? rotated.auth.token : undefined;
    for (const each of [...secrets, "another", "tok_given", shown, moved.url.split("/").at(-1), api.token]) {
      expect(all).not.toContain(each);
    }
    // Neither a hash nor a sealed text: each names the key that made it.
    expect(all).not.toMatch(/[0-9a-f]{8}\.[A-Za-z0-9+/]{16}/);
    expect(all).not.toContain("sealed_");
    expect(all).not.toContain("_hash");
  });

  it("is of bounded size, however large the values are", async () => {
    const { id } = await createIntegration();
    const description_template = "x".repeat(9_000);
    unwrap(await client.integrations.update(id, { options: { description_template } }));
    expect(JSON.stringify(await newest()).length).toBeLessThan(2_000);
    expect((await newest()).after).toEqual({ options: expect.stringMatching(/^\(\d+ characters\)$/) });
  });

  it("has the actor gateway if the gateway itself disables a destination, once", async () => {
    const { id } = await createDestination();
    const destination = await findDestination(asPrimary(env.DB), id);
    if (destination === null) throw new Error("no destination");
    await disable(contextOf(env), destination, "gone", true);
    await disable(contextOf(env), destination, "gone", true);
    const { data } = unwrap(await client.audit.list({ action: "destination.disabled" }));
    expect(data).toMatchObject([
      { actor: "gateway", target: { id }, after: { enabled: false, disabled_reason: "gone" } },
    ]);
  });

  it("is deleted with the log", async () => {
    let minutes = 1;
    const { id } = await createDestination();
    await maintain(contextOf(env), "* * * * *", Date.now() + minutes++ * 60_000);
    expect(unwrap(await client.audit.list({ id })).data).toHaveLength(1);
    await tables.audit.insert({
      id: "aud_000000000000000000000000old1",
      at: "2020-01-01T00:00:00.000Z",
      actor: "admin",
      action: "route.created",
      kind: "route",
      target_id: "rte_1",
    });
    await maintain(contextOf(env), "* * * * *", Date.now() + minutes++ * 60_000);
    expect(await tables.audit.count({ actor: "admin" })).toBe(1);
  });
});

describe("the list", () => {
  it("is newest first, by pages, and by actor, kind, id, action and time", async () => {
    const one = await createDestination({ name: "one" });
    const two = await createDestination({ name: "two" });
    await createIntegration();
    await client.destinations.update(one.id, { name: "uno" });
    const all = await Array.fromAsync(client.audit.all({ limit: 1 }));
    expect(all.map(({ action, target }) => [action, target.name])).toEqual([
      ["destination.updated", "uno"],
      ["integration.created", "monitoring"],
      ["destination.created", "two"],
      ["destination.created", "one"],
    ]);
    const count = async (query: Parameters<typeof client.audit.list>[0]) =>
      unwrap(await client.audit.list(query)).data.length;
    expect(await count({ kind: "destination" })).toBe(3);
    expect(await count({ id: two.id })).toBe(1);
    expect(await count({ action: "destination.created" })).toBe(2);
    expect(await count({ actor: "admin" })).toBe(4);
    expect(await count({ actor: "nobody" })).toBe(0);
    const [last] = all;
    expect(await count({ from: last?.at ?? "" })).toBeGreaterThan(0);
    expect(await count({ to: "2020-01-01T00:00:00Z" })).toBe(0);
    expect(await count({ from: "0001-01-01T00:00:00Z", to: "9999-12-31T00:00:00+01:00" })).toBe(4);
    expect(faultsOf(await client.audit.list({ from: "yesterday" }))).toEqual(["from"]);
    expect(faultsOf(await client.audit.list({ from: "2027-01-01T00:00:00Z", to: "2026-01-01T00:00:00Z" }))).toEqual([
      "to",
    ]);
  });

  it("includes both ends of a range of times", async () => {
    await createDestination();
    const { at } = await newest();
    const count = async (query: Parameters<typeof client.audit.list>[0]) =>
      unwrap(await client.audit.list(query)).data.length;
    const before = new Date(Date.parse(at) - 1).toISOString();
    const after = new Date(Date.parse(at) + 1).toISOString();
    expect(await count({ from: at, to: at })).toBe(1);
    expect(await count({ from: before, to: before })).toBe(0);
    expect(await count({ from: after })).toBe(0);
  });

  it("takes the external_id of a thing in place of its id", async () => {
    const { id } = await createDestination({ external_id: "chat" });
    await createDestination({ external_id: "other" });
    const route = unwrap(await client.routes.create({ name: "a", destination_ids: [id], external_id: "chat" }));
    const targets = async (query: Parameters<typeof client.audit.list>[0]) =>
      unwrap(await client.audit.list(query)).data.map(({ target }) => target.id);
    expect(await targets({ id: "chat" })).toEqual([route.id, id]);
    expect(await targets({ id: "chat", kind: "destination" })).toEqual([id]);
    expect(await targets({ id: "unknown" })).toEqual([]);
  });

  it("reads a bounded number of rows of a page that few rows match", async () => {
    const row = { at: "2026-11-20T10:00:00.000Z", actor: "admin", action: "route.created", kind: "route" };
    const rows = Array.from({ length: 2_500 }, (_, index) => ({
      ...row,
      id: `aud_1m8jcfjzr0005wjpm544tf${String(index).padStart(6, "0")}`,
      target_id: index === 3 ? "rte_wanted" : "rte_other",
    }));
    await tables.audit.insert(...rows);
    const first = unwrap(await client.audit.list({ id: "rte_wanted" }));
    expect(first.data).toEqual([]);
    expect(first.next_cursor).not.toBeNull();
    const found = await Array.fromAsync(client.audit.all({ id: "rte_wanted" }));
    expect(found.map(({ target }) => target.id)).toEqual(["rte_wanted"]);
  });

  it("is for administrators", async () => {
    const { token } = unwrap(await client.tokens.create({ name: "t", scopes: ["write"] }));
    expect(statusOf(await clientOf({ token }).audit.list())).toBe(403);
  });
});
