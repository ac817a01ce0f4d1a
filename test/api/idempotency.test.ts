import { asPrimary } from "../../src/platform/shards.ts";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { createApiRoutes } from "../../src/api/api.ts";
import { claimIdempotencyKey, storeIdempotentResponse } from "../../src/storage/config/api-idempotency-keys.ts";
import { api, faults, revision } from "./client.ts";
import { tables } from "../support/tables.ts";

const apiRoutes = createApiRoutes();

const BODY = { name: "a", url: "https://hooks.example.com" };
const KEY = { "idempotency-key": "key-1" };

async function count(table: "destinations" | "api_idempotency_keys"): Promise<number> {
  return await tables[table].count();
}

async function age(ms: number): Promise<void> {
  const then = new Date(Date.now() - ms).toISOString();
  await tables.api_idempotency_keys.update({}, { created_at: then });
}

describe("an Idempotency-Key", () => {
  it("gets a repeat the same answer, secret included, and nothing is made twice", async () => {
    const first = await api("POST", "/destinations", BODY, KEY);
    expect(first.status).toBe(201);
    expect(first.headers.get("idempotency-replayed")).toBe(null);
    const revisionAfter = await revision();
    const second = await api("POST", "/destinations", BODY, KEY);
    expect([second.status, second.text]).toEqual([first.status, first.text]);
    expect(second.json["signing_secret"]).toMatch(/^whsec_/);
    expect(second.headers.get("idempotency-replayed")).toBe("true");
    expect(await count("destinations")).toBe(1);
    expect(await revision()).toBe(revisionAfter);
  });

  it("is each token's own: nobody gets another's answer, with the secret in it, or is kept from a key", async () => {
    const mine = await api("POST", "/destinations", BODY, KEY);
    const made = await api("POST", "/tokens", { name: "other", scopes: ["write"] });
    const theirs = { ...KEY, authorization: `Bearer ${made.json["token"]}` };
    const other = await api("POST", "/destinations", BODY, theirs);
    expect(other.status).toBe(201);
    expect(other.json["id"]).not.toBe(mine.json["id"]);
    expect(other.json["signing_secret"]).not.toBe(mine.json["signing_secret"]);
    expect(other.headers.get("idempotency-replayed")).toBe(null);
    const again = await api("POST", "/destinations", BODY, {
      ...theirs,
      authorization: `bearer  ${made.json["token"]} `,
    });
    expect(again.text).toBe(other.text);
    expect((await api("POST", "/destinations", { ...BODY, name: "b" }, theirs)).status).toBe(422);
  });

  it("is honoured on every POST", async () => {
    const integration = { name: "a", type: "pagertree", auth: { type: "token" } };
    const destination = await api("POST", "/destinations", BODY, { "idempotency-key": "d" });
    const bodies = { integrations: integration, routes: { name: "r", destination_ids: [destination.json["id"]] } };
    for (const [resource, body] of Object.entries(bodies)) {
      const key = { "idempotency-key": resource };
      const first = await api("POST", `/${resource}`, body, key);
      const second = await api("POST", `/${resource}`, body, key);
      expect(first.status).toBe(201);
      expect([second.status, second.text]).toEqual([first.status, first.text]);
      expect((await api("GET", `/${resource}`)).json["data"]).toHaveLength(1);
    }
  });

  it("keeps neither the secret nor the body in clear", async () => {
    const integration = { name: "a", type: "pagertree", auth: { type: "token", token: "very-secret-token" } };
    await api("POST", "/integrations", integration, KEY);
    const row = JSON.stringify(await tables.api_idempotency_keys.first());
    expect(row).toContain("key-1");
    expect(row).not.toContain("very-secret-token");
  });

  it("is refused with 422 for another body or another path", async () => {
    await api("POST", "/destinations", BODY, KEY);
    for (const [path, body] of [
      ["/destinations", { ...BODY, name: "b" }],
      ["/integrations", BODY],
      ["/destinations?x=1", BODY],
    ] as const) {
      const reply = await api("POST", path, body, KEY);
      expect(reply.status).toBe(422);
      expect(faults(reply)).toEqual([]);
    }
    expect(await count("destinations")).toBe(1);
  });

  it("is refused with 409 while the first request runs, and runs only one of many at once", async () => {
    const replies = await Promise.all(Array.from({ length: 8 }, () => api("POST", "/destinations", BODY, KEY)));
    const made = replies.filter((reply) => reply.status === 201);
    expect(made.length).toBeGreaterThan(0);
    expect(new Set(made.map((reply) => reply.text)).size).toBe(1);
    for (const reply of replies.filter((each) => each.status !== 201)) expect(reply.status).toBe(409);
    expect(await count("destinations")).toBe(1);
    await tables.api_idempotency_keys.update({}, { response: null });
    const running = await api("POST", "/destinations", BODY, KEY);
    expect(running.status).toBe(409);
    expect(running.headers.get("retry-after")).toBe("1");
  });

  it("is free again after a request that was refused", async () => {
    const bad = { ...BODY, url: "nope" };
    expect((await api("POST", "/destinations", bad, KEY)).status).toBe(400);
    expect(await count("api_idempotency_keys")).toBe(0);
    expect((await api("POST", "/destinations", bad, KEY)).status).toBe(400);
    expect((await api("POST", "/destinations", BODY, KEY)).status).toBe(201);
  });

  it("is free again, with nothing made, after a request that failed on our side", async () => {
    await tables.config_revision.whileAway(async () => {
      expect((await api("POST", "/destinations", BODY, KEY).catch(() => ({ status: 500 }))).status).toBe(500);
    });
    expect(await count("api_idempotency_keys")).toBe(0);
    expect(await count("destinations")).toBe(0);
    expect((await api("POST", "/destinations", BODY, KEY)).status).toBe(201);
  });

  it("is free again after a day, and soon where its request died", async () => {
    const first = await api("POST", "/destinations", BODY, KEY);
    await age(23 * 3_600_000);
    expect((await api("POST", "/destinations", BODY, KEY)).text).toBe(first.text);
    await age(25 * 3_600_000);
    const later = await api("POST", "/destinations", BODY, KEY);
    expect(later.status).toBe(201);
    expect(later.json["id"]).not.toBe(first.json["id"]);
    await tables.api_idempotency_keys.update({}, { response: null });
    await age(61_000);
    expect((await api("POST", "/destinations", BODY, KEY)).status).toBe(201);
    expect(await count("destinations")).toBe(3);
  });

  it("that another request holds by now does not get the answer of one that was taken for dead", async () => {
    const times = { created_at: new Date().toISOString(), forget_before: "", abandoned_before: "" };
    const late = { key: "k", request_hash: "late", ...times };
    expect(await claimIdempotencyKey(asPrimary(env.DB), late)).toBeNull();
    const next = { ...late, request_hash: "next", abandoned_before: "~" };
    expect(await claimIdempotencyKey(asPrimary(env.DB), next)).toBeNull();
    await storeIdempotentResponse(asPrimary(env.DB), "k", "late", "the answer of the late one").run();
    expect(await claimIdempotencyKey(asPrimary(env.DB), { ...next, abandoned_before: "" })).toEqual({
      request_hash: "next",
      response: null,
    });
  });

  it("has 1 to 255 characters", async () => {
    for (const key of ["", "x".repeat(256)]) {
      const reply = await api("POST", "/destinations", BODY, { "idempotency-key": key });
      expect(reply.status).toBe(400);
      expect(faults(reply)).toEqual(["Idempotency-Key"]);
    }
    for (const key of ["x".repeat(255), "a ' \" %00"]) {
      expect((await api("POST", "/destinations", BODY, { "idempotency-key": key })).status).toBe(201);
    }
  });

  it("means nothing on other methods and without a valid token", async () => {
    expect((await api("GET", "/destinations", undefined, KEY)).status).toBe(200);
    const init = { method: "POST", body: JSON.stringify(BODY), headers: KEY };
    expect((await apiRoutes.request("/destinations", init, env)).status).toBe(401);
    expect(await count("api_idempotency_keys")).toBe(0);
  });
});
