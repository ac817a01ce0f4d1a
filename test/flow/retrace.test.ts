import { describe, expect, it } from "vitest";
import { openGateway, openLine, pluck } from "../support/flow.ts";
import { client, statusOf } from "../support/api.ts";

const ALERT = {
  MonitorId: 70311,
  DeviceName: "press-4",
  GroupName: "Bottling checks",
  Name: "Bottling API",
  AppName: "Bottling",
  SourceName: "https://bottling.orchard.example (from depot)",
  EventType: 1,
  StateName: "Open",
  TimeZoneId: 4,
  ObserveDst: false,
  Started: "2026-11-02T06:15:09.1234567+02:00",
  SeverityName: "Warning",
  Ended: null,
  AlertGroupId: 881,
  DeviceId: 45,
  ProcessTime: "2026-11-02T06:15:12.7654321+02:00",
  EnvironmentName: "Depot",
  ResultStatus: "502 - Bad Gateway",
};
const ALERT_KEY = "alert/881/70311/45";

const ERROR = {
  EventType: 5,
  ErrorGroupId: 3301,
  AppEnvId: 17,
  AppNameId: 9,
  ErrorType: "System.TimeoutException",
  Message: "The labeller did not answer.",
  Method: "Labeller.Print()",
  StackTrace: "at Labeller.Print()\nat Line.Run()",
  DeviceName: "press-4",
  AppName: "Bottling",
  EnvironmentName: "Depot",
  Timestamp: "2026-11-02T06:20:00.0000001+00:00",
  ProcessTime: "2026-11-02T06:20:01.9999999+00:00",
  TimeZoneId: 4,
  ObserveDst: false,
};

const outcomes = async (line: Awaited<ReturnType<typeof openLine>>) => pluck(await line.events(), "outcome");

describe("an alert", () => {
  it("opens with what is known of it, its times as they were written, and is closed by a clear", async () => {
    const line = await openLine("retrace");
    expect(await line.send(ALERT)).toMatchObject({ status: 200, json: { status: "success" } });
    const [alert] = await line.alerts();
    expect(alert).toMatchObject({
      key: ALERT_KEY,
      status: "open",
      title: "Bottling API: press-4",
      urgency: "medium",
      tags: ["Bottling", "Depot"],
      additional_data: expect.arrayContaining([
        { format: "datetime", label: "Started", value: ALERT.Started },
        { format: "datetime", label: "Processed", value: ALERT.ProcessTime },
      ]),
    });
    expect(alert?.["description"]).toContain("502 - Bad Gateway");
    const Ended = "2026-11-02T06:45:00.7654321+02:00";
    await line.send({ ...ALERT, EventType: 2, StateName: "Closed", Ended });
    expect(await line.alerts()).toMatchObject([{ status: "resolved" }]);
    expect(line.delivered()).toMatchObject([
      { type: "alert.created", data: { event: { kind: "alert", payload: ALERT }, alert: { key: ALERT_KEY } } },
      { type: "alert.resolved", data: { event: { kind: "alert", payload: { Ended } }, alert: { key: ALERT_KEY } } },
    ]);
  });

  it.each([
    ["Warning", "medium"],
    ["Critical", "high"],
    ["Outage", "critical"],
    ["Odd", null],
  ])("of severity %s has the urgency %s", async (SeverityName, urgency) => {
    const line = await openLine("retrace");
    await line.send({ ...ALERT, SeverityName });
    expect(await line.alerts()).toMatchObject([{ urgency }]);
  });

  it("is updated by a reminder and an escalation, which are delivered and are no repeats", async () => {
    const line = await openLine("retrace");
    for (const EventType of [1, 3, 4, 3]) await line.send({ ...ALERT, EventType });
    expect(await outcomes(line)).toEqual(["created", "updated", "updated", "updated"]);
    expect(await line.alerts()).toMatchObject([{ status: "open", dedup_count: 0, urgency: "high" }]);
    const updated = { type: "alert.updated", data: { alert: { key: ALERT_KEY, status: "open" } } };
    expect(line.delivered()).toMatchObject([{ type: "alert.created" }, updated, updated, updated]);
  });

  it("that was acknowledged by hand stays so through reminders, and keeps its escalated urgency", async () => {
    const gateway = await openGateway();
    const line = await gateway.open("retrace");
    await line.send(ALERT);
    await line.send({ ...ALERT, EventType: 4 });
    const [alert] = await line.alerts();
    expect(statusOf(await client.alerts.acknowledge(alert?.id ?? ""))).toBe(200);
    await gateway.drain();
    await line.send({ ...ALERT, EventType: 3 });
    expect(await line.alerts()).toMatchObject([{ status: "acknowledged", urgency: "high", dedup_count: 0 }]);
    expect(await outcomes(line)).toEqual(["created", "updated", "acknowledged", "updated"]);
  });

  it.each([
    ["Warning", "high"],
    ["Critical", "critical"],
    ["Outage", "critical"],
  ])("of severity %s is %s once it is escalated", async (SeverityName, urgency) => {
    const line = await openLine("retrace");
    await line.send({ ...ALERT, SeverityName });
    await line.send({ ...ALERT, SeverityName, EventType: 4 });
    expect(await line.alerts()).toMatchObject([{ urgency }]);
  });

  it.each([3, 4])("opens by event type %i if none is open", async (EventType) => {
    const line = await openLine("retrace");
    await line.send({ ...ALERT, EventType });
    await line.send({ ...ALERT, EventType: 2 });
    await line.send({ ...ALERT, EventType });
    expect(await outcomes(line)).toEqual(["created", "resolved", "created"]);
    expect(await line.alerts()).toMatchObject([{ status: "resolved" }, { status: "open" }]);
  });

  it("counts as a repeat where it is sent again as a new alert", async () => {
    const line = await openLine("retrace");
    await line.send(ALERT);
    await line.send(ALERT);
    expect(await line.alerts()).toMatchObject([{ dedup_count: 1 }]);
    expect(pluck(line.delivered(), "type")).toEqual(["alert.created"]);
  });

  it.each([1, 3, 4])("ends at Closed, whatever its event type: %i", async (EventType) => {
    const line = await openLine("retrace");
    await line.send(ALERT);
    await line.send({ ...ALERT, EventType, StateName: "Closed" });
    expect(await line.alerts()).toMatchObject([{ status: "resolved" }]);
  });

  it("stays open at HalfOpen", async () => {
    const line = await openLine("retrace");
    await line.send(ALERT);
    await line.send({ ...ALERT, EventType: 3, StateName: "HalfOpen" });
    await line.send({ ...ALERT, EventType: 1, StateName: "HalfOpen" });
    expect(await line.alerts()).toMatchObject([{ status: "open", resolved_at: null }]);
  });

  it.each([{ AlertGroupId: 882 }, { MonitorId: 70312 }, { DeviceId: 46 }])(
    "is another where %j differs",
    async (other) => {
      const line = await openLine("retrace");
      await line.send(ALERT);
      await line.send({ ...ALERT, ...other });
      expect(await line.alerts()).toMatchObject([{ dedup_count: 0 }, { dedup_count: 0 }]);
      await line.send({ ...ALERT, ...other, EventType: 2 });
      expect(pluck(await line.alerts(), "status")).toEqual(["open", "resolved"]);
    },
  );

  it("that is cleared without having been open is 200 and ignored", async () => {
    const line = await openLine("retrace");
    expect((await line.send({ ...ALERT, EventType: 2 })).status).toBe(200);
    expect(await outcomes(line)).toEqual(["ignored"]);
    expect(line.delivered()).toEqual([]);
  });
});

describe("an error", () => {
  it("opens as a new one, and a regression of an open one updates it", async () => {
    const line = await openLine("retrace");
    await line.send(ERROR);
    await line.send({ ...ERROR, EventType: 6 });
    expect(await outcomes(line)).toEqual(["created", "updated"]);
    const alert = {
      key: "error/3301/17",
      title: "System.TimeoutException: The labeller did not answer.",
      urgency: null,
    };
    expect(await line.alerts()).toMatchObject([{ ...alert, status: "open", dedup_count: 0 }]);
    const event = { kind: "error", payload: { Timestamp: ERROR.Timestamp } };
    expect(line.delivered()).toMatchObject([
      { type: "alert.created", data: { event, alert } },
      { type: "alert.updated", data: { event, alert } },
    ]);
  });

  it("that regressed after it was resolved by hand is a new alert, and so is one that was never seen", async () => {
    const gateway = await openGateway();
    const line = await gateway.open("retrace");
    await line.send({ ...ERROR, EventType: 6 });
    const [alert] = await line.alerts();
    expect(statusOf(await client.alerts.resolve(alert?.id ?? ""))).toBe(200);
    await gateway.drain();
    await line.send({ ...ERROR, EventType: 6 });
    expect(await outcomes(line)).toEqual(["created", "resolved", "created"]);
    expect(pluck(await line.alerts(), "status")).toEqual(["resolved", "open"]);
  });

  it("is never resolved by Retrace, not by a state either", async () => {
    const line = await openLine("retrace");
    await line.send(ERROR);
    await line.send({ ...ERROR, StateName: "Closed" });
    await line.send({ ...ERROR, EventType: 6, StateName: "Closed" });
    expect(await line.alerts()).toMatchObject([{ status: "open" }]);
  });

  it("shares no alert with a monitor's of the same numbers, and is told apart by its kind", async () => {
    const line = await openLine("retrace");
    await line.send({ ...ERROR, ErrorGroupId: 1, AppEnvId: 2 });
    await line.send({ ...ALERT, AlertGroupId: 1, MonitorId: 2, DeviceId: "" });
    expect(await line.alerts()).toMatchObject([{ dedup_count: 0 }, { dedup_count: 0 }]);
    expect(line.delivered().map(({ data }) => data.event.kind)).toEqual(["error", "alert"]);
  });
});

describe("the test button", () => {
  it.each([
    ["{}"],
    ['{"test":true}'],
    ["[]"],
    ['"test"'],
    ["null"],
    ['{"EventType":0}'],
    ['{"EventType":7,"Name":"x"}'],
  ])("is answered 200 and delivered as a test for %s", async (body) => {
    const line = await openLine("retrace");
    expect(await line.send(body)).toMatchObject({ status: 200, json: { status: "success" } });
    expect(await line.events()).toMatchObject([
      { type: "event.received", outcome: "received", note: expect.any(String), alert_id: null },
    ]);
    expect(await line.alerts()).toEqual([]);
    const event = { kind: "test", test: true, payload: JSON.parse(body) };
    expect(line.delivered()).toMatchObject([{ type: "event.received", data: { event } }]);
    expect(line.delivered()[0]?.["data"]).not.toHaveProperty("alert");
  });

  it.each([['{"EventType":1}'], ['{"EventType":5,"ErrorType":"Test"}']])(
    "is answered 200 and logged for an alert or an error without a subject: %s",
    async (body) => {
      const line = await openLine("retrace");
      expect(await line.send(body)).toMatchObject({ status: 200, json: { status: "success" } });
      expect(await line.events()).toMatchObject([{ outcome: "ignored", note: expect.any(String) }]);
      expect(await line.alerts()).toEqual([]);
      expect(line.delivered()).toEqual([]);
    },
  );

  it.each(["POST", "PUT"])("is answered 200 where it sends nothing by %s, and nothing is stored", async (method) => {
    const line = await openLine("retrace");
    expect(await line.send(undefined, { method })).toMatchObject({ status: 200, json: { status: "success" } });
    expect(await line.send(" \r\n", { method })).toMatchObject({ status: 200 });
    expect(await line.events()).toEqual([]);
  });

  it.each(["{", "not JSON", '{"EventType":1,}'])("is 400 where the body does not parse: %s", async (body) => {
    const line = await openLine("retrace");
    expect((await line.send(body)).status).toBe(400);
    expect(await line.events()).toEqual([]);
  });
});
