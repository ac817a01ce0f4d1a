/**
 * A sender: the integration that it needs, and a webhook with the expected delivery.
 * @typedef {{
 *   integration: { name: string, type: string, options?: object, auth: object },
 *   what: string,
 *   type: string,
 *   kind: string,
 *   body: object | URLSearchParams,
 * }} Sender
 */

const NOW = Date.now();
const ago = (/** @type {number} */ minutes) => new Date(NOW - minutes * 60_000).toISOString();

const pagertree = { name: "PagerTree", type: "pagertree", auth: { type: "token" } };

/** What a script that posts to PagerTree would send. @type {Sender[]} */
export const PAGERTREE = [
  {
    integration: pagertree,
    what: "create",
    type: "alert.created",
    kind: "alert",
    body: { event_type: "create", Id: "checkout-latency", Title: "Checkout is slow", Description: "p95 is above 2 s" },
  },
  {
    integration: pagertree,
    what: "create, an incident",
    type: "alert.created",
    kind: "alert",
    body: {
      event_type: "create",
      Id: "orders-db",
      Title: "The orders database does not answer",
      Tags: ["database", "orders"],
      Urgency: "critical",
      Meta: { incident: true, incident_severity: "sev-1", incident_message: "Join bridge 12", region: "eu" },
    },
  },
  {
    integration: pagertree,
    what: "create, again",
    type: "alert.repeated",
    kind: "alert",
    body: { event_type: "create", Id: "checkout-latency", Title: "Checkout is slow", Description: "p95 is above 3 s" },
  },
  {
    integration: pagertree,
    what: "acknowledge",
    type: "alert.acknowledged",
    kind: "alert",
    body: { event_type: "acknowledge", Id: "checkout-latency" },
  },
  {
    integration: pagertree,
    what: "resolve",
    type: "alert.resolved",
    kind: "alert",
    body: { event_type: "resolve", Id: "checkout-latency" },
  },
];

/** Senders of the other types. @type {Sender[]} */
export const SENDERS = [
  {
    integration: { name: "Retrace", type: "retrace", auth: { type: "none" } },
    what: "a monitor's alert",
    type: "alert.created",
    kind: "alert",
    body: {
      EventType: 1,
      AlertGroupId: 318,
      MonitorId: 5502,
      DeviceId: 71,
      DeviceName: "till-2",
      Name: "Free memory",
      AppName: "Tills",
      SeverityName: "Critical",
      StateName: "Open",
      Started: ago(3),
      EnvironmentName: "Production",
      ResultStatus: "4% free",
    },
  },
  {
    integration: {
      name: "Backtrace",
      type: "backtrace",
      auth: { type: "basic", username: "backtrace", password: "a password of the demo" },
    },
    what: "a group of crashes",
    type: "alert.created",
    kind: "group",
    body: {
      universe: "bakery",
      project: "oven-control",
      application: "ovend",
      fingerprint: "4e0d91c7a2",
      callstack: ["read_probe", "main"],
      classifiers: ["segv"],
      occurrences: 3,
    },
  },
  {
    integration: { name: "ThousandEyes", type: "thousandeyes", auth: { type: "bearer" } },
    what: "an alert's trigger",
    type: "alert.created",
    kind: "alert",
    body: {
      eventType: "ALERT_NOTIFICATION_TRIGGER",
      eventId: "17-40321",
      alert: {
        alertId: 40321,
        ruleName: "Packet loss",
        ruleExpression: "Loss >= 20%",
        testName: "Shop from the branches",
        active: 1,
        agents: [{ agentId: 8, agentName: "Porto, Portugal", metricsAtStart: "Loss: 31%", active: 1 }],
      },
    },
  },
  {
    integration: { name: "Order form", type: "catch", auth: { type: "none" } },
    what: "a form",
    type: "event.received",
    kind: "hook",
    body: new URLSearchParams({ name: "Ines", loaves: "4", "extras[]": "seeds" }),
  },
  {
    integration: {
      name: "Alertmanager",
      type: "rules",
      options: { rule_set: "alertmanager" },
      auth: { type: "bearer" },
    },
    what: "a firing alert",
    type: "alert.created",
    kind: "alert",
    body: {
      version: "4",
      receiver: "hookgate",
      status: "firing",
      externalURL: "http://alertmanager.example",
      alerts: [
        {
          status: "firing",
          fingerprint: "c9a1f07be2d4436f",
          labels: { alertname: "OvenTooHot", instance: "oven-1", severity: "critical" },
          annotations: { summary: "Oven 1 is above 320 degrees" },
          startsAt: ago(1),
          generatorURL: "http://prometheus.example/graph",
        },
      ],
    },
  },
  {
    integration: {
      name: "Uptime Kuma",
      type: "rules",
      options: { rule_set: "uptimekuma" },
      auth: { type: "token" },
    },
    what: "a monitor that is down",
    type: "alert.created",
    kind: "alert",
    body: {
      msg: "[Shop] [Down] timeout of 48000ms exceeded",
      heartbeat: { monitorID: 12, status: 0, msg: "timeout of 48000ms exceeded", important: true },
      monitor: {
        id: 12,
        name: "Shop",
        type: "http",
        url: "https://shop.example",
        tags: [{ name: "public", value: "" }],
      },
    },
  },
];
