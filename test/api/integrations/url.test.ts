import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { contextOf } from "../../../src/context.ts";
import { api, createIntegration, faults, revision } from "../client.ts";
import { tables } from "../../support/tables.ts";

const addressIn = (url: string): string => url.slice(url.lastIndexOf("/") + 1);

/** The integration that ingest finds at an address. */
async function foundAt(address: string): Promise<string | null> {
  const found = await contextOf(env).caches.integrations.find(address);
  return found.kind === "found" ? found.integration.id : null;
}

async function expire(address: string): Promise<void> {
  const ended = new Date(Date.now() - 1).toISOString();
  await tables.integration_addresses.update({ address }, { expires_at: ended });
  contextOf(env).caches.integrations.forget(address);
}

describe("rotate-url", () => {
  it("gives another URL, and keeps the old one until the overlap ends", async () => {
    const made = await createIntegration({ auth: { type: "token" } });
    const id = String(made["id"]);
    expect(await foundAt(id)).toBe(id);
    const start = await revision();
    const { status, json } = await api("POST", `/integrations/${id}/rotate-url`, { overlap_seconds: 60 });
    expect(status).toBe(200);
    const fresh = addressIn(json["url"]);
    expect(fresh).toMatch(/^int_[0-9a-z]{36}$/);
    expect(fresh).not.toBe(id);
    const auth = { type: "token", header: "pagertree-token" };
    expect(json).toEqual({
      ...made,
      auth,
      url: `https://gate.example.net/integration/${fresh}`,
      updated_at: json["updated_at"],
    });
    expect((await api("GET", `/integrations/${id}`)).json).toEqual(json);
    expect((await api("GET", `/integrations/${fresh}`)).status).toBe(404);
    expect(await revision()).toBe(start + 1);
    expect([await foundAt(id), await foundAt(fresh)]).toEqual([id, id]);
    await expire(id);
    contextOf(env).caches.integrations.forget(id);
    expect([await foundAt(id), await foundAt(fresh)]).toEqual([null, id]);
  });

  it("ends every earlier URL at once with an overlap of 0", async () => {
    const id = String((await createIntegration())["id"]);
    const rotate = async (overlap: number): Promise<string> => {
      const { json } = await api("POST", `/integrations/${id}/rotate-url`, { overlap_seconds: overlap });
      return addressIn(json["url"]);
    };
    const first = await rotate(60);
    const second = await rotate(60);
    expect([await foundAt(id), await foundAt(first), await foundAt(second)]).toEqual([id, id, id]);
    const third = await rotate(0);
    expect([await foundAt(id), await foundAt(first), await foundAt(second)]).toEqual([null, null, null]);
    expect(await foundAt(third)).toBe(id);
    const other = String((await createIntegration())["id"]);
    const { json } = await api("POST", `/integrations/${other}/rotate-url`, { overlap_seconds: 0 });
    expect([await foundAt(other), await foundAt(addressIn(json["url"]))]).toEqual([null, other]);
  });

  it("is in force for later changes at every address", async () => {
    const id = String((await createIntegration())["id"]);
    const { json } = await api("POST", `/integrations/${id}/rotate-url`, {});
    const fresh = addressIn(json["url"]);
    expect([await foundAt(id), await foundAt(fresh)]).toEqual([id, id]);
    await api("PATCH", `/integrations/${id}`, { enabled: false });
    for (const address of [id, fresh]) {
      const found = await contextOf(env).caches.integrations.find(address);
      expect(found).toMatchObject({ integration: { enabled: false } });
    }
    expect((await api("DELETE", `/integrations/${id}`)).status).toBe(204);
    expect([await foundAt(id), await foundAt(fresh)]).toEqual([null, null]);
    expect(await tables.integration_addresses.all()).toEqual([]);
  });

  it("gives the same answer to the same Idempotency-Key", async () => {
    const { id } = await createIntegration();
    const call = () => api("POST", `/integrations/${id}/rotate-url`, {}, { "idempotency-key": "once" });
    const [first, second] = [await call(), await call()];
    expect(second.json).toEqual(first.json);
    expect(await foundAt(addressIn(first.json["url"]))).toBe(id);
  });

  it("refuses what it does not know", async () => {
    const { id } = await createIntegration();
    const path = `/integrations/${id}/rotate-url`;
    expect(faults(await api("POST", path, { overlap_seconds: 604_801 }))).toEqual(["overlap_seconds"]);
    expect(faults(await api("POST", path, { secret: "x" }))).toEqual(["secret"]);
    expect((await api("POST", "/integrations/int_none/rotate-url", {})).status).toBe(404);
  });
});
