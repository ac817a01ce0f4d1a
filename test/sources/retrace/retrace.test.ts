import { describe, expect, it } from "vitest";
import alert from "../../fixtures/retrace-alert.json";
import error from "../../fixtures/retrace-error.json";
import { errorsOf, eventOf, interpret, openingOf } from "../../support/sources.ts";

const read = (body: unknown) => eventOf("retrace", body);
const opening = (body: unknown) => openingOf("retrace", body);

describe("EventType", () => {
  it.each([
    [1, "alert", "create"],
    [2, "alert", "resolve"],
    [3, "alert", "remind"],
    [4, "alert", "update"],
  ])("%i of a monitor is an %s to %s", (EventType, kind, action) => {
    const key = "alert/4411/88017/903";
    expect(read({ ...alert, EventType })).toMatchObject({ kind, signal: { action, namespace: "int_1", key } });
    expect(read({ ...alert, EventType: ` ${EventType} ` })).toMatchObject({ kind, signal: { action, key } });
  });

  it.each([
    [5, "create"],
    [6, "update"],
  ])("%i of an error is one to %s", (EventType, action) => {
    const expected = { kind: "error", signal: { action, namespace: "int_1", key: "error/777123/5120" } };
    expect(read({ ...error, EventType })).toMatchObject(expected);
  });

  it("resolves where the state is Closed, whatever it is, but never an error", () => {
    for (const EventType of [1, 2, 3, 4]) {
      expect(read({ ...alert, EventType, StateName: "closed " }).signal.action).toBe("resolve");
    }
    for (const EventType of [5, 6]) {
      expect(read({ ...error, EventType, StateName: "Closed" }).signal.action).not.toBe("resolve");
    }
  });

  it("leaves an alert that is half open as it is", () => {
    expect(read({ ...alert, StateName: "HalfOpen" }).signal.action).toBe("create");
    expect(read({ ...alert, StateName: "HalfOpen", EventType: 3 }).signal.action).toBe("remind");
  });
});

describe("what is taken without an alert", () => {
  it.each([
    [{}],
    [[]],
    ["7"],
    ["null"],
    ['"ping"'],
    [{ EventType: 7 }],
    [{ EventType: 1.5 }],
    [{ EventType: null }],
    [{ EventType: [1] }],
    [{ EventType: "01" }],
    [{ test: true }],
  ])("%j", (body) => {
    expect(read(body)).toMatchObject({ kind: "test", signal: { action: "receive", note: expect.any(String) } });
  });

  it.each(["", " \n", "\ufeff"])("nothing is kept of %j", (body) => {
    expect(interpret("retrace", body)).toEqual({ ok: true, value: [] });
    expect(interpret("retrace", body, { query: "from=retrace" })).toEqual({ ok: true, value: [] });
  });

  it("an alert that does not say what it is about is told of in the log", () => {
    const event = read({ EventType: 1, Name: "Disk", AlertGroupId: null, DeviceId: " " });
    expect(event).toMatchObject({ kind: "alert", signal: { action: "ignore" } });
    expect(event.signal.note).toMatch(/AlertGroupId, MonitorId, DeviceId/);
    expect(read({ EventType: 5, ErrorGroupId: [1] }).signal.note).toMatch(/ErrorGroupId/);
  });

  it.each(["test=1", "EventType=1&AlertGroupId=7", "a%5B%5D=1&a%5B%5D=2"])("a form: %s", (body) => {
    const headers = { "content-type": "application/x-www-form-urlencoded; charset=utf-8" };
    const event = eventOf("retrace", body, { headers });
    expect(event).toMatchObject({ kind: "test", payload_is_body: false, signal: { action: "receive" } });
    expect(event.signal.note).toContain("form");
  });

  it.each(['{"EventType":1', "[1=", "hello, world", "<a b='1'/>", "two words=1"])(
    "but not what is only called a form: %s",
    (body) => {
      const headers = { "content-type": "application/x-www-form-urlencoded" };
      expect(errorsOf("retrace", body, { headers })[0]?.message).toMatch(/body is not valid JSON/);
    },
  );

  it("what is broken is refused", () => {
    expect(errorsOf("retrace", '{"EventType":1')[0]?.message).toMatch(/not valid JSON/);
    expect(errorsOf("retrace", "EventType=1")[0]?.message).toMatch(/not valid JSON/);
  });
});

describe("the key", () => {
  it("is made of the ids that there are", () => {
    expect(opening({ EventType: 1, AlertGroupId: 7 }).key).toBe("alert/7//");
    expect(opening({ EventType: 1, MonitorId: 7 }).key).toBe("alert//7/");
    expect(opening({ EventType: 1, AlertGroupId: 0, MonitorId: "0", DeviceId: null }).key).toBe("alert/0/0/");
  });

  it("tells alerts and errors of the same numbers apart, and parts that look alike", () => {
    expect(opening({ EventType: 1, AlertGroupId: 7, MonitorId: 8 }).key).not.toBe(
      opening({ EventType: 5, ErrorGroupId: 7, AppEnvId: 8 }).key,
    );
    expect(opening({ EventType: 5, ErrorGroupId: "a/b", AppEnvId: "c" }).key).not.toBe(
      opening({ EventType: 5, ErrorGroupId: "a", AppEnvId: "b/c" }).key,
    );
  });

  it("keeps the digits of a number that JavaScript cannot hold", () => {
    expect(opening('{"EventType":5,"ErrorGroupId":98765432109876543211,"appenvid":2}').key).toBe(
      "error/98765432109876543211/2",
    );
  });

  it("is the same in any case of the names", () => {
    expect(opening('{"eventtype":"1","ALERTGROUPID":4411,"monitorId":88017,"deviceid":"903"}').key).toBe(
      opening(alert).key,
    );
  });
});

describe("urgency", () => {
  it.each([
    ["Warning", "medium", "high"],
    ["critical", "high", "critical"],
    [" OUTAGE", "critical", "critical"],
    ["Odd", null, null],
    [3, null, null],
    [undefined, null, null],
  ])("of severity %j is %j, and %j when escalated", (SeverityName, urgency, escalated) => {
    expect(opening({ ...alert, SeverityName }).fields.urgency).toBe(urgency);
    expect(opening({ ...alert, SeverityName, EventType: 3 }).fields.urgency).toBe(urgency);
    expect(opening({ ...alert, SeverityName, EventType: 4 }).fields.urgency).toBe(escalated);
  });

  it("of an error is not known", () => {
    expect(opening(error).fields.urgency).toBeNull();
  });
});

describe("the text", () => {
  it("names the alert and its device", () => {
    const { fields } = opening(alert);
    expect(fields.title).toBe("Checkout page: web-3");
    expect(fields.description).toContain("Result: 503 - Service Unavailable");
    expect(fields.tags).toEqual(["Storefront", "Production"]);
  });

  it("names the error and its message, and has the stack trace", () => {
    const { fields } = opening(error);
    expect(fields.title).toBe("System.DivideByZeroException: Attempted to divide by zero.");
    expect(fields.description).toContain("at Checkout.Pay()");
  });

  it.each([
    [{ Name: " ", DeviceName: "web-3" }, "web-3"],
    [{ Name: "Disk", DeviceName: null }, "Disk"],
    [{ GroupName: "Availability", AppName: "Storefront" }, "Availability: Storefront"],
    [{}, "Retrace alert"],
  ])("of an alert with %j is %j", (fields, title) => {
    expect(opening({ EventType: 1, AlertGroupId: 1, ...fields }).fields.title).toBe(title);
  });

  it.each([
    [{ ErrorType: "E" }, "E"],
    [{ Message: "m" }, "m"],
    [{ ErrorType: "E", Message: "", Method: "f()" }, "E: f()"],
    [{}, "Retrace error"],
  ])("of an error with %j is %j", (fields, title) => {
    expect(opening({ EventType: 5, ErrorGroupId: 1, ...fields }).fields.title).toBe(title);
  });

  it("leaves times as they are", () => {
    const { payload, payload_is_body, provider_event_id } = read(alert);
    expect({ payload, payload_is_body, provider_event_id }).toEqual({
      payload: alert,
      payload_is_body: true,
      provider_event_id: null,
    });
    expect(opening(alert).fields.additional_data).toContainEqual({
      format: "datetime",
      label: "Started",
      value: "2026-02-03T04:05:06.1234567+00:00",
    });
  });

  it("is cut with a note where it is too large", () => {
    const { fields, note } = opening({ ...error, StackTrace: "x".repeat(900_000) });
    expect(note).toContain("description");
    expect(fields.description.length).toBeLessThan(800_000);
  });
});
