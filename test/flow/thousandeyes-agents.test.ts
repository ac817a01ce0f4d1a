import { describe, expect, it } from "vitest";
import { faultsOf, openLine, pluck } from "../support/flow.ts";

const AGENT_TRIGGER = {
  eventType: "AGENT_ALERT_NOTIFICATION_TRIGGER",
  eventId: "20311-771",
  agentAlert: {
    agentRuleId: 402,
    agentNotificationId: 771,
    agentId: 93,
    hostname: "probe-7.orchard.example",
    agentName: "probe-7",
    ipAddress: "198.51.100.7",
    active: 1,
    ruleExpression: "Last contact > 10 minutes ago",
    ruleName: "Probe is silent",
    dateStart: 1_793_000_000,
    metricsAtStart: "Last contact: 12 minutes ago",
    metricsAtEnd: "",
  },
};
const AGENT_CLEAR = {
  eventType: "AGENT_ALERT_NOTIFICATION_CLEAR",
  eventId: "20312-771",
  agentAlert: { ...AGENT_TRIGGER.agentAlert, active: 0, dateEnd: 1_793_000_900 },
};

describe("an agent's notification", () => {
  it("is triggered and cleared by its agentNotificationId", async () => {
    const line = await openLine("thousandeyes");
    await line.send(AGENT_TRIGGER);
    const alert = {
      title: "Probe is silent: probe-7",
      additional_data: [{ format: "datetime", label: "Started", value: "2026-10-26T07:33:20.000Z" }],
    };
    expect(await line.alerts()).toMatchObject([{ ...alert, status: "open" }]);
    await line.send(AGENT_CLEAR);
    expect(await line.alerts()).toMatchObject([{ ...alert, status: "resolved" }]);
    const event = { kind: "agent_alert" };
    expect(line.delivered()).toMatchObject([
      { type: "alert.created", data: { event } },
      { type: "alert.resolved", data: { event } },
    ]);
  });

  it("comes as an alert's with both parts since 2025, and is correlated by the alertId", async () => {
    const line = await openLine("thousandeyes");
    const alert = { alertId: "f1d2", type: "Agent", ruleName: "Probe is silent", severity: "Major", active: 1 };
    await line.send({ ...AGENT_TRIGGER, eventType: "ALERT_NOTIFICATION_TRIGGER", alert });
    const title = "Probe is silent: probe-7";
    expect(await line.alerts()).toMatchObject([{ key: "f1d2", title, urgency: "high", status: "open" }]);
    expect(line.delivered()).toMatchObject([{ data: { event: { kind: "agent_alert" } } }]);
    const cleared = { ...AGENT_CLEAR, eventType: "ALERT_NOTIFICATION_CLEAR", alert: { ...alert, active: 0 } };
    await line.send(cleared);
    expect(await line.alerts()).toMatchObject([{ status: "resolved" }]);
  });

  it("shares no alert with a test's of the same number", async () => {
    const line = await openLine("thousandeyes");
    await line.send({ eventType: "ALERT_NOTIFICATION_TRIGGER", eventId: "1-771", alert: { alertId: 771 } });
    await line.send(AGENT_TRIGGER);
    await line.send(AGENT_CLEAR);
    expect(pluck(await line.alerts(), "status")).toEqual(["open", "resolved"]);
  });

  it("without an id is 400 and names it", async () => {
    const line = await openLine("thousandeyes");
    const answer = await line.send({ ...AGENT_TRIGGER, agentAlert: { agentName: "probe-7" } });
    expect(answer.status).toBe(400);
    expect(faultsOf(answer)).toEqual(["agentAlert.agentNotificationId"]);
  });
});
