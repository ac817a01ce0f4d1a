import type { Action } from "../../src/model/event.ts";
import type { IntegrationType } from "../../src/model/integration.ts";
import backtraceGroup from "../fixtures/backtrace-group.json?raw";
import pagertreeCreate from "../fixtures/pagertree-create.json?raw";
import pagertreeWrapped from "../fixtures/pagertree-wrapped.json?raw";
import retraceAlert from "../fixtures/retrace-alert.json?raw";
import retraceError from "../fixtures/retrace-error.json?raw";
import agentClear from "../fixtures/thousandeyes-agent-clear.json?raw";
import agentTrigger2025 from "../fixtures/thousandeyes-agent-trigger-2025.json?raw";
import agentTrigger from "../fixtures/thousandeyes-agent-trigger.json?raw";
import alertClear from "../fixtures/thousandeyes-alert-clear.json?raw";
import alertTrigger from "../fixtures/thousandeyes-alert-trigger.json?raw";
import webhookTest from "../fixtures/thousandeyes-test.json?raw";

/** A body as its sender sends it, and what it has to come to; what is left out of `expected` is null. */
type Fixture = {
  readonly type: IntegrationType;
  readonly name: string;
  readonly body: string;
  readonly options?: object;
  readonly expected: {
    readonly action: Action | "ignore" | "receive";
    readonly kind: string;
    readonly key?: string;
    readonly urgency?: string | null;
    readonly title?: string;
  };
};

/** A fixture with some of its top-level fields changed. */
function vary(text: string, fields: object): string {
  return JSON.stringify({ ...JSON.parse(text), ...fields });
}

const ALERT = { kind: "alert", key: "alert/4411/88017/903", title: "Checkout page: web-3" } as const;
const ERROR = {
  kind: "error",
  key: "error/777123/5120",
  title: "System.DivideByZeroException: Attempted to divide by zero.",
} as const;
const RESOLVED = { action: "resolve", kind: "alert", key: ALERT.key } as const;

const PAGERTREE: readonly Omit<Fixture, "type">[] = [
  {
    name: "create",
    body: pagertreeCreate,
    expected: {
      action: "create",
      kind: "alert",
      key: "genset-4/fuel",
      urgency: "high",
      title: "Fuel below a quarter at site B",
    },
  },
  {
    name: "acknowledge",
    body: '{"event_type":"acknowledge","Id":"genset-4/fuel"}',
    expected: { action: "acknowledge", kind: "alert", key: "genset-4/fuel" },
  },
  {
    name: "resolve",
    body: '{"event_type":"resolve","id":"genset-4/fuel"}',
    expected: { action: "resolve", kind: "alert", key: "genset-4/fuel" },
  },
  { name: "an unknown event_type", body: '{"event_type":"page"}', expected: { action: "ignore", kind: "alert" } },
  {
    name: "a wrapped create",
    body: pagertreeWrapped,
    options: { wrapper_key: "notice" },
    expected: { action: "create", kind: "alert", key: "crane-4", title: "Crane 4 has stopped" },
  },
];

const RETRACE: readonly Omit<Fixture, "type">[] = [
  { name: "alert (1)", body: retraceAlert, expected: { action: "create", urgency: "high", ...ALERT } },
  { name: "clear (2)", body: vary(retraceAlert, { EventType: 2, StateName: "Closed" }), expected: RESOLVED },
  {
    name: "reminder (3)",
    body: vary(retraceAlert, { EventType: 3 }),
    expected: { action: "remind", urgency: "high", ...ALERT },
  },
  {
    name: "escalated (4)",
    body: vary(retraceAlert, { EventType: 4 }),
    expected: { action: "update", urgency: "critical", ...ALERT },
  },
  { name: "a closed state", body: vary(retraceAlert, { StateName: "Closed" }), expected: RESOLVED },
  {
    name: "a half open state",
    body: vary(retraceAlert, { StateName: "HalfOpen", SeverityName: "Warning" }),
    expected: { action: "create", urgency: "medium", ...ALERT },
  },
  { name: "new error (5)", body: retraceError, expected: { action: "create", ...ERROR } },
  {
    name: "regressed error (6)",
    body: vary(retraceError, { EventType: 6 }),
    expected: { action: "update", ...ERROR },
  },
  { name: "the Test button", body: '{"message":"test"}', expected: { action: "ignore", kind: "test" } },
];

const BACKTRACE: readonly Omit<Fixture, "type">[] = [
  {
    name: "a group",
    body: backtraceGroup,
    expected: {
      action: "create",
      kind: "group",
      key: "harbour/crane-control/b7c1e9902d4f",
      title: "craned: memcpy",
    },
  },
  {
    name: "a group of which much is hidden",
    body: vary(backtraceGroup, { callstack: undefined, classifiers: undefined, attributes: undefined }),
    expected: {
      action: "create",
      kind: "group",
      key: "harbour/crane-control/b7c1e9902d4f",
      title: "craned: b7c1e9902d4f",
    },
  },
];

const THOUSANDEYES: readonly Omit<Fixture, "type">[] = [
  { name: "a test", body: webhookTest, expected: { action: "ignore", kind: "test" } },
  {
    name: "an alert",
    body: alertTrigger,
    expected: { action: "create", kind: "alert", key: "90211", title: "Slow checkout: Checkout from outside" },
  },
  { name: "its clear", body: alertClear, expected: { action: "resolve", kind: "alert", key: "90211" } },
  {
    name: "an agent's notification",
    body: agentTrigger,
    expected: { action: "create", kind: "agent_alert", key: "agent/4410", title: "Probe is silent: Yard probe" },
  },
  { name: "its clear", body: agentClear, expected: { action: "resolve", kind: "agent_alert", key: "agent/4410" } },
  {
    name: "an agent's notification since 2025",
    body: agentTrigger2025,
    expected: {
      action: "create",
      kind: "agent_alert",
      key: "9d1d6a8c-3a52-4c0e-8d0a-52b1f3f0aa17",
      urgency: "high",
      title: "Probe is silent: Yard probe",
    },
  },
  {
    name: "an unknown eventType",
    body: '{"eventType":"ALERT_NOTIFICATION_PAUSE"}',
    expected: { action: "ignore", kind: "unknown" },
  },
];

export const FIXTURES: readonly Fixture[] = [
  ...PAGERTREE.map((fixture) => ({ type: "pagertree" as const, ...fixture })),
  ...RETRACE.map((fixture) => ({ type: "retrace" as const, ...fixture })),
  ...BACKTRACE.map((fixture) => ({ type: "backtrace" as const, ...fixture })),
  ...THOUSANDEYES.map((fixture) => ({ type: "thousandeyes" as const, ...fixture })),
];
