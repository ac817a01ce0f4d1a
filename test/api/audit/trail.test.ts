import { beforeEach, describe, expect, it } from "vitest";
import { ENDPOINTS } from "../../../src/api/endpoints.ts";
import type { AuditAction } from "../../../src/model/audit.ts";
import { alertIdOf, deliveryIdOf } from "../../../src/model/ids.ts";
import { type Client, type Result, type Success, unwrap } from "../../../src/client/index.ts";
import { clientOf, createDestination, createIntegration, statusOf, textOf } from "../../support/api.ts";
import { fakeQueue } from "../../support/bindings.ts";
import { tables } from "../../support/tables.ts";
import {
  createWorld,
  eventMessage,
  fakeOutside,
  insertDestination,
  insertRoute,
  processBatch,
} from "../../support/world.ts";

const DESTINATION = "dst_0000000000000000000000000001";
const { queue } = fakeQueue();
const gateway: Client = clientOf({ bindings: { EVENTS: queue, DELIVERIES: queue } });

/** A call of an endpoint that changes something, and the action that must be on record then. */
type Recorded = {
  readonly action: AuditAction;
  readonly call: () => Promise<Result<Success<number, unknown>>>;
};

let integration = "";
let destination = "";
const CODE = "export default (event) => event;";
let route = "";
let transformation = "";
let token = "";
let event = "";

/** Each endpoint that is not a GET: how it is called here, or why it leaves no entry. */
const CALLS: Readonly<Record<string, Recorded | string>> = {
  "integrations.create": {
    action: "integration.created",
    call: () => gateway.integrations.create({ name: "new", type: "catch" }),
  },
  "integrations.update": {
    action: "integration.updated",
    call: () => gateway.integrations.update(integration, { name: "renamed" }),
  },
  "integrations.delete": { action: "integration.deleted", call: () => gateway.integrations.delete(integration) },
  "integrations.rotateToken": {
    action: "integration.token_rotated",
    call: () => gateway.integrations.rotateToken(integration, {}),
  },
  "integrations.rotateUrl": {
    action: "integration.url_rotated",
    call: () => gateway.integrations.rotateUrl(integration, {}),
  },
  "integrations.preview": "It stores and sends nothing.",
  "ruleSets.detect": "It stores nothing.",
  "sessions.create": "Whoever has the token can do as much without a session.",
  "sessions.deleteCurrent": "It ends the caller's own session only.",
  "destinations.create": {
    action: "destination.created",
    call: () => gateway.destinations.create({ name: "new", url: "https://hooks.example.com/new" }),
  },
  "destinations.pause": { action: "destination.paused", call: () => gateway.destinations.pause(destination) },
  "destinations.resume": {
    action: "destination.resumed",
    call: async () => {
      await gateway.destinations.pause(destination);
      return await gateway.destinations.resume(destination);
    },
  },
  "destinations.update": {
    action: "destination.updated",
    call: () => gateway.destinations.update(destination, { timeout_ms: 5_000 }),
  },
  "destinations.delete": { action: "destination.deleted", call: () => gateway.destinations.delete(destination) },
  "destinations.rotateSecret": {
    action: "destination.secret_rotated",
    call: () => gateway.destinations.rotateSecret(destination, {}),
  },
  "destinations.test": "It sends one request, and stores nothing.",
  "destinations.preview": "It stores and sends nothing.",
  "destinations.authorize": "Nothing changes before somebody consents at the authorization server.",
  "routes.create": {
    action: "route.created",
    call: () => gateway.routes.create({ name: "new", destination_ids: [destination] }),
  },
  "routes.update": { action: "route.updated", call: () => gateway.routes.update(route, { enabled: false }) },
  "routes.delete": { action: "route.deleted", call: () => gateway.routes.delete(route) },
  "routes.preview": "It stores and sends nothing.",
  "routePreviews.create": "It stores and sends nothing.",
  "transformations.create": {
    action: "transformation.created",
    call: () => gateway.transformations.create({ name: "new", code: CODE }),
  },
  "transformations.update": {
    action: "transformation.updated",
    call: () => gateway.transformations.update(transformation, { name: "renamed" }),
  },
  "transformations.rollback": {
    action: "transformation.rolled_back",
    call: async () => {
      await gateway.transformations.update(transformation, { code: `${CODE}//` });
      return await gateway.transformations.rollback(transformation, { version: 1 });
    },
  },
  "transformations.replay": {
    action: "transformation.replayed",
    call: () => gateway.transformations.replay(transformation, { dry_run: false }),
  },
  "transformations.delete": {
    action: "transformation.deleted",
    call: () => gateway.transformations.delete(transformation),
  },
  "transformations.preview": "It stores and sends nothing.",
  "transformationPreviews.create": "It stores and sends nothing.",
  "tokens.create": {
    action: "token.created",
    call: () => gateway.tokens.create({ name: "new", scopes: ["read"] }),
  },
  "tokens.update": { action: "token.updated", call: () => gateway.tokens.update(token, { scopes: ["write"] }) },
  "tokens.delete": { action: "token.deleted", call: () => gateway.tokens.delete(token) },
  "keys.rotateSigning": { action: "key.rotated", call: () => gateway.keys.rotateSigning({}) },
  "config.apply": {
    action: "config.applied",
    call: () => gateway.config.apply({ version: 1, integrations: { hook: { type: "catch" } } }),
  },
  "events.replay": { action: "event.replayed", call: () => gateway.events.replay(event) },
  "events.erase": { action: "event.erased", call: () => gateway.events.erase(event) },
  "alerts.acknowledge": {
    action: "alert.acknowledged",
    call: () => gateway.alerts.acknowledge(alertIdOf(event)),
  },
  "alerts.resolve": { action: "alert.resolved", call: () => gateway.alerts.resolve(alertIdOf(event)) },
  "deliveries.retry": {
    action: "delivery.retried",
    call: () => gateway.deliveries.retry(deliveryIdOf(event, DESTINATION)),
  },
  "replays.create": {
    action: "replay.created",
    call: () => gateway.replays.create({ filter: { status: "delivered" }, dry_run: false }),
  },
  "replays.cancel": {
    action: "replay.cancelled",
    call: async () => {
      const started = unwrap(await gateway.replays.create({ filter: { status: "delivered" }, dry_run: false }));
      return await gateway.replays.cancel("id" in started ? started.id : "");
    },
  },
  "deadLetters.replay": { action: "dead_letter.replayed", call: () => gateway.deadLetters.replay("letter") },
  "deadLetters.delete": { action: "dead_letter.deleted", call: () => gateway.deadLetters.delete("letter") },
};

async function actions(): Promise<string[]> {
  return unwrap(await gateway.audit.list({ limit: 250 })).data.map(({ action }) => action);
}

beforeEach(async () => {
  fakeOutside();
  await insertDestination(DESTINATION);
  await insertRoute("rte_1", [DESTINATION]);
  const message = eventMessage("create", "disk");
  event = message.id;
  await processBatch(createWorld().context, [message]);
  await tables.dead_letters.insert({ id: "letter", message: eventMessage("create", "fan") });
  integration = (await createIntegration({ auth: { type: "token" } })).id;
  destination = (await createDestination()).id;
  const other = (await createDestination()).id;
  route = unwrap(await gateway.routes.create({ name: "all", destination_ids: [other] })).id;
  transformation = unwrap(await gateway.transformations.create({ name: "one", code: CODE })).id;
  token = unwrap(await gateway.tokens.create({ name: "token", scopes: ["read"] })).id;
  await tables.audit.delete({});
});

it("covers every endpoint that is not a GET", () => {
  const changing = ENDPOINTS.filter(({ method }) => method !== "GET").map(({ id }) => id);
  expect(Object.keys(CALLS).toSorted()).toEqual(changing.toSorted());
});

describe("an endpoint that changes something leaves one entry of its own:", () => {
  it.each(Object.entries(CALLS).flatMap(([id, call]) => (typeof call === "string" ? [] : [[id, call] as const])))(
    "%s",
    async (_id, { action, call }) => {
      const result = await call();
      expect([statusOf(result), textOf(result)]).toEqual([expect.toBeOneOf([200, 201, 204]), expect.any(String)]);
      expect((await actions()).filter((each) => each === action)).toEqual([action]);
    },
  );

  it("and none if it is refused", async () => {
    const refused = [
      await gateway.integrations.update("none", { name: "x" }),
      await gateway.destinations.update(destination, { url: "no url" }),
      await gateway.routes.delete("none"),
      await gateway.tokens.delete("none"),
      await gateway.events.erase("none"),
      await gateway.deliveries.retry("none"),
      await gateway.replays.cancel("none"),
      await gateway.deadLetters.delete("none"),
    ];
    expect(refused.every(({ ok }) => !ok)).toBe(true);
    await gateway.destinations.update(destination, { timeout_ms: 10_000 });
    await gateway.replays.create({ filter: { status: "delivered" }, dry_run: true });
    expect(await actions()).toEqual([]);
  });

  it("once, if the request is repeated under its key", async () => {
    for (let round = 0; round < 2; round++) {
      await gateway.routes.create({ name: "new", destination_ids: [destination] }, { idempotency_key: "one" });
    }
    expect(await actions()).toEqual(["route.created"]);
  });
});
