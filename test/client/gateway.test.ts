import { env, exports } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import {
  ClientError,
  type ReceivedRequest,
  createClient,
  unwrap,
  verify,
  verifySignature,
} from "../../src/client/index.ts";
import {
  ORIGIN,
  client as administrator,
  clientOf,
  createDestination,
  createIntegration,
  faultsOf,
  headersOf,
  request,
  statusOf,
  unchecked,
} from "../support/api.ts";
import { type Seen, createWorld, eventMessage, fakeOutside, processBatch } from "../support/world.ts";

const client = createClient({
  base_url: ORIGIN,
  token: env.ADMIN_TOKEN,
  fetch: (url, init) => exports.default.fetch(url, init),
});

describe("with a real gateway, the client", () => {
  it("creates, reads, updates, lists and deletes", async () => {
    const created = unwrap(await client.integrations.create({ name: "a", type: "catch", options: { raw: true } }));
    expect(unwrap(await client.integrations.get(created.id))).toMatchObject({ name: "a", options: { raw: true } });
    const updated = unwrap(await client.integrations.update(created.id, { name: "b" }));
    expect(updated.name).toBe("b");
    expect(unwrap(await client.integrations.list()).data.map(({ id }) => id)).toEqual([created.id]);
    expect(await client.integrations.delete(created.id)).toMatchObject({ status: 204, data: null });
    expect(await client.integrations.get(created.id)).toMatchObject({ error: { kind: "problem", status: 404 } });
  });

  it("gets each wrong field of a refused body", async () => {
    const refused = await client.routes.create({ name: "a", destination_ids: ["dst_nope"] });
    expect(faultsOf(refused)).toEqual(["destination_ids[0]"]);
    expect(statusOf(refused)).toBe(400);
  });

  it("gets the first response again under the same idempotency key", async () => {
    const body = { name: "t", scopes: ["read"] } as const;
    const first = await client.tokens.create(body, { idempotency_key: "k" });
    const again = await client.tokens.create(body, { idempotency_key: "k" });
    expect(unwrap(again)).toEqual(unwrap(first));
    expect(headersOf(again).get("idempotency-replayed")).toBe("true");
    expect(await client.tokens.create({ ...body, name: "u" }, { idempotency_key: "k" })).toMatchObject({
      error: { kind: "problem", status: 422 },
    });
  });

  it("follows cursors to the end of a list", async () => {
    for (const name of ["a", "b", "c"]) await createIntegration({ name });
    const pages = await Array.fromAsync(client.integrations.pages({ limit: 2 }));
    expect(pages.map(({ data }) => data.map(({ name }) => name))).toEqual([["c", "b"], ["a"]]);
    const names = (await Array.fromAsync(client.integrations.all({ limit: 1 }))).map(({ name }) => name);
    expect(names).toEqual(["c", "b", "a"]);
    await expect(Array.fromAsync(client.events.all(unchecked({ limit: 251 })))).rejects.toThrow(ClientError);
  });

  it("sends queries and paths as the gateway reads them", async () => {
    const document = unwrap(await client.destinations.create({ name: "d", type: "document", options: { key: "a" } }));
    await env.BODIES.put(`documents/${document.id}/a/b c.txt`, "text", {
      httpMetadata: { contentType: "text/plain" },
      customMetadata: { event_id: "evt_1", delivery_id: "dlv_1" },
    });
    const [row] = await Array.fromAsync(client.destinations.documents.all(document.id));
    expect(row?.key).toBe("a/b c.txt");
    const bytes = unwrap(await client.destinations.documents.get(document.id, "a/b c.txt"));
    expect(new TextDecoder().decode(bytes)).toBe("text");
    expect(unwrap(await client.events.list({ unrouted: false, type: "test" })).data).toEqual([]);
  });

  it("sends a sample as its sender would", async () => {
    const { id } = await createIntegration();
    const body = JSON.stringify({ event_type: "create", Id: "a", Title: "Disk full" });
    const headers = { "content-type": "application/json" };
    const preview = unwrap(await client.integrations.preview(id, body, { headers }));
    expect(preview.accepted && preview.events[0]?.alert?.title).toBe("Disk full");
  });

  it("is refused without a valid token, or with one that lacks the scope", async () => {
    const { token } = unwrap(await client.tokens.create({ name: "reader", scopes: ["read"] }));
    expect(statusOf(await clientOf({ token: "wrong" }).routes.list())).toBe(401);
    const reader = clientOf({ token });
    expect(statusOf(await reader.routes.list())).toBe(200);
    expect(statusOf(await reader.routes.delete("rte_1"))).toBe(403);
  });

  it("reads what needs no token", async () => {
    const stranger = createClient({ base_url: ORIGIN, fetch: (url, init) => exports.default.fetch(url, init) });
    expect(unwrap(await stranger.gateway.getHealth())).toEqual({ status: "ok" });
    expect(unwrap(await stranger.gateway.getKeys()).keys).toHaveLength(1);
    expect(unwrap(await client.openapi.get())).toHaveProperty("openapi");
  });
});

function receivedOf([sent]: readonly Seen[]): ReceivedRequest {
  if (sent === undefined) throw new Error("nothing was sent");
  return { method: "POST", url: sent.url, headers: sent.headers, body: new TextEncoder().encode(sent.body) };
}

describe("what a real gateway sends", () => {
  it("is verified by the destination's secret, and its envelope is typed", async () => {
    const seen = fakeOutside();
    const { id, signing_secret: secret = "" } = await createDestination();
    unwrap(await client.routes.create({ name: "all", destination_ids: [id] }));
    await processBatch(createWorld().context, [eventMessage("create", "disk")]);
    const received = receivedOf(seen);
    const result = await verify(received, { scheme: "standard-webhooks", secret });
    if (!result.ok || result.envelope.type !== "alert.created") throw new Error(JSON.stringify(result));
    expect(result.envelope.data.alert).toMatchObject({ key: "disk", status: "open" });
    const [delivery] = unwrap(await client.deliveries.list({ status: "delivered" })).data;
    expect(result.id).toBe(delivery?.id);
    expect(result.envelope.data.event.id).toBe(delivery?.event_id);
    const foreign = { scheme: "standard-webhooks", secret: `whsec_${btoa("a secret of twenty-four b")}` } as const;
    expect(await verify(received, foreign)).toMatchObject({ ok: false, error: { reason: "no_matching_signature" } });
  });

  it.each(["standard-webhooks-ed25519", "rfc9421"] as const)(
    "with %s is verified by its published key",
    async (scheme) => {
      const seen = fakeOutside();
      const url = "https://hooks.example.com/verified?a=b";
      const { id, signing } = await createDestination({ url, signing: { scheme } });
      unwrap(await client.destinations.test(id));
      const public_key = unwrap(await client.gateway.getKeys());
      const [sent] = seen;
      if (sent === undefined) throw new Error("nothing was sent");
      const received = {
        method: "POST",
        url: sent.url,
        headers: sent.headers,
        body: new TextEncoder().encode(sent.body),
      };
      const key =
        signing.scheme === "rfc9421"
          ? ({ scheme: "rfc9421", algorithm: "ed25519" } as const)
          : ({ scheme: "standard-webhooks-ed25519" } as const);
      expect(await verify(received, { ...key, public_key })).toMatchObject({ ok: true, envelope: { type: "test" } });
    },
  );

  it("with hmac is verified by the destination's own signing and secret, whatever its payload is", async () => {
    const seen = fakeOutside();
    const { id, signing, signing_secret } = await createDestination({
      signing: { scheme: "hmac", header: "x-sig", prefix: "sha256=", template: "{{timestamp}}.{{body}}" },
      payload: { mode: "template", content_type: "text/plain", body: "{{ data.alert.title }}" },
    });
    unwrap(await administrator.destinations.test(id));
    const received = receivedOf(seen);
    if (signing.scheme !== "hmac") throw new Error(signing.scheme);
    const key = { ...signing, secret: signing_secret ?? "" };
    expect(await verifySignature(received, key)).toMatchObject({ ok: true });
    expect(await verify(received, key)).toEqual({ ok: false, error: { reason: "not_an_envelope" } });
  });
});

describe("the support for tests of the API", () => {
  it("sends bodies that the types do not allow", async () => {
    const refused = await administrator.routes.create(unchecked({ name: 5 }));
    expect(faultsOf(refused).toSorted()).toEqual(["destination_ids", "name"]);
  });

  it("makes requests that the client cannot make", async () => {
    expect(await request("/routes", { method: "POST", body: "{" })).toMatchObject({ status: 400 });
    expect((await request("/routes", { method: "PUT" })).headers.get("allow")).toBe("GET, HEAD, POST");
    expect(await request("/routes", { headers: { authorization: "" } })).toMatchObject({ status: 401 });
  });

  it("replaces bindings and variables of the gateway", async () => {
    const strict = clientOf({ bindings: { ALLOW_PRIVATE_DESTINATIONS: "false" } });
    const refused = await strict.destinations.create({ name: "a", url: "http://localhost/" });
    expect(faultsOf(refused)).toEqual(["url"]);
  });
});
