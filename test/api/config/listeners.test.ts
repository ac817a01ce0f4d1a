import { describe, expect, it } from "vitest";
import { unwrap } from "../../../src/client/index.ts";
import { client, createDestination } from "../../support/api.ts";
import { apply, pull, send, shortly } from "./gateway.ts";

// Documents beside the destination and the route of a command `listen`, which come and go with it.

const OPTIONS = { forward_to: "http://localhost:3000/", remove_after_seconds: 86_400 };

async function createListener() {
  const destination = unwrap(
    await client.destinations.create({ name: "listen on laptop", type: "cli", options: OPTIONS }),
  );
  const route = unwrap(await client.routes.create({ name: "listen on laptop", destination_ids: [destination.id] }));
  return { destination, route };
}

describe("what a command has made", () => {
  it("is marked, is in no document, and is not pruned", async () => {
    const { destination, route } = await createListener();
    expect([destination.managed_by, route.managed_by]).toEqual(["listen", "listen"]);
    expect(JSON.parse((await pull()).text)).toMatchObject({ destinations: {}, routes: {} });
    await createDestination({ name: "by hand" });
    expect(shortly(await apply({ version: 1 }, { prune: true }))).toEqual(["delete destination by hand"]);
    expect(unwrap(await client.destinations.list()).data).toMatchObject([{ id: destination.id }]);
    expect(unwrap(await client.routes.get(route.id))).toMatchObject({ destination_ids: [destination.id] });
  });

  it("has no key in a document, and does not take the key of another one", async () => {
    const { destination } = await createListener();
    const named = { version: 1, routes: { all: { destinations: ["listen on laptop"] } } };
    expect((await send(named)).ok).toBe(false);
    const other = await createDestination({ name: "listen on laptop" });
    expect(Object.keys(JSON.parse((await pull()).text).destinations)).toEqual(["listen on laptop"]);
    expect((await apply(named)).changes).toMatchObject([{ action: "create", kind: "route" }]);
    const all = unwrap(await client.routes.list()).data.find(({ name }) => name === "all");
    expect(all?.destination_ids).toEqual([other.id]);
    expect(unwrap(await client.destinations.get(destination.id)).managed_by).toBe("listen");
  });

  it("stays in a route that also delivers elsewhere, of which a document shows only that", async () => {
    const { destination } = await createListener();
    const [chat, mail] = [await createDestination({ name: "chat" }), await createDestination({ name: "mail" })];
    const both = { name: "both", destination_ids: [destination.id, chat.id] };
    const { id, managed_by } = unwrap(await client.routes.create(both));
    expect(managed_by).toBeNull();
    const { text } = await pull();
    expect(JSON.parse(text).routes).toEqual({ both: { destinations: ["chat"] } });
    expect((await apply(text, { prune: true })).changes).toEqual([]);
    expect(unwrap(await client.routes.get(id)).destination_ids).toEqual(both.destination_ids);
    const moved = { ...JSON.parse(text), routes: { both: { destinations: ["mail"] } } };
    expect((await apply(moved)).changes).toMatchObject([{ action: "update", fields: ["destinations"] }]);
    expect(unwrap(await client.routes.get(id)).destination_ids).toEqual([mail.id, destination.id]);
  });
});

it("a destination for commands that is kept for good is configuration like any other", async () => {
  const kept = unwrap(await client.destinations.create({ name: "laptop", type: "cli" }));
  expect(kept.managed_by).toBeNull();
  const { text } = await pull();
  expect(Object.keys(JSON.parse(text).destinations)).toEqual(["laptop"]);
  expect(shortly(await apply({ version: 1 }, { prune: true }))).toEqual(["delete destination laptop"]);
});
