import { describe, expect, it } from "vitest";
import { type RevealedToken, type TokenCreation, unwrap } from "../../../src/client/index.ts";
import {
  client,
  clientOf,
  createIntegration,
  faultsOf,
  headersOf,
  request,
  statusOf,
  unchecked,
} from "../../support/api.ts";
import { tables } from "../../support/tables.ts";

async function tokenWith(scopes: TokenCreation["scopes"], more: Partial<TokenCreation> = {}): Promise<RevealedToken> {
  return unwrap(await client.tokens.create({ name: "pipeline", scopes, ...more }));
}

function as(token: string) {
  return clientOf({ token });
}

describe("an API token", () => {
  it("is shown once, and kept only as a hash", async () => {
    const { token, ...shown } = await tokenWith(["write", "read"]);
    expect(token).toMatch(/^hgt_[A-Za-z0-9+/]{43}=$/);
    expect(shown).toMatchObject({ name: "pipeline", scopes: ["read", "write"], expires_at: null });
    expect(shown.id).toMatch(/^tok_[0-9a-z]{28}$/);
    const single = await client.tokens.get(shown.id);
    expect(unwrap(single)).toEqual(shown);
    expect(unwrap(await client.tokens.list()).data).toEqual([shown]);
    const row = await tables.tokens.first();
    expect(JSON.stringify(row)).not.toContain(token.slice(4, 20));
  });

  it("with the scope read may read, and nothing else", async () => {
    const integration = await createIntegration();
    const { token } = await tokenWith(["read"]);
    expect(statusOf(await as(token).integrations.list())).toBe(200);
    const reader = as(token);
    for (const refused of [
      await reader.integrations.create(unchecked({})),
      await reader.integrations.update(integration.id, {}),
      await reader.integrations.delete(integration.id),
      await reader.tokens.list(),
      await reader.tokens.create(unchecked({})),
    ]) {
      expect(statusOf(refused)).toBe(403);
      expect(headersOf(refused).get("content-type")).toBe("application/problem+json");
    }
  });

  it("with the scope write may read and write, but not hand out tokens", async () => {
    const { token, id } = await tokenWith(["write"]);
    expect(statusOf(await as(token).integrations.create({ name: "a", type: "catch" }))).toBe(201);
    expect(statusOf(await as(token).integrations.list())).toBe(200);
    expect(statusOf(await as(token).tokens.create({ name: "b", scopes: ["admin"] }))).toBe(403);
    expect(statusOf(await as(token).tokens.update(id, { scopes: ["admin"] }))).toBe(403);
    const headers = { authorization: `Bearer ${token}` };
    const body = JSON.stringify({ name: "b", scopes: ["admin"] });
    expect((await request("/%74okens", { headers })).status).toBe(403);
    expect((await request("/%74okens", { method: "POST", headers, body })).status).toBe(403);
  });

  it("with the scope admin may do what the first administrator may", async () => {
    const { token } = await tokenWith(["admin"]);
    const made = await as(token).tokens.create({ name: "b", scopes: ["read"] });
    expect(statusOf(made)).toBe(201);
    expect(statusOf(await as(token).tokens.delete(unwrap(made).id))).toBe(204);
  });

  it("ends when it is deleted, and when it expires", async () => {
    const { token, id } = await tokenWith(["read"], { expires_at: new Date(Date.now() + 3_600_000).toISOString() });
    expect(statusOf(await as(token).events.list())).toBe(200);
    await tables.tokens.update({ id }, { expires_at: "2026-01-01T00:00:00.000Z" });
    expect(statusOf(await as(token).events.list())).toBe(401);
    const other = await tokenWith(["read"]);
    expect(statusOf(await client.tokens.delete(other.id))).toBe(204);
    expect(statusOf(await as(other.token).events.list())).toBe(401);
    expect(statusOf(await client.tokens.delete(other.id))).toBe(404);
  });

  it("can be renamed and given other scopes", async () => {
    const { id, token } = await tokenWith(["read"]);
    const changed = await client.tokens.update(id, { name: "renamed", scopes: ["write"] });
    expect(unwrap(changed)).toMatchObject({ id, name: "renamed", scopes: ["write"] });
    expect(statusOf(await as(token).integrations.create({ name: "a", type: "catch" }))).toBe(201);
  });

  it("is not taken in another spelling", async () => {
    const { token, id } = await tokenWith(["read"]);
    for (const wrong of [
      token.slice(0, -1),
      `${token}=`,
      token.toLowerCase(),
      token.slice(4),
      `hgt_${"A".repeat(43)}=`,
      id,
    ]) {
      expect(statusOf(await as(wrong).events.list())).toBe(401);
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
    const reply = await client.tokens.create(unchecked(body));
    expect(statusOf(reply)).toBe(400);
    expect(faultsOf(reply)).toEqual(paths);
  });

  it("is listed newest first, in pages", async () => {
    const ids: unknown[] = [];
    for (let i = 0; i < 5; i++) ids.unshift((await tokenWith(["read"])).id);
    expect((await Array.fromAsync(client.tokens.all({ limit: 2 }))).map((row) => row.id)).toEqual(ids);
  });
});
