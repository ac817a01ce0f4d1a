import { beforeEach, describe, expect, it } from "vitest";
import { TOOLS } from "../../src/mcp/server.ts";
import { agentWith, callTool } from "../support/agent.ts";
import { client, createDestination, createIntegration } from "../support/api.ts";
import { deadDelivery } from "../support/dead-delivery.ts";
import { onlyDelivery } from "../support/deliveries.ts";
import {
  type World,
  createWorld,
  eventMessage,
  fakeOutside,
  insertDestination,
  insertRoute,
  insertRouted,
  processBatch,
} from "../support/world.ts";
import { unwrap } from "../../src/client/index.ts";

const DESTINATION = "dst_0000000000000000000000000001";

/** The tools of the public contract. */
const PROMISED = [
  "search_events",
  "get_event",
  "list_deliveries",
  "list_alerts",
  "explain_failure",
  "metrics",
  "reconciliation",
  "preview_rule",
  "preview_route",
  "preview_payload",
  "retry_delivery",
  "replay",
  "acknowledge_alert",
  "resolve_alert",
  "pause_destination",
  "resume_destination",
];

let world: World;
let status = 200;

beforeEach(() => {
  status = 200;
  world = createWorld();
  fakeOutside(() => new Response("no such channel", { status }));
});

describe("the tools", () => {
  it("are those of the contract, each with a schema of its arguments and what it does", async () => {
    const agent = await agentWith();
    const { tools } = await agent.listTools();
    expect(tools.map(({ name }) => name)).toEqual(expect.arrayContaining(PROMISED));
    for (const { name, description, inputSchema, annotations } of tools) {
      expect(inputSchema, name).toMatchObject({ type: "object", additionalProperties: false });
      expect(description?.length, name).toBeGreaterThan(15);
      expect(annotations?.readOnlyHint, name).toBe(TOOLS.find((tool) => tool.name === name)?.effect === "reads");
    }
  });

  it("have the arguments of the API", async () => {
    const agent = await agentWith();
    const { tools } = await agent.listTools();
    const argumentsOf = (wanted: string) => tools.find(({ name }) => name === wanted)?.inputSchema.properties ?? {};
    expect(Object.keys(argumentsOf("search_events"))).toEqual(
      expect.arrayContaining(["q", "integration_id", "type", "outcome", "unrouted", "from", "to", "limit", "cursor"]),
    );
    expect(argumentsOf("replay")).toMatchObject({ filter: {}, delivery_ids: {}, dry_run: { default: true } });
    expect(argumentsOf("preview_payload")).toHaveProperty("payload");
  });

  it("say which argument is wrong", async () => {
    const agent = await agentWith();
    expect(await callTool(agent, "search_events", { limit: 1_000 })).toMatchObject({ isError: true, text: /limit/ });
    expect(await callTool(agent, "search_events", { page: 1 })).toMatchObject({ isError: true, text: /page.*cursor/s });
    expect(await callTool(agent, "get_event", {})).toMatchObject({ isError: true, text: /event_id/ });
    expect(await callTool(agent, "get_event", { event_id: ".." })).toMatchObject({ isError: true, text: /event_id/ });
    expect(await callTool(agent, "get_event", { event_id: "evt_none" })).toMatchObject({ isError: true, text: /404/ });
  });
});

describe("an agent that looks", () => {
  it("finds an event by its text, and gets its whole story", async () => {
    await insertRouted(DESTINATION);
    const message = eventMessage("create", "db-7", { title: "db-7 is down" });
    await processBatch(world.context, [message]);
    const agent = await agentWith();
    const found = await callTool(agent, "search_events", { q: "db-7" });
    expect(found.result.events).toMatchObject([{ id: message.id, from_sender: { title: "db-7 is down" } }]);
    const { result } = await callTool(agent, "get_event", { event_id: message.id });
    expect(result).toMatchObject({
      event: { id: message.id, outcome: "created" },
      alert: { status: "open", from_sender: { key: "db-7", title: "db-7 is down" } },
      deliveries: [{ destination_id: DESTINATION, status: "delivered", attempts_made: 1 }],
    });
    expect(result.event.from_sender.payload).toContain("db-7");
  });

  it("takes another name for the id", async () => {
    await insertRouted(DESTINATION);
    const message = eventMessage("create", "db-7");
    await processBatch(world.context, [message]);
    const agent = await agentWith();
    expect((await callTool(agent, "get_event", { id: message.id })).result.event.id).toBe(message.id);
    expect((await callTool(agent, "explain_failure", { event_id: message.id })).result.event.id).toBe(message.id);
  });

  it("learns which condition kept an event from everyone", async () => {
    await insertDestination(DESTINATION);
    await insertRoute("rte_1", [DESTINATION], ["alert.resolved"]);
    const message = eventMessage("create", "db-7");
    await processBatch(world.context, [message]);
    const agent = await agentWith();
    const { result } = await callTool(agent, "explain_failure", { id: message.id });
    expect(result.why.join(" ")).toMatch(/no delivery.*does not take this type of event.*alert\.resolved/);
    expect(result.next_steps.join(" ")).toMatch(/preview_route/);
  });

  it("learns why a delivery is dead, and what would help", async () => {
    const dead = await deadDelivery(world, DESTINATION, { status: 404, body: "no such channel" });
    const agent = await agentWith();
    const listed = await callTool(agent, "list_deliveries", { outstanding: "true" });
    expect(listed.result.deliveries).toMatchObject([{ id: dead.id, status: "dead", last_attempt: { status: 404 } }]);
    const { result } = await callTool(agent, "explain_failure", { id: dead.id });
    expect(result.why.join(" ")).toMatch(/dead.*All attempts.*status 404/);
    expect(result.next_steps.join(" ")).toMatch(/Is the URL complete.*retry_delivery/);
    expect(result.delivery.attempts.at(-1).from_receiver).toBe("no such channel");
  });

  it("reads counts", async () => {
    await insertRouted(DESTINATION);
    await processBatch(world.context, [eventMessage("create", "db-7")]);
    const agent = await agentWith();
    expect((await callTool(agent, "reconciliation")).result).toMatchObject({
      accepted: 1,
      delivered: 1,
      balanced: true,
    });
    const { result } = await callTool(agent, "metrics", { measure: "accepted", step: "hour" });
    expect(result.series[0].points).toHaveLength(24);
  });
});

describe("an agent that tries", () => {
  it("sees what a webhook would become", async () => {
    const { id, auth } = await createIntegration();
    expect(auth.type).toBe("none");
    const agent = await agentWith();
    const body = JSON.stringify({ event_type: "create", Id: "db-7", Title: "db-7 is down" });
    const { result } = await callTool(agent, "preview_rule", { integration_id: id, body });
    expect(result).toMatchObject({ accepted: true, events: [{ action: "create", outcome: "created" }] });
    expect(result.events[0].from_sender.alert).toContain("db-7 is down");
    const wrong = { integration_id: id, body, headers: { "x y": "1" } };
    expect(await callTool(agent, "preview_rule", wrong)).toMatchObject({ isError: true, text: /headers\.x y/ });
  });

  it("sees which events a route would take, and what a destination would receive", async () => {
    await insertRouted(DESTINATION);
    const message = eventMessage("create", "db-7", { title: "db-7 is down" });
    await processBatch(world.context, [message]);
    const agent = await agentWith();
    const route = { route_id: "rte_1", match: { "data.alert.urgency": "high" } };
    expect((await callTool(agent, "preview_route", route)).result).toMatchObject({
      matched: 0,
      events: [{ event_id: message.id, reason: "match" }],
    });
    const body = { mode: "template", content_type: "text/plain", body: "{{ data.alert.title }}" };
    const payload = { destination_id: DESTINATION, event_id: message.id, payload: body };
    expect((await callTool(agent, "preview_payload", payload)).result).toMatchObject({
      ok: true,
      from_sender: { body: "db-7 is down" },
    });
  });
});

describe("an agent that acts", () => {
  it("retries a dead delivery", async () => {
    const dead = await deadDelivery(world, DESTINATION, { status: 404, body: "" });
    const agent = await agentWith();
    const { result } = await callTool(agent, "retry_delivery", { delivery_id: dead.id });
    expect(result.delivery).toMatchObject({ id: dead.id, status: "pending", reason: "retried_by_hand" });
    expect(await onlyDelivery()).toMatchObject({ status: "pending" });
  });

  it("only counts a replay unless it says that it is not dry", async () => {
    await deadDelivery(world, DESTINATION, { status: 404, body: "" });
    const agent = await agentWith();
    const filter = { status: "dead" };
    expect((await callTool(agent, "replay", { filter })).result).toMatchObject({ dry_run: true, count: 1 });
    expect(unwrap(await client.replays.list()).data).toEqual([]);
    expect((await callTool(agent, "replay", { filter, dry_run: false })).result).toMatchObject({ count: 1 });
    expect(unwrap(await client.replays.list()).data).toHaveLength(1);
    expect(await callTool(agent, "replay", { filter: {} })).toMatchObject({ isError: true, text: /filter/ });
  });

  it("acknowledges and resolves an alert", async () => {
    await insertRouted(DESTINATION);
    await createIntegration();
    await processBatch(world.context, [eventMessage("create", "db-7")]);
    const agent = await agentWith();
    const { result } = await callTool(agent, "list_alerts", { status: "open" });
    const alert_id = result.alerts[0].id;
    expect((await callTool(agent, "acknowledge_alert", { alert_id })).result.alert.status).toBe("acknowledged");
    expect((await callTool(agent, "resolve_alert", { alert_id })).result.alert.status).toBe("resolved");
  });

  it("pauses and resumes a destination, and the audit trail names its token", async () => {
    const { id } = await createDestination();
    const { token, id: tokenId } = unwrap(await client.tokens.create({ name: "agent", scopes: ["write"] }));
    const agent = await agentWith(token);
    expect((await callTool(agent, "pause_destination", { destination_id: id })).result.paused_at).not.toBeNull();
    expect((await callTool(agent, "resume_destination", { destination_id: id })).result.paused_at).toBeNull();
    const trail = unwrap(await client.audit.list()).data.filter(({ actor }) => actor === tokenId);
    expect(trail.map(({ action }) => action)).toEqual(["destination.resumed", "destination.paused"]);
  });
});
