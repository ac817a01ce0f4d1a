import { describe, expect, it } from "vitest";
import agentClear from "../../fixtures/thousandeyes-agent-clear.json";
import newAgent from "../../fixtures/thousandeyes-agent-trigger-2025.json";
import agent from "../../fixtures/thousandeyes-agent-trigger.json";
import clear from "../../fixtures/thousandeyes-alert-clear.json";
import trigger from "../../fixtures/thousandeyes-alert-trigger.json";
import test from "../../fixtures/thousandeyes-test.json";
import { errorsOf, eventOf, openingOf } from "../../support/sources.ts";

const read = (body: unknown) => eventOf("thousandeyes", body);
const opening = (body: unknown) => openingOf("thousandeyes", body);
const withAlert = (fields: object) => ({ ...trigger, alert: { ...trigger.alert, ...fields } });

describe("eventType", () => {
  it("opens and resolves the same alert", () => {
    const about = { namespace: "int_1", key: "90211" };
    expect(read(trigger)).toMatchObject({ kind: "alert", signal: { action: "create", ...about } });
    expect(read(clear)).toMatchObject({ kind: "alert", signal: { action: "resolve", ...about, note: null } });
  });

  it("opens and resolves the same notification of an agent", () => {
    const about = { namespace: "int_1", key: "agent/4410" };
    expect(read(agent)).toMatchObject({ kind: "agent_alert", signal: { action: "create", ...about } });
    expect(read(agentClear)).toMatchObject({ kind: "agent_alert", signal: { action: "resolve", ...about } });
  });

  it("of a test is taken and told of", () => {
    expect(read(test)).toMatchObject({ kind: "test", signal: { action: "receive" } });
  });

  it.each([{ eventType: "ALERT_NOTIFICATION_SNOOZE" }, {}, { eventType: 4 }, { eventType: "constructor", alert: {} }])(
    "%j is taken and told of",
    (body) => {
      expect(read(body)).toMatchObject({ kind: "unknown", signal: { action: "ignore", note: expect.any(String) } });
    },
  );
});

describe("eventId", () => {
  it("is the same in all thirteen sendings, and another for a clear that shares it", () => {
    const id = read(trigger).provider_event_id;
    expect(id).toContain("61-90211");
    expect(read({ ...trigger, extra: 1 }).provider_event_id).toBe(id);
    expect(read({ ...clear, eventId: trigger.eventId }).provider_event_id).not.toBe(id);
  });

  it("may be missing, and keeps its digits", () => {
    expect(read({ ...trigger, eventId: undefined }).provider_event_id).toBeNull();
    expect(read({ ...trigger, eventId: {} }).provider_event_id).toBeNull();
    expect(read('{"eventType":"WEBHOOK_TEST","eventId":12345678901234567890}').provider_event_id).toContain(
      "12345678901234567890",
    );
  });
});

describe("the key", () => {
  it.each([
    ["35542", "35542"],
    ["562949953421400", "562949953421400"],
    ["9007199254740993", "9007199254740993"],
    ["98765432109876543210", "98765432109876543210"],
    ['"9d1d6a8c-3a52-4c0e-8d0a-52b1f3f0aa17"', "9d1d6a8c-3a52-4c0e-8d0a-52b1f3f0aa17"],
    ['" 77 "', "77"],
  ])("of alertId %s is %s, opened and resolved", (alertId, key) => {
    for (const [type, action] of [
      ["TRIGGER", "create"],
      ["CLEAR", "resolve"],
    ] as const) {
      const { signal } = read(
        `{"eventType":"ALERT_NOTIFICATION_${type}","eventId":"1","alert":{"alertId":${alertId}}}`,
      );
      expect(signal).toMatchObject({ action, key });
    }
  });

  it("is the alert's where an agent's notification comes as an alert", () => {
    expect(read(newAgent)).toMatchObject({
      kind: "agent_alert",
      signal: { action: "create", key: newAgent.alert.alertId },
    });
    const cleared = { ...newAgent, eventType: "ALERT_NOTIFICATION_CLEAR" };
    expect(read(cleared)).toMatchObject({
      kind: "agent_alert",
      signal: { action: "resolve", key: newAgent.alert.alertId },
    });
  });

  it("is the other part's where its own has none", () => {
    const { agentAlert } = agent;
    expect(read({ eventType: "ALERT_NOTIFICATION_TRIGGER", agentAlert }).signal).toMatchObject({ key: "agent/4410" });
    expect(read({ eventType: "AGENT_ALERT_NOTIFICATION_CLEAR", alert: { alertId: 3 } }).signal).toMatchObject({
      key: "3",
    });
  });

  it.each([
    ["ALERT_NOTIFICATION_TRIGGER", "alert.alertId"],
    ["ALERT_NOTIFICATION_CLEAR", "alert.alertId"],
    ["AGENT_ALERT_NOTIFICATION_TRIGGER", "agentAlert.agentNotificationId"],
    ["AGENT_ALERT_NOTIFICATION_CLEAR", "agentAlert.agentNotificationId"],
  ])("has to be there for %s", (eventType, path) => {
    const [part = "", id = ""] = path.split(".");
    for (const wrong of [
      {},
      { [part]: null },
      { [part]: [] },
      { [part]: {} },
      { [part]: { [id]: " " } },
      { [part]: { [id]: {} } },
    ]) {
      expect(errorsOf("thousandeyes", { eventType, ...wrong })).toEqual([{ path, message: expect.any(String) }]);
    }
  });
});

describe("urgency", () => {
  it.each([
    ["Info", "low"],
    ["MINOR", "medium"],
    ["Major", "high"],
    [" critical ", "critical"],
    ["Odd", null],
    [2, null],
    [undefined, null],
  ])("of severity %j is %j", (severity, urgency) => {
    expect(opening(withAlert({ severity })).fields.urgency).toBe(urgency);
  });
});

describe("the text", () => {
  it("names the rule and the test, else the agent", () => {
    expect(opening(trigger).fields.title).toBe("Slow checkout: Checkout from outside");
    expect(opening(agent).fields.title).toBe("Probe is silent: Yard probe");
    expect(opening(newAgent).fields.title).toBe("Probe is silent: Yard probe");
    expect(opening(withAlert({ testName: " " })).fields.title).toBe("Slow checkout: Oslo, Norway");
    expect(opening({ eventType: "ALERT_NOTIFICATION_TRIGGER", alert: { alertId: 1 } }).fields.title).toBe(
      "ThousandEyes alert",
    );
  });

  it("has links and times", () => {
    const { fields } = opening(trigger);
    expect(fields.additional_data).toEqual([
      { format: "link", label: "Alert", value: trigger.alert.permalink },
      { format: "link", label: "Oslo, Norway", value: trigger.alert.agents[0]?.permalink },
      { format: "link", label: "API: related", value: "https://api.thousandeyes.test/tests/7001" },
      { format: "datetime", label: "Started", value: "2026-03-04T05:06:07Z" },
    ]);
    expect(fields.description).toContain("Rule: Response Time > 900 ms");
    expect(fields.description).toContain("Lima, Peru: Response Time: 2205 ms");
    expect(opening(agent).fields.additional_data).toEqual([
      { format: "datetime", label: "Started", value: "2026-03-04T05:06:07.000Z" },
    ]);
    const asText = { ...agent, agentAlert: { ...agent.agentAlert, dateStart: String(agent.agentAlert.dateStart) } };
    expect(opening(asText).fields).toEqual(opening(agent).fields);
  });

  it("takes what newer accounts send", () => {
    const { fields } = opening(newAgent);
    expect(fields).toMatchObject({ urgency: "high", tags: ["yard"] });
    expect(fields.description).toContain("Targets: 192.0.2.44");
    expect(fields.description).toContain("2026-03-04 05:06:07 UTC");
  });

  it("does without agents, and with as many as come", () => {
    expect(opening(withAlert({ agents: undefined, monitors: [{ monitorId: 1 }] })).action).toBe("create");
    const many = Array.from({ length: 80 }, (_, i) => ({ agentName: `a${i}` }));
    expect(opening(withAlert({ agents: many })).fields.description).toContain("and 30 more");
  });

  it.each([
    [{ agents: "none", apiLinks: {}, testLabels: 3, testTargetsDescription: { a: 1 }, ruleName: [], permalink: 4 }],
    [{ agents: [null, 1, {}, []], apiLinks: [null, {}], testLabels: [null, {}, "x"], dateStart: {}, severity: [] }],
    [{ agents: { __proto__: null }, dateStart: 1e300, constructor: 1, toString: "x", hasOwnProperty: null }],
  ])("is made whatever the fields hold: %j", (fields) => {
    expect(opening(withAlert(fields)).key).toBe("90211");
  });
});

it("a customer's own keys stay in the payload and change nothing", () => {
  const own = withAlert({ queue: "network", kind: "x", action: "resolve", key: "k", AlertID: "not this" });
  expect(read(own).payload).toEqual(own);
  expect(read(own).signal).toEqual(read(trigger).signal);
});

it("a clear says when the rule was changed rather than the trouble over", () => {
  const changed = { ...clear, alert: { ...clear.alert, active: 2 } };
  expect(read(changed).signal.note).toMatch(/rule/);
});

it.each(["", "[]", "7", "null", '{"eventType":'])("a body of %j is refused", (body) => {
  expect(errorsOf("thousandeyes", body)).toEqual([{ path: "", message: expect.any(String) }]);
});
