import { asPrimary } from "../../src/platform/shards.ts";
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { createApiRoutes } from "../../src/api/api.ts";
import { claimIdempotencyKey, storeIdempotentResponse } from "../../src/storage/config/api-idempotency-keys.ts";
import { unwrap } from "../../src/client/index.ts";
import { client, faultsOf, headersOf, request, statusOf, textOf } from "../support/api.ts";
import { ringOf } from "../support/key-ring.ts";
import { revision, tables } from "../support/tables.ts";

const apiRoutes = createApiRoutes();

const BODY = { name: "a", url: "https://hooks.example.com" };
const KEY = { idempotency_key: "key-1" };
const HEADERS = { "idempotency-key": KEY.idempotency_key };

async function count(table: "destinations" | "api_idempotency_keys"): Promise<number> {
  return await tables[table].count();
}

async function age(ms: number): Promise<void> {
  const then = new Date(Date.now() - ms).toISOString();
  await tables.api_idempotency_keys.update({}, { created_at: then });
}

describe("an Idempotency-Key", () => {
  it("gets a repeat the same answer, secret included, and nothing is made twice", async () => {
    const first = await client.destinations.create(BODY, KEY);
    expect(statusOf(first)).toBe(201);
    expect(headersOf(first).get("idempotency-replayed")).toBe(null);
    const revisionAfter = await revision();
    const second = await client.destinations.create(BODY, KEY);
    expect([statusOf(second), textOf(second)]).toEqual([statusOf(first), textOf(first)]);
    expect(unwrap(second).signing_secret).toMatch(/^whsec_/);
    expect(headersOf(second).get("idempotency-replayed")).toBe("true");
    expect(await count("destinations")).toBe(1);
    expect(await revision()).toBe(revisionAfter);
  });

  it("is each token's own: nobody gets another's answer, with the secret in it, or is kept from a key", async () => {
    const mine = await client.destinations.create(BODY, KEY);
    const made = await client.tokens.create({ name: "other", scopes: ["write"] });
    const theirs = { ...HEADERS, authorization: `Bearer ${unwrap(made).token}` };
    const other = await client.destinations.create(BODY, { headers: theirs });
    expect(statusOf(other)).toBe(201);
    expect(unwrap(other).id).not.toBe(unwrap(mine).id);
    expect(unwrap(other).signing_secret).not.toBe(unwrap(mine).signing_secret);
    expect(headersOf(other).get("idempotency-replayed")).toBe(null);
    const again = await client.destinations.create(BODY, {
      headers: {
        ...theirs,
        authorization: `bearer  ${unwrap(made).token} `,
      },
    });
    expect(textOf(again)).toBe(textOf(other));
    expect(statusOf(await client.destinations.create({ ...BODY, name: "b" }, { headers: theirs }))).toBe(422);
  });

  it("is honoured on every POST", async () => {
    const integration = { name: "a", type: "pagertree", auth: { type: "token" } };
    const destination = await client.destinations.create(BODY, { idempotency_key: "d" });
    const bodies = { integrations: integration, routes: { name: "r", destination_ids: [unwrap(destination).id] } };
    for (const [resource, body] of Object.entries(bodies)) {
      const key = { "idempotency-key": resource };
      const first = await request(`/${resource}`, { method: "POST", body: JSON.stringify(body), headers: key });
      const second = await request(`/${resource}`, { method: "POST", body: JSON.stringify(body), headers: key });
      expect(first.status).toBe(201);
      expect([second.status, second.text]).toEqual([first.status, first.text]);
      expect(JSON.parse((await request(`/${resource}`)).text).data).toHaveLength(1);
    }
  });

  it("keeps neither the secret nor the body in clear", async () => {
    const auth = { type: "token", token: "very-secret-token" } as const;
    await client.integrations.create({ name: "a", type: "pagertree", auth }, KEY);
    const row = JSON.stringify(await tables.api_idempotency_keys.first());
    expect(row).toContain("key-1");
    expect(row).not.toContain("very-secret-token");
  });

  it("is a 503 while the key that sealed its response is not on record", async () => {
    const first = await client.destinations.create(BODY, KEY);
    const sealed = await tables.api_idempotency_keys.value("response");
    const foreign = await ringOf(9).seal("{}", KEY.idempotency_key);
    await tables.api_idempotency_keys.update({}, { response: foreign });
    vi.spyOn(console, "error").mockImplementation(() => {});
    const second = await client.destinations.create(BODY, KEY);
    expect([statusOf(second), headersOf(second).get("retry-after")]).toEqual([503, "5"]);
    await tables.api_idempotency_keys.update({}, { response: sealed });
    expect(textOf(await client.destinations.create(BODY, KEY))).toBe(textOf(first));
    expect(await count("destinations")).toBe(1);
  });

  it("is refused with 422 for another body or another path", async () => {
    await client.destinations.create(BODY, KEY);
    for (const [path, body] of [
      ["/destinations", { ...BODY, name: "b" }],
      ["/integrations", BODY],
      ["/destinations?x=1", BODY],
    ] as const) {
      const reply = await request(path, { method: "POST", body: JSON.stringify(body), headers: HEADERS });
      expect(reply.status).toBe(422);
      expect(faultsOf(reply)).toEqual([]);
    }
    expect(await count("destinations")).toBe(1);
  });

  it("is refused with 409 while the first request runs, and runs only one of many at once", async () => {
    const replies = await Promise.all(Array.from({ length: 8 }, () => client.destinations.create(BODY, KEY)));
    const made = replies.filter((reply) => statusOf(reply) === 201);
    expect(made.length).toBeGreaterThan(0);
    expect(new Set(made.map((reply) => textOf(reply))).size).toBe(1);
    for (const reply of replies.filter((each) => statusOf(each) !== 201)) expect(statusOf(reply)).toBe(409);
    expect(await count("destinations")).toBe(1);
    await tables.api_idempotency_keys.update({}, { response: null });
    const running = await client.destinations.create(BODY, KEY);
    expect(statusOf(running)).toBe(409);
    expect(headersOf(running).get("retry-after")).toBe("1");
  });

  it("is free again after a request that was refused", async () => {
    const bad = { ...BODY, url: "nope" };
    expect(statusOf(await client.destinations.create(bad, KEY))).toBe(400);
    expect(await count("api_idempotency_keys")).toBe(0);
    expect(statusOf(await client.destinations.create(bad, KEY))).toBe(400);
    expect(statusOf(await client.destinations.create(BODY, KEY))).toBe(201);
  });

  it("is free again, with nothing made, after a request that failed on our side", async () => {
    await tables.config_revision.whileAway(async () => {
      expect(statusOf(await client.destinations.create(BODY, KEY))).toBe(503);
    });
    expect(await count("api_idempotency_keys")).toBe(0);
    expect(await count("destinations")).toBe(0);
    expect(statusOf(await client.destinations.create(BODY, KEY))).toBe(201);
  });

  it("is free again after a day, and soon where its request died", async () => {
    const first = await client.destinations.create(BODY, KEY);
    await age(23 * 3_600_000);
    expect(textOf(await client.destinations.create(BODY, KEY))).toBe(textOf(first));
    await age(25 * 3_600_000);
    const later = await client.destinations.create(BODY, KEY);
    expect(statusOf(later)).toBe(201);
    expect(unwrap(later).id).not.toBe(unwrap(first).id);
    await tables.api_idempotency_keys.update({}, { response: null });
    await age(61_000);
    expect(statusOf(await client.destinations.create(BODY, KEY))).toBe(201);
    expect(await count("destinations")).toBe(3);
  });

  it("that another request holds by now does not get the answer of one that was taken for dead", async () => {
    const times = { created_at: new Date().toISOString(), forget_before: "", abandoned_before: "" };
    const late = { key: "k", request_hash: "late", ...times };
    expect(await claimIdempotencyKey(asPrimary(env.DB), late)).toBeNull();
    const next = { ...late, request_hash: "next", abandoned_before: "~" };
    expect(await claimIdempotencyKey(asPrimary(env.DB), next)).toBeNull();
    await storeIdempotentResponse(asPrimary(env.DB), "k", "late", "the answer of the late one", null).run();
    expect(await claimIdempotencyKey(asPrimary(env.DB), { ...next, abandoned_before: "" })).toEqual({
      request_hash: "next",
      response: null,
    });
  });

  it("has 1 to 255 characters", async () => {
    for (const key of ["", "x".repeat(256)]) {
      const reply = await client.destinations.create(BODY, { idempotency_key: key });
      expect(statusOf(reply)).toBe(400);
      expect(faultsOf(reply)).toEqual(["Idempotency-Key"]);
    }
    for (const key of ["x".repeat(255), "a ' \" %00"]) {
      expect(statusOf(await client.destinations.create(BODY, { idempotency_key: key }))).toBe(201);
    }
  });

  it("means nothing on other methods and without a valid token", async () => {
    expect(statusOf(await client.destinations.list({}, { headers: HEADERS }))).toBe(200);
    const init = { method: "POST", body: JSON.stringify(BODY), headers: HEADERS };
    expect((await apiRoutes.request("/destinations", init, env)).status).toBe(401);
    expect(await count("api_idempotency_keys")).toBe(0);
  });
});
