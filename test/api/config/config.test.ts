import { describe, expect, it } from "vitest";
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
} from "../../support/api.ts";
import { apply, empty, pull, send, shortly, valuesFor } from "./gateway.ts";

const URL = "https://hooks.example.com/in";
const DOCUMENT = {
  version: 1,
  integrations: { monitoring: { type: "pagertree", auth: { type: "token", token: { env: "SENDER" } } } },
  destinations: {
    chat: { name: "Team chat", url: URL, auth: { type: "bearer", token: { env: "CHAT" } } },
    plain: { url: URL, signing: { scheme: "none" } },
  },
  routes: { "all alerts": { integrations: ["monitoring"], destinations: ["chat", "plain"] } },
};

async function codeOf(result: Awaited<ReturnType<typeof send>>): Promise<unknown> {
  return await Promise.resolve(JSON.parse(textOf(result)).code);
}

describe("a document", () => {
  it("creates what it names, with references by key, and manages it", async () => {
    const applied = await apply(DOCUMENT, {}, { CHAT: "tok_chat" });
    expect(applied.changes).toEqual([
      { action: "create", kind: "integration", name: "monitoring", fields: ["auth", "type"] },
      { action: "create", kind: "destination", name: "chat", fields: ["auth", "name", "url"] },
      { action: "create", kind: "destination", name: "plain", fields: ["signing", "url"] },
      { action: "create", kind: "route", name: "all alerts", fields: ["destinations", "integrations"] },
    ]);
    expect(Object.keys(applied.secrets ?? {}).toSorted()).toEqual(["DESTINATION_CHAT_SIGNING_SECRET", "SENDER"]);
    const chat = unwrap(await client.destinations.get("chat"));
    expect(chat).toMatchObject({ name: "Team chat", external_id: "chat", managed_by: "config" });
    const integration = unwrap(await client.integrations.get("monitoring"));
    const [route] = unwrap(await client.routes.list()).data;
    expect(route).toMatchObject({ name: "all alerts", external_id: null, integration_ids: [integration.id] });
    expect(route?.destination_ids[0]).toBe(chat.id);
    // The generated token is that of the integration.
    const headers = { "pagertree-token": applied.secrets?.["SENDER"] ?? "" };
    const { url } = integration;
    expect(url).toContain(integration.id);
    expect(headers["pagertree-token"]).toMatch(/^tok_/);
  });

  it("that is exported, applied to an empty gateway and exported again has the same bytes", async () => {
    await apply(DOCUMENT, {}, { CHAT: "tok_chat" });
    const { text } = await pull();
    expect(text).not.toContain("tok_");
    await empty();
    await apply(text, {}, valuesFor(text));
    expect((await pull()).text).toBe(text);
    expect(await apply(text)).toMatchObject({ changes: [] });
    expect(await apply(text, {}, valuesFor(text))).toMatchObject({ changes: [] });
    expect((await pull()).text).toBe(text);
  });

  it("of a gateway that was configured by hand changes nothing there, and manages it", async () => {
    const { id } = await createDestination({ headers: { "x-api-key": "k" } });
    await createIntegration({ auth: { type: "signature", scheme: "github", secret: "0123456789abcdef" } });
    await client.routes.create({ name: "all", destination_ids: [id] });
    const { text } = await pull();
    expect(await apply(text, { dry_run: true })).toMatchObject({ changes: [], dry_run: true });
    expect(await apply(text, { prune: true })).toMatchObject({ changes: [] });
    expect((await pull()).text).toBe(text);
    expect(unwrap(await client.destinations.get(id)).managed_by).toBe("config");
  });

  it("is compared only, with dry_run: the plan says what the PUT will do", async () => {
    const before = await pull();
    const plan = await apply(DOCUMENT, { dry_run: true }, { CHAT: "tok_chat" });
    expect(plan.secrets).toBeUndefined();
    expect(await pull()).toEqual(before);
    expect((await apply(DOCUMENT, {}, { CHAT: "tok_chat" })).changes).toEqual(plan.changes);
  });

  it("changes what differs, resets what it leaves out, and leaves alone what it does not name", async () => {
    await apply(DOCUMENT, {}, { CHAT: "tok_chat" });
    const other = await createDestination({ name: "by hand" });
    await client.destinations.update("plain", { timeout_ms: 5_000, enabled: false });
    const plain = { url: "https://hooks.example.com/other", max_concurrency: 2, signing: { scheme: "none" } };
    const applied = await apply({ ...DOCUMENT, destinations: { ...DOCUMENT.destinations, plain } });
    expect(applied.changes).toEqual([
      {
        action: "update",
        kind: "destination",
        name: "plain",
        fields: ["enabled", "max_concurrency", "timeout_ms", "url"],
      },
    ]);
    expect(unwrap(await client.destinations.get("plain"))).toMatchObject({
      enabled: true,
      disabled_reason: null,
      timeout_ms: 10_000,
    });
    expect(unwrap(await client.destinations.get(other.id)).managed_by).toBeNull();
  });

  it("deletes what it does not name, with prune", async () => {
    await apply(DOCUMENT, {}, { CHAT: "tok_chat" });
    await createDestination({ name: "by hand" });
    const { chat: _chat, ...destinations } = DOCUMENT.destinations;
    const pruned = { ...DOCUMENT, destinations, routes: { "all alerts": { destinations: ["plain"] } } };
    const plan = await apply(pruned, { dry_run: true, prune: true });
    expect(shortly(plan)).toEqual(["delete destination chat", "delete destination by hand", "update route all alerts"]);
    expect(shortly(await apply(pruned, { prune: true }))).toEqual(shortly(plan));
    expect(unwrap(await client.destinations.list()).data).toHaveLength(1);
    // A route that stays cannot name what is deleted.
    const dangling = { ...pruned, destinations: {} };
    expect(faultsOf(await send(dangling, { prune: true }))).toEqual(["routes.all alerts.destinations[0]"]);
    expect(shortly(await apply({ version: 1 }, { prune: true }))).toHaveLength(3);
    expect((await pull()).text).toBe(
      '{"version":1,"integrations":{},"destinations":{},"routes":{},"transformations":{}}',
    );
  });

  it("renames a thing without losing it", async () => {
    await apply(DOCUMENT, {}, { CHAT: "tok_chat" });
    const { id } = unwrap(await client.destinations.get("plain"));
    const plain = { ...DOCUMENT.destinations.plain, name: "Renamed" };
    expect(await apply({ version: 1, destinations: { plain } })).toMatchObject({ changes: [{ fields: ["name"] }] });
    expect(unwrap(await client.destinations.get(id)).name).toBe("Renamed");
    // By its name first: the key becomes its external_id, so that it stays the key.
    const made = await createDestination({ name: "second" });
    const renamed = await apply({ version: 1, destinations: { second: { name: "Zweites", url: URL } } });
    expect(renamed).toMatchObject({ changes: [{ action: "update", fields: ["external_id", "name"] }] });
    expect(unwrap(await client.destinations.get("second"))).toMatchObject({ id: made.id, name: "Zweites" });
  });

  it("tells things of one name apart by their ids, on another gateway, too", async () => {
    const [one, two] = [await createDestination({ name: "chat" }), await createDestination({ name: "chat" })];
    await client.routes.create({ name: "all", destination_ids: [two.id] });
    const { text } = await pull();
    expect(Object.keys(JSON.parse(text).destinations)).toEqual([`chat [${one.id}]`, `chat [${two.id}]`]);
    expect(faultsOf(await send({ version: 1, destinations: { chat: { url: URL } } }))).toEqual(["destinations.chat"]);
    await empty();
    await apply(text, {}, valuesFor(text));
    expect((await pull()).text).toBe(text);
    expect(await apply(text)).toMatchObject({ changes: [] });
    const [route] = unwrap(await client.routes.list()).data;
    const named = unwrap(await client.destinations.get(route?.destination_ids[0] ?? ""));
    expect(named.external_id).toBe(two.id);
    expect(named.id).not.toBe(two.id);
  });
});

describe("a secret", () => {
  const destinations = DOCUMENT.destinations;

  it("is kept if its value does not come along, and changes with its value", async () => {
    await apply(DOCUMENT, {}, { CHAT: "tok_chat" });
    expect(await apply(DOCUMENT)).toMatchObject({ changes: [] });
    expect(await apply(DOCUMENT, {}, { CHAT: "tok_chat", UNUSED: "x" })).toMatchObject({ changes: [] });
    const changed = await apply(DOCUMENT, {}, { CHAT: "tok_other", SENDER: "tok_sender" });
    expect(changed.changes.map(({ name, fields }) => [name, fields])).toEqual([
      ["monitoring", ["auth"]],
      ["chat", ["auth"]],
    ]);
    expect(changed.secrets).toBeUndefined();
    expect(await apply(DOCUMENT, {}, { CHAT: "tok_other", SENDER: "tok_sender" })).toMatchObject({ changes: [] });
  });

  it("is asked for by name if it is neither stored nor generated", async () => {
    const refused = await send(DOCUMENT);
    expect(statusOf(refused)).toBe(400);
    expect(faultsOf(refused)).toEqual(["destinations.chat.auth.token"]);
    expect(textOf(refused)).toContain("CHAT");
    const github = { type: "catch", auth: { type: "signature", scheme: "discord", secret: { env: "KEY" } } };
    expect(textOf(await send({ version: 1, integrations: { github } }))).toContain("send the secret KEY");
    const pager = {
      url: URL,
      payload: { mode: "preset", preset: "pagerduty", options: { routing_key: { env: "PD" } } },
    };
    expect(faultsOf(await send({ version: 1, destinations: { pager } }))).toEqual([
      "destinations.pager.payload.options.routing_key",
    ]);
  });

  it("is not sent to another address without being given again", async () => {
    await apply(DOCUMENT, {}, { CHAT: "tok_chat" });
    const chat = { ...destinations.chat, url: "https://thief.example.net/" };
    const moved = { version: 1, destinations: { chat } };
    expect(faultsOf(await send(moved))).toEqual(["destinations.chat.auth.token"]);
    expect(shortly(await apply(moved, {}, { CHAT: "tok_new" }))).toEqual(["update destination chat"]);
  });

  it("in a header by reference is sealed, whatever the header's name is", async () => {
    const chat = { url: URL, signing: { scheme: "none" }, headers: { "x-team": { env: "TEAM" }, "x-plain": "p" } };
    await apply({ version: 1, destinations: { chat } }, {}, { TEAM: "a-secret-team" });
    const { text } = await pull();
    expect(text).not.toContain("a-secret-team");
    expect(JSON.parse(text).destinations.chat.headers).toEqual({
      "x-plain": "p",
      "x-team": { env: "DESTINATION_CHAT_HEADER_X_TEAM" },
    });
    expect(await apply(text)).toMatchObject({ changes: [] });
  });
});

describe("a conflict", () => {
  it("with a change since the revision in If-Match is reported, and nothing is overwritten", async () => {
    await apply(DOCUMENT, {}, { CHAT: "tok_chat" });
    const { text, etag } = await pull();
    await client.destinations.update("plain", { timeout_ms: 5_000 });
    const put = async (tag: string) =>
      await request("/config", { method: "PUT", body: text, headers: { "if-match": tag } });
    const refused = await put(etag);
    expect([refused.status, JSON.parse(refused.text).code]).toEqual([409, "config_conflict"]);
    expect(unwrap(await client.destinations.get("plain")).timeout_ms).toBe(5_000);
    const applied = await put((await pull()).etag);
    expect(applied.status).toBe(200);
    expect(applied.headers.get("etag")).toBe((await pull()).etag);
    expect((await put("*")).status).toBe(200);
    expect((await put('"none"')).status).toBe(409);
  });

  it("of applies at once has one winner, and the others are told", async () => {
    const documents = Array.from({ length: 5 }, (_, index) => ({
      version: 1,
      destinations: { chat: { url: `https://hooks.example.com/${index}` } },
    }));
    const results = await Promise.all(documents.map((document) => send(document)));
    const won = results.flatMap((result, index) => (result.ok ? [index] : []));
    expect(won).toHaveLength(1);
    for (const result of results) if (!result.ok) expect(await codeOf(result)).toBe("config_conflict");
    expect(unwrap(await client.destinations.list()).data).toMatchObject([
      { url: `https://hooks.example.com/${won[0]}` },
    ]);
  });
});

describe("an apply", () => {
  it("is on record: each change by config, and the apply by its caller", async () => {
    await apply(DOCUMENT, {}, { CHAT: "tok_chat" });
    const entries = unwrap(await client.audit.list()).data;
    expect(entries.map(({ action, actor }) => `${action} ${actor}`).toSorted()).toEqual([
      "config.applied admin",
      "destination.created config",
      "destination.created config",
      "integration.created config",
      "route.created config",
    ]);
    expect(JSON.stringify(entries)).not.toContain("tok_chat");
    await apply(DOCUMENT);
    expect(unwrap(await client.audit.list()).data).toHaveLength(5);
    await apply({ version: 1, destinations: { plain: { url: URL } } });
    const [update] = unwrap(await client.audit.list({ action: "destination.updated" })).data;
    expect(update).toMatchObject({ actor: "config", before: { signing: { scheme: "none" } } });
  });

  it("is in force in this isolate at once", async () => {
    await apply({ version: 1, integrations: { hook: { type: "catch" } } });
    const { url } = unwrap(await client.integrations.get("hook"));
    expect(fieldOf(unwrap(await client.integrations.get("hook")).auth, "type")).toBe("none");
    expect(url).toContain("/integration/int_");
    await apply({ version: 1 }, { prune: true });
    expect(statusOf(await client.integrations.get("hook"))).toBe(404);
  });
});
