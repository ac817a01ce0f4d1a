import { describe, expect, it } from "vitest";
import { unwrap } from "../../../src/client/index.ts";
import { client, faultsOf } from "../../support/api.ts";
import { apply, send } from "./gateway.ts";

const URL = "https://hooks.example.com/in";

describe("an error", () => {
  it("has the path of its field in the document, as with single requests", async () => {
    const refused = await send({
      version: 1,
      integrations: { a: { type: "no" }, b: { type: "catch", external_id: "b" } },
      destinations: { slack: { url: "ftp://x", timeout_ms: 1 }, typo: { uri: URL, url: URL } },
      routes: { r: { destinations: ["nobody"], match: { "alert.urgency": "high" } }, s: { destination_ids: [] } },
    });
    expect(faultsOf(refused)).toEqual([
      "integrations.a.type",
      "integrations.b.external_id",
      "destinations.slack.timeout_ms",
      "destinations.typo.uri",
      "routes.r.destinations[0]",
      "routes.s.destination_ids",
    ]);
  });

  it("is one of at most 20, and nothing is applied", async () => {
    const bad = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`d${index}`, { url: "no" }]));
    const refused = await send({ version: 1, integrations: { fine: { type: "catch" } }, destinations: bad });
    expect(faultsOf(refused)).toHaveLength(20);
    expect(unwrap(await client.integrations.list()).data).toEqual([]);
  });

  it.each([
    ["no version", { integrations: {} }, "version"],
    ["another version", { version: 2 }, "version"],
    ["a list", { version: 1, routes: [] }, "routes"],
    ["an entry that is no object", { version: 1, routes: { a: null } }, "routes.a"],
    ["a transformation without code", { version: 1, transformations: { a: {} } }, "transformations.a.code"],
    [
      "code that is no JavaScript",
      { version: 1, transformations: { a: { code: "export default {" } } },
      "transformations.a.code",
    ],
    [
      "an unknown transformation",
      { version: 1, integrations: { a: { type: "catch", transformation: "b" } } },
      "integrations.a.transformation",
    ],
    [
      "a transformation by its id",
      { version: 1, destinations: { a: { url: URL, transformation_id: "b" } } },
      "destinations.a.transformation_id",
    ],
    [
      "a transformation of the bytes that arrived",
      {
        version: 1,
        destinations: { a: { url: URL, payload: { mode: "original" }, transformation: "b" } },
        transformations: { b: { code: "export default (event) => event;" } },
      },
      "destinations.a.transformation",
    ],
    ["something unknown", { version: 1, tokens: {} }, "tokens"],
    ["a blank key", { version: 1, destinations: { " ": { url: URL } } }, "destinations. "],
    ["a name that is no text", { version: 1, destinations: { a: { url: URL, name: 5 } } }, "destinations.a.name"],
    ["two names", { version: 1, destinations: { "a b": { url: URL, name: "c" } } }, "destinations.a b.name"],
    [
      "an integration's shard",
      { version: 1, integrations: { a: { type: "catch", shard: 9 } } },
      "integrations.a.shard",
    ],
  ])("is the answer to %s", async (_case, document, path) => {
    expect(faultsOf(await send(document))).toEqual([path]);
  });

  it("is the answer to the type of a destination that exists as another", async () => {
    await apply({ version: 1, destinations: { a: { url: URL } } });
    expect(faultsOf(await send({ version: 1, destinations: { a: { type: "document" } } }))).toEqual([
      "destinations.a.type",
    ]);
  });
});
