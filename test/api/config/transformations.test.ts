import { describe, expect, it } from "vitest";
import { unwrap } from "../../../src/client/index.ts";
import { client, clientOf, createDestination, faultsOf, statusOf, unchecked } from "../../support/api.ts";
import { apply, empty, pull, send, shortly } from "./gateway.ts";

const CODE = "export default function (event) {\n  delete event.payload.email;\n  return event;\n}\n";
const DOCUMENT = {
  version: 1,
  integrations: { hook: { type: "catch", transformation: "redact" } },
  destinations: {
    chat: { url: "https://hooks.example.com/in", signing: { scheme: "none" }, transformation: "for the chat" },
  },
  transformations: {
    redact: { name: "Without emails", code: CODE },
    "for the chat": { code: "export default ({ data }) => ({ text: data.event.kind });\n" },
  },
};

describe("transformations in a document", () => {
  it("are created and named by key", async () => {
    const applied = await apply(DOCUMENT);
    expect(applied.changes).toEqual([
      { action: "create", kind: "integration", name: "hook", fields: ["transformation", "type"] },
      { action: "create", kind: "destination", name: "chat", fields: ["signing", "transformation", "url"] },
      { action: "create", kind: "transformation", name: "redact", fields: ["code", "name"] },
      { action: "create", kind: "transformation", name: "for the chat", fields: ["code"] },
    ]);
    const redact = unwrap(await client.transformations.get("redact"));
    expect(redact).toMatchObject({ name: "Without emails", version: 1, managed_by: "config", code: CODE });
    expect(unwrap(await client.integrations.get("hook")).transformation_id).toBe(redact.id);
    expect(unwrap(await client.transformations.versions.list("redact")).data).toMatchObject([{ version: 1 }]);
  });

  it("that are exported, applied to an empty gateway and exported again have the same bytes", async () => {
    await apply(DOCUMENT);
    const { text } = await pull();
    expect(JSON.parse(text)).toEqual({ ...DOCUMENT, routes: {} });
    await empty();
    await apply(text);
    expect((await pull()).text).toBe(text);
    expect(await apply(text)).toMatchObject({ changes: [] });
  });

  it("get another version by another code only", async () => {
    await apply(DOCUMENT);
    const code = `${CODE}// second\n`;
    const changed = { ...DOCUMENT, transformations: { redact: { name: "Renamed", code } } };
    expect((await apply(changed)).changes).toEqual([
      { action: "update", kind: "transformation", name: "redact", fields: ["code", "name"] },
    ]);
    await apply({ version: 1, transformations: { redact: { name: "Again", code } } });
    expect(unwrap(await client.transformations.get("redact"))).toMatchObject({ name: "Again", version: 2 });
    const versions = unwrap(await client.transformations.versions.list("redact")).data;
    expect(versions.map((each) => each.code)).toEqual([code, CODE]);
  });

  it("are taken from a thing whose entry names none, and deleted with prune", async () => {
    await apply(DOCUMENT);
    const { transformation: _left, ...hook } = DOCUMENT.integrations.hook;
    const less = { ...DOCUMENT, integrations: { hook } };
    expect((await apply(less)).changes).toEqual([
      { action: "update", kind: "integration", name: "hook", fields: ["transformation"] },
    ]);
    const { redact: _redact, ...transformations } = DOCUMENT.transformations;
    expect(shortly(await apply({ ...less, transformations }, { prune: true }))).toEqual([
      "delete transformation redact",
    ]);
    expect(faultsOf(await send({ ...DOCUMENT, transformations }, { prune: true }))).toEqual([
      "integrations.hook.transformation",
    ]);
  });

  it("made by hand change nothing when they are exported and applied, and are managed then", async () => {
    const { id } = unwrap(await client.transformations.create({ name: "By hand", code: CODE }));
    await createDestination({ transformation_id: id });
    const { text } = await pull();
    expect(await apply(text)).toMatchObject({ changes: [] });
    expect(unwrap(await client.transformations.get(id))).toMatchObject({ managed_by: "config", version: 1 });
  });

  it("are applied by a gateway that cannot run them if their code is what is stored", async () => {
    await apply(DOCUMENT);
    const bare = clientOf({ bindings: unchecked({ TRANSFORMATIONS: null, LOADER: null }) });
    const named = { ...DOCUMENT.transformations.redact, name: "Renamed" };
    expect(statusOf(await bare.config.apply(unchecked({ version: 1, transformations: { redact: named } })))).toBe(200);
    const other = { ...named, code: `${CODE}//` };
    expect(faultsOf(await bare.config.apply(unchecked({ version: 1, transformations: { redact: other } })))).toEqual([
      "transformations.redact.code",
    ]);
  });
});
