import { describe, expect, it } from "vitest";
import { eventOf } from "../../../support/sources.ts";

const signalOf = (rule_set: string, body: unknown, sent: { query?: string; headers?: Record<string, string> } = {}) =>
  eventOf("rules", body, { options: { rule_set }, ...sent }).signal;
const keyOf = (rule_set: string, body: unknown, sent = {}) => {
  const signal = signalOf(rule_set, body, sent);
  return "key" in signal ? `${signal.action} ${signal.key}` : signal.action;
};

const down = {
  heartbeat: { monitorID: 7, status: 0, msg: "timeout" },
  monitor: { id: 7, name: "Shop" },
  msg: "[Shop] [Down]",
};
const part = `--k\r\ncontent-disposition: form-data; name="data"\r\n\r\n${JSON.stringify(down)}\r\n--k--\r\n`;

describe("another format of a tool", () => {
  it("Uptime Kuma as form data, as a form and with GET", () => {
    const multipart = { "content-type": "multipart/form-data; boundary=k" };
    const form = { "content-type": "application/x-www-form-urlencoded" };
    const query = new URLSearchParams({
      msg: down.msg,
      heartbeat: JSON.stringify(down.heartbeat),
      monitor: JSON.stringify(down.monitor),
    }).toString();
    expect(keyOf("uptimekuma", part, { headers: multipart })).toBe("create 7");
    expect(keyOf("uptimekuma", new URLSearchParams({ data: JSON.stringify(down) }).toString(), { headers: form })).toBe(
      "create 7",
    );
    expect(keyOf("uptimekuma", "", { query })).toBe("create 7");
    const domain = { heartbeat: null, monitor: null, msg: "Domain name shop.example will expire in 7 days" };
    expect(keyOf("uptimekuma", domain)).toBe("create certificate:Domain name shop.example");
  });

  const azure = (service: string, alertId: string, alertContext: object) => ({
    schemaId: "azureMonitorCommonAlertSchema",
    data: {
      essentials: {
        alertId,
        alertRule: "r",
        monitorCondition: "Fired",
        monitoringService: service,
        alertTargetIDs: ["/vm/7"],
      },
      alertContext,
    },
  });

  it.each([
    [
      "Resource Health",
      { properties: { currentHealthStatus: "Unavailable" } },
      { properties: { currentHealthStatus: "Available" } },
    ],
    ["Resource Health", { status: "Active" }, { status: "Resolved" }],
    [
      "ServiceHealth",
      { properties: { trackingId: "T1", stage: "Active" } },
      { properties: { trackingId: "T1", stage: "Resolved" } },
    ],
  ])("Azure's %s recovers under another id", (service, begun, ended) => {
    const [opened, closed] = [
      keyOf("azuremonitor", azure(service, "a1", begun)),
      keyOf("azuremonitor", azure(service, "a2", ended)),
    ];
    expect(opened).toMatch(/^create /);
    expect(closed).toBe(opened.replace("create", "resolve"));
  });

  it.each(["test-ResourceHealthAlertRule", "test-ServiceHealthAlertRule", "test-metricAlertRule-1"])(
    "Azure's test %s",
    (alertRule) => {
      const body = {
        schemaId: "azureMonitorCommonAlertSchema",
        data: { essentials: { alertRule, monitorCondition: "Fired" } },
      };
      expect(eventOf("rules", body, { options: { rule_set: "azuremonitor" } })).toMatchObject({
        test: true,
        kind: "test",
      });
    },
  );

  it("Grafana's legacy alerting", () => {
    const legacy = {
      ruleId: 4,
      ruleName: "CPU",
      ruleUrl: "https://g.example/d/1",
      message: "high",
      title: "[Alerting] CPU",
    };
    expect(keyOf("grafana", { ...legacy, state: "alerting" })).toBe("create legacy:4:CPU");
    expect(keyOf("grafana", { ...legacy, state: "ok" })).toBe("resolve legacy:4:CPU");
    const test = { ruleId: 0, ruleName: "Test notification", state: "alerting" };
    expect(eventOf("rules", test, { options: { rule_set: "grafana" } })).toMatchObject({ test: true });
  });

  it.each(["alertmanager", "grafana"])("%s without a fingerprint or a summary", (set) => {
    const alert = (status: string, instance: string) => ({
      alerts: [{ status, labels: { alertname: "Disk", instance }, annotations: {} }],
    });
    const opened = signalOf(set, alert("firing", "a:1"));
    expect(opened).toMatchObject({ action: "create", fields: { title: "Disk on a:1" } });
    expect(keyOf(set, alert("resolved", "a:1"))).toBe(keyOf(set, alert("firing", "a:1")).replace("create", "resolve"));
    expect(keyOf(set, alert("firing", "b:1"))).not.toBe(keyOf(set, alert("firing", "a:1")));
  });

  it.each([
    [{ alertname: "Disk", host: "db-1" }, {}, "Disk on db-1"],
    [{ alertname: "Disk", job: "node" }, {}, "Disk (node)"],
    [{ job: "node", alertname: "Disk", severity: "page", device: "sda" }, {}, "Disk (device=sda, job=node)"],
    [{ alertname: "Watchdog", severity: "none" }, {}, "Watchdog"],
    [{ zone: "b", queue: "mail" }, {}, "queue=mail, zone=b"],
    [{ zone: "b" }, { description: "The queue is full" }, "The queue is full"],
    [{ alertname: "Disk", instance: "a:1" }, { summary: "Disk of a is full" }, "Disk of a is full"],
    [{}, {}, "Alert of Alertmanager"],
  ])("Alertmanager tells instances apart by the labels %j and the annotations %j", (labels, annotations, title) => {
    expect(signalOf("alertmanager", { alerts: [{ status: "firing", labels, annotations }] })).toMatchObject({
      action: "create",
      fields: { title },
    });
  });

  it("Alertmanager without a fingerprint, whose labels come in another order", () => {
    const alert = (status: string, labels: object) => ({ alerts: [{ status, labels }] });
    expect(keyOf("alertmanager", alert("firing", { b: "2", alertname: "Disk" }))).toBe("create alertname=Disk,b=2,");
    expect(keyOf("alertmanager", alert("resolved", { alertname: "Disk", b: "2" }))).toBe("resolve alertname=Disk,b=2,");
  });

  it("CloudWatch by way of EventBridge, alone and through SNS", () => {
    const arn = "arn:aws:cloudwatch:eu-west-1:1:alarm:CPU";
    const event = (value: string) => ({
      source: "aws.cloudwatch",
      "detail-type": "CloudWatch Alarm State Change",
      region: "eu-west-1",
      resources: [arn],
      detail: { alarmName: "CPU", state: { value, reason: "Threshold crossed" } },
    });
    expect(signalOf("cloudwatch", event("ALARM"))).toMatchObject({
      action: "create",
      key: arn,
      fields: { title: "CPU in eu-west-1", description: "Threshold crossed", urgency: "high" },
    });
    expect(keyOf("cloudwatch", event("OK"))).toBe(`resolve ${arn}`);
    expect(keyOf("cloudwatch", event("INSUFFICIENT_DATA"))).toBe("ignore");
    const sns = { Type: "Notification", MessageId: "m", Message: JSON.stringify(event("OK")) };
    expect(keyOf("cloudwatch", sns)).toBe(`resolve ${arn}`);
  });

  it("CloudWatch without the envelope of SNS", () => {
    const alarm = { AlarmName: "CPU", AlarmArn: "arn:aws:cloudwatch:eu-west-1:1:alarm:CPU", NewStateValue: "ALARM" };
    expect(keyOf("cloudwatch", alarm)).toBe(`create ${alarm.AlarmArn}`);
    expect(keyOf("cloudwatch", { ...alarm, NewStateValue: "OK" })).toBe(`resolve ${alarm.AlarmArn}`);
  });
});
