import { describe, expect, it } from "vitest";
import { unwrap } from "../../../src/client/index.ts";
import {
  client,
  clientOf,
  createDestination,
  createIntegration,
  faultsOf,
  request,
  statusOf,
  textOf,
  unchecked,
} from "../../support/api.ts";
import { tables } from "../../support/tables.ts";

const CODE = "export default function (event) {\n  delete event.payload.email;\n  return event;\n}\n";

async function create(more: object = {}) {
  return unwrap(await client.transformations.create({ name: "Redact", code: CODE, ...more }));
}

describe("transformations", () => {
  it("are created, listed by name, changed and deleted", async () => {
    const made = await create({ external_id: "redact" });
    expect(made).toMatchObject({ name: "Redact", code: CODE, version: 1, external_id: "redact", managed_by: null });
    await create({ name: "Another" });
    const { data } = unwrap(await client.transformations.list({ name: "Redact" }));
    expect(data).toEqual([made]);
    const whole = { ...made, integration_ids: [], destination_ids: [] };
    expect(unwrap(await client.transformations.get("redact"))).toEqual(whole);
    const renamed = unwrap(await client.transformations.update("redact", { name: "Renamed", code: CODE }));
    expect(renamed).toMatchObject({ id: made.id, name: "Renamed", version: 1 });
    expect(statusOf(await client.transformations.delete(made.id))).toBe(204);
    expect(statusOf(await client.transformations.get(made.id))).toBe(404);
  });

  it("keep their versions, and roll back to one by a new version", async () => {
    const { id } = await create();
    const second = "export default (event) => event;\n";
    expect(unwrap(await client.transformations.update(id, { code: second }))).toMatchObject({ version: 2 });
    const rolledBack = unwrap(await client.transformations.rollback(id, { version: 1 }));
    expect(rolledBack).toMatchObject({ version: 3, code: CODE });
    expect(unwrap(await client.transformations.rollback(id, { version: 1 }))).toMatchObject({ version: 3 });
    const first = unwrap(await client.transformations.versions.list(id, { limit: 2 }));
    expect(first.data.map(({ version, code }) => [version, code])).toEqual([
      [3, CODE],
      [2, second],
    ]);
    const rest = unwrap(await client.transformations.versions.list(id, { cursor: first.next_cursor ?? "" }));
    expect(rest).toMatchObject({ data: [{ version: 1, code: CODE }], next_cursor: null });
    expect(faultsOf(await client.transformations.rollback(id, { version: 9 }))).toEqual(["version"]);
  });

  it("show the last runs that failed or wrote lines", async () => {
    const { id } = await create();
    expect(unwrap(await client.transformations.runs.list(id)).data).toEqual([]);
    const run = { at: "2026-11-20T10:00:00.000Z", event_id: "evt_1", version: 1, ok: false, duration_ms: 3 };
    const failed = { ...run, logs: ["here"], error: "exception: x is not defined", line: 2 };
    await tables.transformation_runs.insert({ transformation_id: id, runs: [failed] });
    expect(unwrap(await client.transformations.runs.list(id)).data).toEqual([failed]);
    await client.transformations.delete(id);
    expect(await tables.transformation_runs.all()).toEqual([]);
  });

  it("are found by their id and by a part of their name", async () => {
    const { id } = await create({ name: "Without emails" });
    const found = [{ kind: "transformation", id, title: "Without emails" }];
    for (const q of [id, "emails"]) expect(unwrap(await client.search.get({ q })).data).toEqual(found);
  });

  it("leave entries in the audit trail", async () => {
    const { id } = await create();
    await client.transformations.update(id, { code: `${CODE}// 2` });
    await client.transformations.rollback(id, { version: 1 });
    await client.transformations.delete(id);
    const { data } = unwrap(await client.audit.list({ id }));
    expect(data.map(({ action }) => action)).toEqual([
      "transformation.deleted",
      "transformation.rolled_back",
      "transformation.updated",
      "transformation.created",
    ]);
    expect(data[2]).toMatchObject({ before: { version: 1, code: CODE }, after: { version: 2 } });
  });

  it("are made once under an Idempotency-Key", async () => {
    const init = {
      method: "POST",
      headers: { "idempotency-key": "k" },
      body: JSON.stringify({ name: "Once", code: CODE }),
    };
    const [one, two] = [await request("/transformations", init), await request("/transformations", init)];
    expect(two.text).toBe(one.text);
    expect(unwrap(await client.transformations.list()).data).toHaveLength(1);
  });

  it("are for tokens that may write", async () => {
    const { id } = await create();
    const { token } = unwrap(await client.tokens.create({ name: "reader", scopes: ["read"] }));
    const reader = clientOf({ token });
    expect(statusOf(await reader.transformations.get(id))).toBe(200);
    for (const refused of [
      reader.transformations.create({ name: "a", code: CODE }),
      reader.transformations.update(id, { name: "a" }),
      reader.transformations.rollback(id, { version: 1 }),
      reader.transformations.preview(id, { body: {} }),
      reader.transformationPreviews.create({ code: CODE, body: {} }),
      reader.transformations.delete(id),
    ]) {
      expect(statusOf(await refused)).toBe(403);
    }
  });
});

describe("code that is not accepted", () => {
  it("names what is wrong, and the line", async () => {
    const broken = await client.transformations.create({
      name: "a",
      code: "export default function () {\n  return (;\n}\n",
    });
    expect(faultsOf(broken)).toEqual(["code"]);
    expect(textOf(broken)).toMatch(/is not valid JavaScript: .+ \(line 2\)/);
    const nothing = await client.transformations.create({ name: "a", code: "const a = 1;" });
    expect(textOf(nothing)).toContain("must export a function by default");
    const { id } = await create();
    expect(faultsOf(await client.transformations.update(id, { code: "export default" }))).toEqual(["code"]);
    expect(unwrap(await client.transformations.get(id))).toMatchObject({ version: 1, code: CODE });
  });

  it.each([
    ["blank", "  \n"],
    ["too long", `${CODE}//${"é".repeat(33_000)}`],
    ["with a null byte", `${CODE}\u0000`],
    ["with broken text", `${CODE}// \ud800`],
  ])("is %s", async (_case, code) => {
    expect(
      faultsOf(await request("/transformations", { method: "POST", body: JSON.stringify({ name: "a", code }) })),
    ).toEqual(["code"]);
  });

  it("fails only for some events, and then is accepted", async () => {
    expect(await create({ code: "export default (event) => ({ payload: event.payload.user.name });" })).toMatchObject({
      version: 1,
    });
  });

  it("is any code if the deployment cannot run it, with what to add", async () => {
    const { id } = await create();
    const bare = clientOf({ bindings: unchecked({ TRANSFORMATIONS: null, LOADER: null }) });
    const refused = await bare.transformations.create({ name: "a", code: CODE });
    expect(faultsOf(refused)).toEqual(["code"]);
    expect(textOf(refused)).toContain("LOADER");
    expect(textOf(refused)).toContain("npm run deploy -- --plan paid");
    expect(faultsOf(await bare.transformations.preview(id, { body: {} }))).toEqual(["code"]);
    expect(unwrap(await bare.transformations.update(id, { name: "Still", code: CODE }))).toMatchObject({
      name: "Still",
    });
  });
});

describe("what passes a transformation", () => {
  it("names it by its id or external_id, and is named by it", async () => {
    const made = await create({ external_id: "redact" });
    const integration = await createIntegration({ transformation_id: "redact" });
    const destination = await createDestination({ transformation_id: made.id });
    expect([integration.transformation_id, destination.transformation_id]).toEqual([made.id, made.id]);
    expect(unwrap(await client.transformations.get(made.id))).toMatchObject({
      integration_ids: [integration.id],
      destination_ids: [destination.id],
    });
    expect(unwrap(await client.integrations.update(integration.id, { enabled: false })).transformation_id).toBe(
      made.id,
    );
    expect(
      unwrap(await client.integrations.update(integration.id, { transformation_id: null })).transformation_id,
    ).toBeNull();
    expect(
      unwrap(await client.destinations.update(destination.id, { transformation_id: null })).transformation_id,
    ).toBeNull();
  });

  it("must name one that exists", async () => {
    const integration = await createIntegration();
    const destination = await createDestination();
    const unknown = { transformation_id: "trf_none" };
    for (const refused of [
      client.integrations.update(integration.id, unknown),
      client.destinations.update(destination.id, unknown),
      client.integrations.create({ name: "a", type: "catch", ...unknown }),
      client.destinations.create({ name: "a", url: "https://hooks.example.com/", ...unknown }),
    ]) {
      expect(faultsOf(await refused)).toEqual(["transformation_id"]);
    }
  });

  it("does not send the original bytes", async () => {
    const { id } = await create();
    const payload = { mode: "original" } as const;
    const both = { name: "a", url: "https://hooks.example.com/", payload, transformation_id: id };
    expect(faultsOf(await client.destinations.create(both))).toEqual(["transformation_id"]);
    const original = await createDestination({ payload });
    expect(faultsOf(await client.destinations.update(original.id, { transformation_id: id }))).toEqual([
      "transformation_id",
    ]);
    const transformed = await createDestination({ transformation_id: id });
    expect(faultsOf(await client.destinations.update(transformed.id, { payload }))).toEqual(["transformation_id"]);
    const swapped = { payload, transformation_id: null };
    expect(unwrap(await client.destinations.update(transformed.id, swapped))).toMatchObject(swapped);
  });

  it("keeps it from being deleted, unless that is forced", async () => {
    const { id } = await create();
    const integration = await createIntegration({ transformation_id: id });
    const destination = await createDestination({ transformation_id: id });
    const refused = await client.transformations.delete(id);
    expect(statusOf(refused)).toBe(409);
    for (const name of [integration.id, destination.id]) expect(textOf(refused)).toContain(name);
    expect(statusOf(await client.transformations.delete(id, { force: true }))).toBe(204);
    expect(unwrap(await client.integrations.get(integration.id)).transformation_id).toBeNull();
    expect(unwrap(await client.destinations.get(destination.id)).transformation_id).toBeNull();
    expect(await tables.transformation_versions.all()).toEqual([]);
  });
});
