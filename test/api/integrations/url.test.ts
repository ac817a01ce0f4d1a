import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { contextOf } from "../../../src/context.ts";
import { unwrap } from "../../../src/client/index.ts";
import { client, createIntegration, faultsOf, statusOf, unchecked } from "../../support/api.ts";
import { revision, tables } from "../../support/tables.ts";

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
    const id = made.id;
    expect(await foundAt(id)).toBe(id);
    const start = await revision();
    const reply = await client.integrations.rotateUrl(id, { overlap_seconds: 60 });
    const json = unwrap(reply);
    expect(statusOf(reply)).toBe(200);
    const fresh = addressIn(json.url);
    expect(fresh).toMatch(/^int_[0-9a-z]{36}$/);
    expect(fresh).not.toBe(id);
    const auth = { type: "token", header: "pagertree-token" };
    expect(json).toEqual({
      ...made,
      auth,
      url: `https://gate.example.net/integration/${fresh}`,
      updated_at: json.updated_at,
    });
    expect(unwrap(await client.integrations.get(id))).toEqual(json);
    expect(statusOf(await client.integrations.get(fresh))).toBe(404);
    expect(await revision()).toBe(start + 1);
    expect([await foundAt(id), await foundAt(fresh)]).toEqual([id, id]);
    await expire(id);
    contextOf(env).caches.integrations.forget(id);
    expect([await foundAt(id), await foundAt(fresh)]).toEqual([null, id]);
  });

  it("ends every earlier URL at once with an overlap of 0", async () => {
    const id = (await createIntegration()).id;
    const rotate = async (overlap: number): Promise<string> => {
      const json = unwrap(await client.integrations.rotateUrl(id, { overlap_seconds: overlap }));
      return addressIn(json.url);
    };
    const first = await rotate(60);
    const second = await rotate(60);
    expect([await foundAt(id), await foundAt(first), await foundAt(second)]).toEqual([id, id, id]);
    const third = await rotate(0);
    expect([await foundAt(id), await foundAt(first), await foundAt(second)]).toEqual([null, null, null]);
    expect(await foundAt(third)).toBe(id);
    const other = (await createIntegration()).id;
    const json = unwrap(await client.integrations.rotateUrl(other, { overlap_seconds: 0 }));
    expect([await foundAt(other), await foundAt(addressIn(json.url))]).toEqual([null, other]);
  });

  it("is in force for later changes at every address", async () => {
    const id = (await createIntegration()).id;
    const json = unwrap(await client.integrations.rotateUrl(id, {}));
    const fresh = addressIn(json.url);
    expect([await foundAt(id), await foundAt(fresh)]).toEqual([id, id]);
    await client.integrations.update(id, { enabled: false });
    for (const address of [id, fresh]) {
      const found = await contextOf(env).caches.integrations.find(address);
      expect(found).toMatchObject({ integration: { enabled: false } });
    }
    expect(statusOf(await client.integrations.delete(id))).toBe(204);
    expect([await foundAt(id), await foundAt(fresh)]).toEqual([null, null]);
    expect(await tables.integration_addresses.all()).toEqual([]);
  });

  it("gives the same answer to the same Idempotency-Key", async () => {
    const { id } = await createIntegration();
    const call = () => client.integrations.rotateUrl(id, {}, { idempotency_key: "once" });
    const [first, second] = [await call(), await call()];
    expect(unwrap(second)).toEqual(unwrap(first));
    expect(await foundAt(addressIn(unwrap(first).url))).toBe(id);
  });

  it("refuses what it does not know", async () => {
    const { id } = await createIntegration();
    expect(faultsOf(await client.integrations.rotateUrl(id, { overlap_seconds: 604_801 }))).toEqual([
      "overlap_seconds",
    ]);
    expect(faultsOf(await client.integrations.rotateUrl(id, unchecked({ secret: "x" })))).toEqual(["secret"]);
    expect(statusOf(await client.integrations.rotateUrl("int_none", {}))).toBe(404);
  });
});
