import { describe, expect, it } from "vitest";
import { type Reply, allPages, api, create, createIntegration, faults } from "../client.ts";
import { tables } from "../../support/tables.ts";

async function tokenWith(scopes: readonly string[], more: object = {}): Promise<Reply["json"]> {
  return await create("tokens", { name: "pipeline", scopes, ...more });
}

async function as(token: unknown, method: string, path: string, body?: unknown): Promise<Reply> {
  return await api(method, path, body, { authorization: `Bearer ${String(token)}` });
}

describe("an API token", () => {
  it("is shown once, and kept only as a hash", async () => {
    const { token, ...shown } = await tokenWith(["write", "read"]);
    expect(token).toMatch(/^hgt_[A-Za-z0-9+/]{43}=$/);
    expect(shown).toMatchObject({ name: "pipeline", scopes: ["read", "write"], expires_at: null });
    expect(shown["id"]).toMatch(/^tok_[0-9a-z]{28}$/);
    const single = await api("GET", `/tokens/${String(shown["id"])}`);
    expect(single.json).toEqual(shown);
    expect((await api("GET", "/tokens")).json["data"]).toEqual([shown]);
    const row = await tables.tokens.first();
    expect(JSON.stringify(row)).not.toContain(String(token).slice(4, 20));
  });

  it("with the scope read may read, and nothing else", async () => {
    const integration = await createIntegration();
    const { token } = await tokenWith(["read"]);
    expect((await as(token, "GET", "/integrations")).status).toBe(200);
    for (const [method, path] of [
      ["POST", "/integrations"],
      ["PATCH", `/integrations/${integration["id"]}`],
      ["DELETE", `/integrations/${integration["id"]}`],
      ["GET", "/tokens"],
      ["POST", "/tokens"],
    ] as const) {
      const reply = await as(token, method, path, method === "GET" ? undefined : {});
      expect([method, path, reply.status]).toEqual([method, path, 403]);
      expect(reply.headers.get("content-type")).toBe("application/problem+json");
    }
  });

  it("with the scope write may read and write, but not hand out tokens", async () => {
    const { token, id } = await tokenWith(["write"]);
    expect((await as(token, "POST", "/integrations", { name: "a", type: "catch" })).status).toBe(201);
    expect((await as(token, "GET", "/integrations")).status).toBe(200);
    expect((await as(token, "POST", "/tokens", { name: "b", scopes: ["admin"] })).status).toBe(403);
    expect((await as(token, "PATCH", `/tokens/${String(id)}`, { scopes: ["admin"] })).status).toBe(403);
    expect((await as(token, "GET", "/%74okens")).status).toBe(403);
    expect((await as(token, "POST", "/%74okens", { name: "b", scopes: ["admin"] })).status).toBe(403);
  });

  it("with the scope admin may do what the first administrator may", async () => {
    const { token } = await tokenWith(["admin"]);
    const made = await as(token, "POST", "/tokens", { name: "b", scopes: ["read"] });
    expect(made.status).toBe(201);
    expect((await as(token, "DELETE", `/tokens/${String(made.json["id"])}`)).status).toBe(204);
  });

  it("ends when it is deleted, and when it expires", async () => {
    const { token, id } = await tokenWith(["read"], { expires_at: new Date(Date.now() + 3_600_000).toISOString() });
    expect((await as(token, "GET", "/events")).status).toBe(200);
    await tables.tokens.update({ id }, { expires_at: "2026-01-01T00:00:00.000Z" });
    expect((await as(token, "GET", "/events")).status).toBe(401);
    const other = await tokenWith(["read"]);
    expect((await api("DELETE", `/tokens/${String(other["id"])}`)).status).toBe(204);
    expect((await as(other["token"], "GET", "/events")).status).toBe(401);
    expect((await api("DELETE", `/tokens/${String(other["id"])}`)).status).toBe(404);
  });

  it("can be renamed and given other scopes", async () => {
    const { id, token } = await tokenWith(["read"]);
    const changed = await api("PATCH", `/tokens/${String(id)}`, { name: "renamed", scopes: ["write"] });
    expect(changed.json).toMatchObject({ id, name: "renamed", scopes: ["write"] });
    expect((await as(token, "POST", "/integrations", { name: "a", type: "catch" })).status).toBe(201);
  });

  it("is not taken in another spelling", async () => {
    const { token, id } = await tokenWith(["read"]);
    const text = String(token);
    for (const wrong of [
      text.slice(0, -1),
      `${text}=`,
      text.toLowerCase(),
      text.slice(4),
      `hgt_${"A".repeat(43)}=`,
      id,
    ]) {
      expect((await as(wrong, "GET", "/events")).status).toBe(401);
    }
  });

  it.each([
    [{ scopes: ["read"] }, ["name"]],
    [{ name: "a" }, ["scopes"]],
    [{ name: "a", scopes: [] }, ["scopes"]],
    [{ name: "a", scopes: ["root"] }, ["scopes[0]"]],
    [{ name: "a", scopes: ["read"], expires_at: "tomorrow" }, ["expires_at"]],
    [{ name: "a", scopes: ["read"], expires_at: "2020-01-01T00:00:00Z" }, ["expires_at"]],
    [{ name: "a", scopes: ["read"], token: "hgt_mine" }, ["token"]],
  ])("is refused as %j", async (body, paths) => {
    const reply = await api("POST", "/tokens", body);
    expect(reply.status).toBe(400);
    expect(faults(reply)).toEqual(paths);
  });

  it("is listed newest first, in pages", async () => {
    const ids: unknown[] = [];
    for (let i = 0; i < 5; i++) ids.unshift((await tokenWith(["read"]))["id"]);
    expect((await allPages("/tokens", 2)).map((row) => row["id"])).toEqual(ids);
  });
});
