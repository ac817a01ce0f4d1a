import { env } from "cloudflare:workers";
import { afterEach, beforeEach, expect, it } from "vitest";
import { unwrap } from "../../src/client/index.ts";
import { forgetContext } from "../../src/context.ts";
import { client } from "../support/api.ts";
import { call, openGateway, pluck } from "../support/flow.ts";
import { applySchema, dropTables } from "../support/schema.ts";

// `wrangler rollback` brings the code of the version before back, and the database keeps the newer schema.

/** What a migration of the next release may do: add columns and tables. */
async function addToEveryTable(): Promise<void> {
  const tables =
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT GLOB '_cf_*' AND name NOT GLOB 'sqlite_*' AND name <> 'd1_migrations'";
  const { results } = await env.DB.prepare(tables).all<{ name: string }>();
  expect(results.length).toBeGreaterThan(30);
  await env.DB.batch([
    ...results.map(({ name }) => env.DB.prepare(`ALTER TABLE ${name} ADD COLUMN of_the_next_release TEXT DEFAULT 'x'`)),
    env.DB.prepare("CREATE TABLE of_the_next_release (id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID"),
    env.DB.prepare("INSERT INTO d1_migrations (name) VALUES ('9999_of_the_next_release.sql')"),
  ]);
}

beforeEach(async () => {
  await addToEveryTable();
  forgetContext();
});

afterEach(async () => {
  await dropTables();
  await applySchema();
  forgetContext();
});

it("a gateway works with a schema that is one release ahead", async () => {
  const { status, json } = await call("/ready");
  // Only the schedule has not run yet.
  expect({ status, paths: pluck(json.errors, "path") }).toEqual({ status: 503, paths: ["maintenance"] });

  const gateway = await openGateway();
  const line = await gateway.open("pagertree");
  for (const event_type of ["create", "acknowledge", "resolve"]) {
    expect((await line.send({ event_type, Id: "disk", Title: "The disk is full" })).status).toBe(200);
  }
  expect(pluck(line.delivered(), "type")).toEqual(["alert.created", "alert.acknowledged", "alert.resolved"]);
  expect(pluck(await line.events(), "outcome")).toEqual(["created", "acknowledged", "resolved"]);
  expect(await line.alerts()).toMatchObject([{ key: "disk", status: "resolved" }]);
  const deliveries = unwrap(await client.deliveries.list()).data;
  expect(pluck(deliveries, "status")).toEqual(["delivered", "delivered", "delivered"]);
  const replay = unwrap(await client.replays.create({ filter: { status: ["delivered"] }, dry_run: true }));
  expect(replay.count).toBe(3);
  expect(unwrap(await client.integrations.update(line.id, { name: "Renamed" })).name).toBe("Renamed");
  expect(unwrap(await client.reconciliation.get())).toMatchObject({ accepted: 3, delivered: 3 });
});
